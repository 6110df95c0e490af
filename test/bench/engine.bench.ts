/** Inside one process: opening a file, keystrokes, and whole models in a running engine with empty caches. */
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { Engine } from '../../server/src/analysis/engine.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import type { TextEdit } from '../../server/src/syntax/parser.js';
import { type Row, repeat, report, row, type Section } from './samples.js';
import {
  type EditedFile,
  editedFiles,
  keystrokes,
  modelFile,
  models,
  packageFile,
  readText,
  sitePackages,
  type Typing,
  warmUpStrokes,
} from './subjects.js';

async function freshEngine(): Promise<Engine> {
  const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
  engine.configure({ pythonPath: [], sitePackages });
  return engine;
}

async function opening(file: EditedFile): Promise<Row> {
  return row(`${file.name}: open → diagnostics`, async () => {
    const path = packageFile(file.path);
    const text = readText(path);
    let entries = 0;
    const samples = await repeat({ times: 10, budgetMs: 20_000 }, async () => {
      const engine = await freshEngine();
      const start = performance.now();
      engine.open(path, text, 1);
      entries = engine.analyse(path, defaultTarget).estimates.length;
      const taken = performance.now() - start;
      engine.dispose();
      return taken;
    });
    return { samples, note: `${text.split('\n').length} lines, ${entries} models` };
  });
}

function applied(text: string, { start, oldEnd, newText }: TextEdit): string {
  return text.slice(0, start) + newText + text.slice(oldEnd);
}

async function wholeFlops(path: string, text: string): Promise<string> {
  const engine = await freshEngine();
  engine.open(path, text, 1);
  const flops = engine.withSavings(path, defaultTarget).estimates.map((e) => e.flops);
  engine.dispose();
  return JSON.stringify(flops);
}

async function typing(file: EditedFile, what: Typing): Promise<Row> {
  return row(`${file.name}: ${what.name}`, async () => {
    const path = packageFile(file.path);
    const text = readText(path);
    const edits = keystrokes(text, what);
    const engine = await freshEngine();
    engine.open(path, text, 1);
    const before = JSON.stringify(engine.analyse(path, defaultTarget).estimates.map((e) => e.flops));
    let parse = 0;
    let changed = false;
    const strokes = async (i: number): Promise<number> => {
      const start = performance.now();
      engine.change(path, [edits[i % edits.length]], i + 2);
      if (i >= warmUpStrokes) parse += performance.now() - start;
      const seen = engine.analyse(path, defaultTarget);
      const taken = performance.now() - start;
      if (seen.version !== i + 2) throw new Error(`the report is of version ${seen.version}, not ${i + 2}`);
      changed ||= seen.problems.length > 0 || JSON.stringify(seen.estimates.map((e) => e.flops)) !== before;
      return taken;
    };
    const times = Math.ceil(100 / edits.length) * edits.length;
    const samples = await repeat({ times, warmUp: warmUpStrokes, budgetMs: 25_000 }, strokes);
    // the first stage may leave the model that shows it to the second: both texts, looked at whole
    if (!changed) {
      const typed = edits.slice(0, what.typed.length).reduce(applied, text);
      const [was, is] = await Promise.all([text, typed].map((one) => wholeFlops(path, one)));
      changed = was !== is;
    }
    engine.dispose();
    if (!changed) throw new Error('nothing that was typed changed a figure: the benchmark measures nothing');
    return {
      samples,
      wanted: file.wanted,
      note: `typing and deleting \`${what.typed}\`; of it parsing ${(parse / samples.length).toFixed(1)} ms on average`,
    };
  });
}

async function whole(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const model of models) {
    rows.push(
      await row(`${model.name}: running engine, empty caches`, async () => {
        const path = modelFile(model);
        const text = readText(path);
        let flops: number | null = null;
        const samples = await repeat({ times: 20, budgetMs: 15_000 }, async () => {
          const engine = await freshEngine();
          const start = performance.now();
          engine.open(path, text, 1);
          const answer = engine.estimate({
            file: path,
            entry: model.entry,
            inputs: [model.input],
            target: defaultTarget,
          });
          const taken = performance.now() - start;
          const made = answer.estimates[0];
          if (made?.flops.forward == null)
            throw new Error(`no number: ${made?.missing ?? made?.coverage.unknown[0]?.why ?? 'not estimated'}`);
          flops = made.flops.forward;
          engine.dispose();
          return taken;
        });
        return { samples, wanted: { median: 150 }, note: `${Number(flops).toLocaleString('en')} FLOPs` };
      }),
    );
  }
  rows.push(
    await row('resnet50: its file’s caches dropped', async () => {
      const path = modelFile(models[0]);
      const text = readText(path);
      const engine = await freshEngine();
      const samples = await repeat({ times: 50, budgetMs: 15_000 }, (i) => {
        engine.close(path);
        engine.invalidate(path);
        const start = performance.now();
        engine.open(path, text, i);
        engine.estimate({ file: path, entry: models[0].entry, inputs: [models[0].input], target: defaultTarget });
        return performance.now() - start;
      });
      engine.dispose();
      return { samples, note: 'other files stay parsed' };
    }),
  );
  return rows;
}

const open: Row[] = [];
const strokes: Row[] = [];
// Models first, in a process that has estimated something before: the first run compiles our own code.
await (async () => {
  const engine = await freshEngine();
  try {
    const path = modelFile(models[0]);
    engine.open(path, readText(path), 1);
    for (let i = 0; i < 3; i++)
      engine.estimate({ file: path, entry: models[0].entry, inputs: [], target: defaultTarget });
  } catch {
    // Without torchvision each row says so itself.
  }
  engine.dispose();
})();
const wholeRows = await whole();
for (const file of editedFiles) {
  open.push(await opening(file));
  for (const what of file.typings) strokes.push(await typing(file, what));
}
const sections: Section[] = [
  {
    title: 'Keystroke → fresh trace and findings (in process)',
    text: `The change is applied, the file re-parsed, re-traced and checked by every rule. Each keystroke counts, those that leave broken code as well; ${warmUpStrokes} before them do not, as in PyTorch’s warm row.`,
    rows: strokes,
  },
  { title: 'Open a file (in process)', text: 'A new engine each time; the process itself is warm.', rows: open },
  {
    title: 'A whole model in a running engine',
    text: 'A new engine each time, so every file is read and parsed again; our own library stays parsed, the process is warm.',
    rows: wholeRows,
  },
];
report(sections);
