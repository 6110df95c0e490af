/**
 * `programs/*.py`: small checks of what PyTorch code may rely on. Each file passes under PyTorch
 * (`python FILE`) and is run here by the interpreter, assertion by assertion, without a gap.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSession } from './modules/engine.js';

const folder = join(import.meta.dirname, 'programs');
for (const file of readdirSync(folder).filter((f) => f.endsWith('.py'))) {
  const text = readFileSync(join(folder, file), 'utf8');
  describe(file, async () => {
    const session = await openSession(text);
    for (const [, name] of text.matchAll(/^def (check_\w+)\(/gm)) {
      it(name!, () => {
        const ran = session.run(`${name}()`);
        expect(ran.error).toBeNull();
        expect(ran.gaps).toEqual([]);
      });
    }
  });
}
