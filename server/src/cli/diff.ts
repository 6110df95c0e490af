/** A unified diff of two texts that share most lines, as `patch` and `git apply` read it. */

interface Change {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

const context = 3;

export function unifiedDiff(path: string, before: string, after: string): string {
  const changes = lineChanges(before.split('\n'), after.split('\n'));
  const out = [`--- a/${path}`, `+++ b/${path}`];
  let at = 0;
  while (at < changes.length) {
    const first = changes.findIndex((change, index) => index >= at && change.kind !== ' ');
    if (first < 0) break;
    let last = first;
    for (let index = first; index < changes.length && index - last <= 2 * context; index++)
      if (changes[index]?.kind !== ' ') last = index;
    const from = Math.max(at, first - context);
    const to = Math.min(changes.length, last + 1 + context);
    const hunk = changes.slice(from, to);
    const count = (kind: '-' | '+', part: readonly Change[]): number =>
      part.filter((change) => change.kind !== (kind === '-' ? '+' : '-')).length;
    const oldStart = count('-', changes.slice(0, from)) + 1;
    const newStart = count('+', changes.slice(0, from)) + 1;
    out.push(
      `@@ -${oldStart},${count('-', hunk)} +${newStart},${count('+', hunk)} @@`,
      ...hunk.map((change) => change.kind + change.text),
    );
    at = to;
  }
  return out.length === 2 ? '' : `${out.join('\n')}\n`;
}

/** Myers' greedy algorithm (An O(ND) Difference Algorithm and Its Variations, 1986), on the part that differs. */
function lineChanges(before: readonly string[], after: readonly string[]): Change[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  const same = (lines: readonly string[]): Change[] => lines.map((text) => ({ kind: ' ', text }));
  return [...same(before.slice(0, head)), ...middle(a, b), ...same(before.slice(before.length - tail))];
}

function middle(a: readonly string[], b: readonly string[]): Change[] {
  const most = a.length + b.length;
  const trace: Map<number, number>[] = [];
  let v = new Map<number, number>([[1, 0]]);
  search: for (let d = 0; d <= most; d++) {
    trace.push(new Map(v));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1));
      let x = down ? (v.get(k + 1) ?? 0) : (v.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      v.set(k, x);
      if (x >= a.length && x - k >= b.length) break search;
    }
    v = new Map(v);
  }
  const changes: Change[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d >= 0 && (x > 0 || y > 0); d--) {
    const old = trace[d] as Map<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (old.get(k - 1) ?? -1) < (old.get(k + 1) ?? -1));
    const previous = down ? k + 1 : k - 1;
    const fromX = old.get(previous) ?? 0;
    const fromY = fromX - previous;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      changes.push({ kind: ' ', text: a[--x] as string });
      y--;
    }
    if (d === 0) break;
    if (down) changes.push({ kind: '+', text: b[--y] as string });
    else changes.push({ kind: '-', text: a[--x] as string });
  }
  return changes.reverse();
}
