/** Median and 95th percentile of a repeated action, in milliseconds. */
export function measure(name: string, times: number, action: (i: number) => void): void {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    action(i);
    taken.push(performance.now() - start);
  }
  taken.sort((a, b) => a - b);
  const at = (q: number) => taken[Math.floor(q * (taken.length - 1))].toFixed(2);
  console.log(`${name.padEnd(40)} median ${at(0.5)} ms, p95 ${at(0.95)} ms (${times} runs)`);
}
