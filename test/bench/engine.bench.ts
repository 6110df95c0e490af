/** Inside one process: opening a file, and whole models in a running engine with empty caches. */
import { defaultTarget } from '../../server/src/analysis/createEngine.js';
import { freshEngine } from './freshEngine.js';
import { type Row, repeat, report, row, type Section } from './samples.js';
import { type EditedFile, editedFiles, modelFile, models, packageFile, readText } from './subjects.js';

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
for (const file of editedFiles) open.push(await opening(file));
const sections: Section[] = [
  { title: 'Open a file (in process)', text: 'A new engine each time; the process itself is warm.', rows: open },
  {
    title: 'A whole model in a running engine',
    text: 'A new engine each time, so every file is read and parsed again; our own library stays parsed, the process is warm.',
    rows: wholeRows,
  },
];
report(sections);
