/** Code that is slow on purpose: tests, references, teaching. Rules stay silent there. */

/** True for `test_x.py`, `bench.py`, `tests/…`, `reference_attention`, `naive_softmax`, `slow_path` … */
export function isReferenceCode(name: string): boolean {
  let answer = known.get(name);
  if (answer === undefined) {
    answer = workOut(name);
    // names of functions and files come back with every keystroke
    if (known.size > 5000) known.clear();
    known.set(name, answer);
  }
  return answer;
}

const known = new Map<string, boolean>();

function workOut(name: string): boolean {
  if (/[\\/]/.test(name) || name.endsWith('.py')) {
    const parts = name.split(/[\\/]/);
    const base = parts.at(-1) ?? '';
    return (
      /^(test_.*|.*_test|conftest|bench(mark)?s?(_.*)?|.*_bench(mark)?s?)\.py$/.test(base) ||
      parts.slice(-3, -1).some((part) => /^(tests?|benchmarks?)$/.test(part))
    );
  }
  return (
    /^_*(reference|naive|ref|slow|test|benchmark)(_|$)/i.test(name) ||
    /_(reference|naive|ref|slow|vanilla)$/i.test(name)
  );
}
