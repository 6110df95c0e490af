/** Whole processes: our command line, ruff, and PyTorch counting the same FLOPs on the meta device. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Row, repeat, report, row } from './samples.js';
import {
  benchFolder,
  findRuff,
  type Model,
  modelFile,
  models,
  packageFile,
  python,
  shortPython,
  sitePackages,
} from './subjects.js';

const cli = join(process.env.BENCH_DIST as string, 'cli.js');

function timed(program: string, args: readonly string[], allowed: readonly number[]): { taken: number; out: string } {
  const start = performance.now();
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const taken = performance.now() - start;
  if (done.error !== undefined) throw new Error(`${program} does not start: ${done.error.message}`);
  if (done.status === null || !allowed.includes(done.status)) {
    throw new Error((done.stderr || done.stdout).trim().split('\n').pop() || `exit ${done.status}`);
  }
  return { taken, out: done.stdout };
}

const processRow = (
  what: string,
  program: string,
  args: () => string[],
  allowed: number[],
  note?: string,
  times = 10,
) =>
  row(what, async () => {
    const list = args();
    return { samples: await repeat({ times, budgetMs: 15_000 }, () => timed(program, list, allowed).taken), note };
  });

const paths = sitePackages.flatMap((folder) => ['--python-path', folder]);
const estimate = (model: Model) => [
  cli,
  'estimate',
  modelFile(model),
  '--entry',
  model.entry,
  '--input',
  model.input,
  '--format',
  'json',
  ...paths,
];

interface Counted {
  flops: number;
  milliseconds: number[];
}
function pytorch(model: Model, repeats: number): { taken: number; counted: Counted } {
  const place = model.module.endsWith('.py') ? join(benchFolder, model.module) : model.module;
  const { taken, out } = timed(
    python,
    [join(benchFolder, 'pytorch_flops.py'), place, model.entry, model.input, String(repeats)],
    [0],
  );
  return { taken, counted: JSON.parse(out.trim().split('\n').pop() as string) };
}

const starts: Row[] = [
  await processRow('node, an empty program', process.execPath, () => ['-e', '0'], [0]),
  await processRow('ecocompute --version', process.execPath, () => [cli, '--version'], [0]),
];
const costs: Row[] = [];
for (const model of models)
  costs.push(await processRow(`ecocompute estimate: ${model.name}`, process.execPath, () => estimate(model), [0]));
for (const model of models) {
  costs.push(
    await row(`PyTorch, cold process: ${model.name}`, async () => {
      let flops = 0;
      const samples = await repeat({ times: 3, budgetMs: 5_000 }, () => {
        const { taken, counted } = pytorch(model, 1);
        flops = counted.flops;
        return taken;
      });
      return { samples, note: `${flops.toLocaleString('en')} FLOPs by FlopCounterMode` };
    }),
  );
  costs.push(
    await row(`PyTorch, warm process: ${model.name}`, async () => {
      const { counted } = pytorch(model, 8);
      return {
        samples: counted.milliseconds.slice(2),
        note: 'model built and counted again, two rounds before not counted',
      };
    }),
  );
}
const lint: Row[] = [];
for (const path of ['torchvision/models/resnet.py', 'timm/models/vision_transformer.py']) {
  const name = path.split('/').pop();
  lint.push(
    await row(`ruff check ${name}`, async () => {
      const ruff = findRuff();
      const file = packageFile(path);
      const samples = await repeat(
        { times: 20, budgetMs: 10_000 },
        () => timed(ruff, ['check', '--isolated', '--no-cache', '--select', 'ALL', file], [0, 1]).taken,
      );
      return { samples, note: 'all rules, no cache' };
    }),
  );
  lint.push(
    await processRow(
      `ecocompute audit ${name}`,
      process.execPath,
      () => [cli, 'audit', packageFile(path), '--format', 'json', ...paths],
      [0, 1],
      'every model of the file, with savings',
      3,
    ),
  );
}
report([
  { title: 'Start-up of the command line', text: 'Whole process, production bundle.', rows: starts },
  {
    title: 'One estimate as a process, against PyTorch',
    text: `PyTorch of ${shortPython()}: builds the model on the meta device and counts one forward pass with FlopCounterMode. The cold row is a whole process with its imports; the warm row is the same again inside a running one.`,
    rows: costs,
  },
  {
    title: 'One file as a process, against ruff',
    text: 'ruff reads syntax; ecocompute runs every model of the file. The two answer different questions: the row shows what a person waits for.',
    rows: lint,
  },
]);
