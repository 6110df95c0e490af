/** The recorded calls of operators give what PyTorch gave. Recorded by `npm run truth:operators -- --record FILE`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Answer, type Case, compare } from './oracle/replay.js';

const folder = join(import.meta.dirname, 'corpus');

describe('operators against recorded answers of PyTorch', () => {
  for (const file of readdirSync(folder).filter((f) => f.endsWith('.jsonl.gz'))) {
    it(file, () => {
      const [head, ...lines] = gunzipSync(readFileSync(join(folder, file)))
        .toString('utf8')
        .split('\n');
      const { version } = JSON.parse(head!) as { version: [number, number] };
      const wrong: string[] = [];
      for (const line of lines) {
        const item = JSON.parse(line) as Case & { r: Answer };
        const { mismatch } = compare(item, item.r, version);
        if (mismatch !== null) wrong.push(`${item.op}: ${mismatch}  ${line.slice(0, 300)}`);
      }
      expect(lines.length).toBeGreaterThan(1000);
      expect(wrong).toEqual([]);
    });
  }
});
