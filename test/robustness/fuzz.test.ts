/** A small, always equal slice of `npm run fuzz`: damaged files give reports, never a throw, nonsense or a hang. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { Engine } from '../../server/src/analysis/engine.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { ownFiles } from './corpus.js';
import { apply, type Edit, mutate } from './mutate.js';
import { probe } from './probe.js';

const root = join(import.meta.dirname, '../..');
const corpus = ownFiles(root);
const make = () => createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} }, { fuel: 200_000 });

describe('damaged files', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await make();
  });
  afterAll(() => engine.dispose());

  it('has files to damage', () => {
    expect(corpus.length).toBeGreaterThan(20);
  });

  it('mutations are the same for the same seed, and change the text', () => {
    const { text } = corpus[0];
    expect(mutate(text, 7)).toEqual(mutate(text, 7));
    const changed = Array.from({ length: 50 }, (_, seed) => mutate(text, seed).reduce(apply, text)).filter(
      (t) => t !== text,
    );
    expect(changed.length).toBeGreaterThan(40);
  });

  it('complaints are noticed (the probe itself is tested)', () => {
    const broken = {
      open: () => {},
      change: () => {},
      close: () => {},
      withSavings: () => {
        throw new Error('on purpose');
      },
      hover: () => null,
      fixAll: () => ({ text: '', applied: 0 }),
      setInputs: () => [],
    } as unknown as Engine;
    expect(probe(broken, 'x.py', 'x = 1\n', [], 1)[0]).toMatch(/withSavings threw Error: on purpose/);
  });

  for (let block = 0; block < 8; block++) {
    it(`cases ${block * 25 + 1} to ${block * 25 + 25}`, () => {
      for (let seed = block * 25 + 1; seed <= block * 25 + 25; seed++) {
        const { name, text } = corpus[seed % corpus.length];
        expect(probe(engine, join(root, name), text, mutate(text, seed), seed), `seed ${seed}, ${name}`).toEqual([]);
      }
    });
  }
});

/** What a report says of the text alone: everything but what only a later stage fills in. */
function essence(engine: Engine, file: string): unknown {
  // both stages: the first of a fresh start has more to do and may leave more to the second
  engine.analyse(file, defaultTarget);
  const { estimates, findings, problems } = engine.withSavings(file, defaultTarget);
  return { estimates, findings: findings.map(({ saving, ...rest }) => rest), problems };
}

describe('incremental = from scratch', () => {
  for (const name of [
    'examples/llama_gqa.py',
    'test/fixtures/rules/ECO100.py',
    'test/fixtures/rules/ECO150_script.py',
  ]) {
    it(`after each of a sequence of random edits of ${name}`, async () => {
      const { text } = corpus.find((file) => file.name === name)!;
      const file = join(root, name);
      const typed = await make();
      const fresh = await make();
      typed.open(file, text, 1);
      typed.analyse(file, defaultTarget);
      let current = text;
      for (let seed = 1; seed <= 12; seed++) {
        // Damage it, look, and take the damage back: later edits meet a file that runs again.
        const edits = mutate(current, seed * 977);
        const damaged = edits.reduce(apply, current);
        const back: Edit = { start: 0, oldEnd: damaged.length, newText: current };
        for (const step of [edits, [back]]) {
          for (const edit of step) typed.change(file, [edit], seed);
          current = step.reduce(apply, current);
          fresh.open(file, current, seed);
          expect(essence(typed, file), `seed ${seed * 977}`).toEqual(essence(fresh, file));
          fresh.close(file);
        }
      }
      typed.dispose();
      fresh.dispose();
    });
  }
});
