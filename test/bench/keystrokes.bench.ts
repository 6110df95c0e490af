/** Keystrokes where the product meets them: in a worker of its own with the memory that the language server's has. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { defaultTarget } from '../../server/src/analysis/createEngine.js';
import { workerLimits } from '../../server/src/lsp/workerLimits.js';
import type { TextEdit } from '../../server/src/syntax/parser.js';
import { freshEngine } from './freshEngine.js';
import { heapInUse, quantile, quick, type Row, repeat, report, row } from './samples.js';
import {
  type EditedFile,
  editedFiles,
  keystrokes,
  packageFile,
  readText,
  type Typing,
  warmUpStrokes,
} from './subjects.js';

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

/** Keystrokes after which V8 has compiled what they run: half a minute of typing. */
const warmedUp = 4 * warmUpStrokes;

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
    const first: number[] = [];
    let early = '';
    const strokes = async (i: number): Promise<number> => {
      // long before those that count
      if (i === warmUpStrokes) early = heapInUse();
      const start = performance.now();
      engine.change(path, [edits[i % edits.length]], i + 2);
      if (i >= warmedUp) parse += performance.now() - start;
      const seen = engine.analyse(path, defaultTarget);
      const taken = performance.now() - start;
      if (i < warmUpStrokes) first.push(taken);
      if (seen.version !== i + 2) throw new Error(`the report is of version ${seen.version}, not ${i + 2}`);
      changed ||= seen.problems.length > 0 || JSON.stringify(seen.estimates.map((e) => e.flops)) !== before;
      return taken;
    };
    const times = Math.ceil(100 / edits.length) * edits.length;
    const samples = await repeat({ times, warmUp: warmedUp, budgetMs: 25_000 }, strokes);
    const late = heapInUse();
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
      note: `typing and deleting \`${what.typed}\`; of it parsing ${(parse / samples.length).toFixed(1)} ms on average; the first ${warmUpStrokes} after opening: median ${quantile(first, 0.5).toFixed(1)} ms; heap after collection ${early} after ${warmUpStrokes} keystrokes, ${late} after ${warmedUp + samples.length}`,
    };
  });
}

/** One typing in a worker that has done nothing before. */
function apart(file: number, what: number): Promise<Row> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { file, what }, resourceLimits: workerLimits });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Rounds over all of them: the machine has spells in which everything takes a third longer. */
const rounds = quick ? 1 : 3;

/** The same row measured again: what it says besides is of the last time. */
function together(measured: readonly Row[]): Row {
  const last = measured[measured.length - 1];
  return last.skipped === undefined ? { ...last, samples: measured.flatMap((one) => one.samples) } : last;
}

async function ofFile(index: number, { name, typings, wanted }: EditedFile): Promise<Row[]> {
  const measured: Row[][] = typings.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [what, own] of measured.entries()) own.push(await apart(index, what));
  const own = measured.map(together);
  const samples = own.flatMap((one) => one.samples);
  return [...own, await row(`${name}: all of these`, async () => ({ samples, wanted }))];
}

if (isMainThread) {
  const rows: Row[] = [];
  for (const [index, file] of editedFiles.entries()) rows.push(...(await ofFile(index, file)));
  report([
    {
      title: 'Keystroke → fresh trace and findings (in the engine’s worker)',
      text: `The change is applied, the file re-parsed, re-traced and checked by every rule. Each keystroke counts, those that leave broken code as well; ${warmedUp} before them do not, for V8 compiles what runs often: the first ${warmUpStrokes} of them are in the note. Each in a worker of its own with the memory that the product’s has, ${rounds} times over the whole list. What is wanted is wanted of a file’s edits together; each kind is held against it as well.`,
      rows,
    },
  ]);
} else {
  const { file, what } = workerData as { readonly file: number; readonly what: number };
  const edited = editedFiles[file];
  parentPort!.postMessage(await typing(edited, edited.typings[what]));
}
