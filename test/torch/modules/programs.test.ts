/** programs.py prints in our machine what it printed in real PyTorch (record_programs.py). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSession } from './engine.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const text = readFileSync(at('./programs.py'), 'utf8');
const recorded = JSON.parse(readFileSync(at('../../data/torch/programs.json'), 'utf8')) as Record<string, string>;

/** A size prints as the tuple it is. */
const asTuples = (s: string) =>
  s.replace(/torch\.Size\(\[([^\]]*)\]\)/g, (_, items: string) =>
    /^[^,]+$/.test(items) ? `(${items},)` : `(${items})`,
  );

describe('programs over the torch library', () => {
  it.each(Object.keys(recorded))('%s', async (name) => {
    const session = await openSession(text);
    const ran = session.run(`${name}()`);
    expect(ran.error).toBeNull();
    expect(ran.gaps).toEqual([]);
    expect(asTuples(session.str(ran.value))).toBe(asTuples(recorded[name]!));
  });
});
