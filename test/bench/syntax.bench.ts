/** Parse time of a 5,000-line file and of one keystroke in it, on both back ends. */
import { join } from 'node:path';
import { createParser } from '../../server/src/syntax/createParser.js';
import { type Row, repeat, report, row } from './samples.js';
import { benchFolder, readText } from './subjects.js';

const piece = readText(join(benchFolder, '../fixtures/syntax/definitions.py'));
const text = piece.repeat(Math.ceil(5_000 / piece.split('\n').length));
const middle = text.indexOf('return self.x', text.length / 2);
const rows: Row[] = [];
for (const backend of ['native', 'wasm'] as const) {
  rows.push(
    await row(`${backend}: parse and lower 5,000 lines`, async () => {
      const parser = await createParser({ backend });
      const samples = await repeat({ times: 20, budgetMs: 5_000 }, () => void parser.parse(text));
      parser.dispose();
      return { samples };
    }),
    await row(`${backend}: keystroke in 5,000 lines`, async () => {
      const parser = await createParser({ backend });
      const file = parser.open(text);
      const samples = await repeat({ times: 200, budgetMs: 5_000 }, (i) => {
        const typed = i % 2;
        file.edit([{ start: middle, oldEnd: middle + typed, newText: typed ? '' : ' ' }]);
        return undefined;
      });
      parser.dispose();
      return { samples };
    }),
  );
}
report([{ title: 'Parsing alone', text: 'tree-sitter plus lowering to our syntax tree.', rows }]);
