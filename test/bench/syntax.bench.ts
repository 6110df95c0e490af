/** Parse time of a 5,000-line file and of one keystroke in it, on both back ends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createParser } from '../../server/src/syntax/createParser.js';
import { measure } from './measure.js';

declare const BENCH_FOLDER: string;

const piece = readFileSync(join(BENCH_FOLDER, '../fixtures/syntax/definitions.py'), 'utf8');
const text = piece.repeat(Math.ceil(5_000 / piece.split('\n').length));
const middle = text.indexOf('return self.x', text.length / 2);
for (const backend of ['wasm', 'native'] as const) {
  try {
    const parser = await createParser({ backend });
    measure(`${backend}: parse and lower 5,000 lines`, 20, () => parser.parse(text));
    const file = parser.open(text);
    measure(`${backend}: keystroke in 5,000 lines`, 200, (i) => {
      const typed = i % 2;
      file.edit([{ start: middle, oldEnd: middle + typed, newText: typed ? '' : ' ' }]);
    });
    parser.dispose();
  } catch (error) {
    console.log(`${backend}: skipped: ${(error as Error).message}`);
  }
}
