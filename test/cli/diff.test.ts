/** The diff is one that `patch` applies: applied by hand here, over random edits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../server/src/cli/diff.js';

/** Applies a unified diff to lines. */
function apply(before: string, diff: string): string {
  const lines = before.split('\n');
  const out: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(2, -1)) {
    const head = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(line);
    if (head !== null) {
      const start = Number(head[1]) - 1;
      while (at < start) out.push(lines[at++] as string);
      expect(out.length).toBe(Number(head[3]) - 1);
    } else if (line.startsWith('+')) out.push(line.slice(1));
    else {
      expect(lines[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) out.push(line.slice(1));
      at++;
    }
  }
  return [...out, ...lines.slice(at)].join('\n');
}

describe('unified diff', () => {
  it('is empty for equal texts', () => {
    expect(unifiedDiff('a.py', 'x\ny\n', 'x\ny\n')).toBe('');
  });

  it('shows three lines around a change', () => {
    const before = Array.from({ length: 12 }, (_, line) => `l${line}`).join('\n');
    expect(unifiedDiff('a.py', before, before.replace('l6', 'L6'))).toBe(
      '--- a/a.py\n+++ b/a.py\n@@ -4,7 +4,7 @@\n l3\n l4\n l5\n-l6\n+L6\n l7\n l8\n l9\n',
    );
  });

  it('turns one text into the other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 30 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = unifiedDiff('x.py', before, after);
        expect(diff === '' ? before : apply(before, diff)).toBe(after);
      }),
      { seed: 7, numRuns: 400 },
    );
  });
});
