/** The language server over stdio, as an editor drives it: first diagnostics, and keystroke → diagnostics. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serverFlags } from '../../shared/serverProcess.js';
import { pullClient, Session } from '../lsp/harness.js';
import { type Row, repeat, report, row } from './samples.js';
import { editedFiles, keystrokes, packageFile, projectRoot, python, readText, warmUpStrokes } from './subjects.js';

const server = join(process.env.BENCH_DIST as string, 'server.js');
const settings = { ...(process.env.ECOCOMPUTE_PYTHON === undefined ? {} : { pythonPath: python }), savings: false };
const start = () =>
  Session.start({ command: [process.execPath, ...serverFlags, server, '--stdio'], capabilities: pullClient, settings });

async function first(name: string, path: () => string, times: number): Promise<Row> {
  return row(`server start → first diagnostics of ${name}`, async () => {
    const file = path();
    const text = readText(file);
    let found = 0;
    const samples = await repeat({ times, budgetMs: 20_000 }, async () => {
      const begin = performance.now();
      const session = await start();
      const uri = pathToFileURL(file).href;
      await session.open(uri, text);
      found = (await session.diagnostics(uri)).length;
      const taken = performance.now() - begin;
      await session.stop();
      return taken;
    });
    return { samples, note: `${found} diagnostics` };
  });
}

const starts = [
  await first('examples/llama_gqa.py', () => join(projectRoot, 'examples/llama_gqa.py'), 5),
  await first('torchvision resnet.py', () => packageFile('torchvision/models/resnet.py'), 3),
];
const typed: Row[] = [];
for (const file of editedFiles) {
  for (const what of file.typings) {
    typed.push(
      await row(`${file.name}: ${what.name}`, async () => {
        const path = packageFile(file.path);
        const text = readText(path);
        const edits = keystrokes(text, what);
        const lineOf = (offset: number) => {
          const before = text.slice(0, offset).split('\n');
          return { line: before.length - 1, character: before[before.length - 1].length };
        };
        const anchor = lineOf(edits[0].start);
        const session = await start();
        const uri = pathToFileURL(path).href;
        await session.open(uri, text);
        await session.diagnostics(uri);
        const samples = await repeat({ times: 60, warmUp: warmUpStrokes, budgetMs: 20_000 }, async (i) => {
          const edit = edits[i % edits.length];
          const at = (offset: number) => ({ line: anchor.line, character: anchor.character + offset - edits[0].start });
          const begin = performance.now();
          await session.change(uri, i + 2, {
            range: { start: at(edit.start), end: at(edit.oldEnd) },
            text: edit.newText,
          });
          await session.pull(uri);
          return performance.now() - begin;
        });
        await session.stop();
        return { samples, note: `typing and deleting \`${what.typed}\`` };
      }),
    );
  }
}
report([
  {
    title: 'The language server: start',
    text: 'From starting the process to the answer of the first diagnostic request.',
    rows: starts,
  },
  {
    title: 'The language server: keystroke → diagnostics',
    text: `A change over stdio, then a diagnostic request; savings (the second stage) are off; ${warmUpStrokes} keystrokes before do not count.`,
    rows: typed,
  },
]);
