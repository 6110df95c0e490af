/** Runs a script or function that trains until one step of its loop is whole, and gives that step as a trace. */
import { compileTopStatement } from '../python/compileFunction.js';
import { Aborted, PyRaise } from '../python/errors.js';
import { Frame } from '../python/frame.js';
import type { PyModule } from '../python/objects.js';
import type { TensorValue } from '../torch/tensor.js';
import { buildInput, evaluate } from './evaluate.js';
import { type FoundStep, StepFinder } from './loops.js';
import { collectTensors, modulesOf } from './modelParts.js';
import { collectNotes } from './notes.js';
import type { Program } from './program.js';
import { run } from './run.js';
import { fail, missingOf } from './runErrors.js';
import { emptyTrace, type RunRequest } from './runRequest.js';
import type { Gap, Trace, TraceNode, TraceScope } from './trace.js';
import { type TrainingRoot, trainingRoots } from './trainingEntries.js';

/** Machine steps to reach the end of one training step: data sets and evaluations are run as written. */
const stepFuel = 1_000_000;

/** The training roots of the program's file. */
export function rootsOf(p: Program): TrainingRoot[] {
  const { main } = p;
  if (main === null || main.tree === null) return [];
  return trainingRoots(main.tree, (name, module = main) => globalOf(p, module, name));
}

function globalOf(p: Program, module: PyModule, name: string) {
  try {
    return p.machine.imports.global(module, name, Number.POSITIVE_INFINITY);
  } catch (e) {
    if (e instanceof PyRaise || (e instanceof Aborted && e.reason !== 'cancelled')) return undefined;
    throw e;
  }
}

/** A model called once, or one step of a training loop: what the entry names decides. */
export function runEntry(p: Program, request: RunRequest, last?: number): Trace {
  const wanted = request.entry.replace(/\(\)$/, '');
  const root = rootsOf(p).find((r) => r.entry.replace(/\(\)$/, '') === wanted || r.call === request.entry);
  return root === undefined ? run(p, request, last) : runTraining(p, root, request);
}

export function runTraining(p: Program, root: TrainingRoot, request: RunRequest): Trace {
  const { machine, recorder, state } = p;
  const unknown = { loop: null, turns: 1, stepsPerEpoch: null, epochs: null };
  const before = { ...emptyTrace({ entry: root.entry, phase: 'training' }), step: unknown };
  if (root.missing !== null && request.inputs.length === 0) return { ...before, error: null, missing: root.missing };
  const finder = new StepFinder(
    machine,
    () => recorder.top,
    () => state.gradEnabled,
  );
  let error: Trace['error'] = null;
  p.refuel();
  machine.fuel = Math.min(machine.fuel, stepFuel);
  state.gradEnabled = true;
  state.inferenceMode = false;
  state.autocast = new Map();
  state.defaultDevice = 'cpu';
  recorder.gaps = [];
  recorder.begin(null);
  recorder.steps = finder;
  machine.loops = finder;
  try {
    if (root.kind === 'script') runScript(p, root);
    else if (request.inputs.length > 0) {
      const callee = evaluate(p, root.call!.replace(/\(\)$/, ''));
      machine.call(
        callee,
        request.inputs.map((spec) => buildInput(p, spec, 'float32')),
      );
    } else evaluate(p, root.call!);
  } catch (e) {
    if (e instanceof Aborted && e.reason === 'cancelled') throw e;
    error = fail(p, e);
  } finally {
    recorder.steps = null;
    machine.loops = null;
  }
  const roots = [...recorder.roots];
  const { containers } = recorder;
  const found = finder.finish();
  const nodes = recorder.end();
  // a run that failed after a whole step still has that step
  const step = longest(found) ?? (finder.backwards > 0 ? whole(nodes) : null);
  if (step === null && error !== null && / missing \d+ required /.test(error.message))
    return { ...before, error, missing: missingOf(error) };
  if (step === null)
    return {
      ...before,
      error,
      missing: error === null ? 'no gradient is computed when it runs with what is known' : null,
    };
  const modules = new Set([...roots].flatMap((m) => [...modulesOf(m)]));
  const params = collectTensors(modules, '_parameters');
  const buffers = collectTensors(modules, '_buffers');
  const bytes = (ts: Iterable<TensorValue>): number => [...ts].reduce((n, t) => n + t.nbytes, 0);
  const first = firstModule(step.nodes);
  const doubts = doubtsBefore(step.nodes, nodes, recorder.gaps, first);
  const body = { children: [...step.nodes, ...doubts], params: 0, inputs: [], outputs: [] };
  const rootScope: TraceScope = {
    kind: 'function',
    name: root.entry,
    typeName: '',
    callPlace: null,
    definedAt: step.place,
    body,
  };
  const { gaps, assumptions } = collectNotes(body.children);
  const trained = [...params];
  return {
    ...before,
    place: step.place,
    inputs: (first?.body.inputs ?? []).map((t, i) => ({ ...t, name: t.name ?? `input${i}`, source: 'call' as const })),
    outputs: first?.body.outputs ?? [],
    params: {
      total: trained.reduce((n, t) => n + t.numel, 0),
      trainable: trained.reduce((n, t) => n + (t.requiresGrad ? t.numel : 0), 0),
      bytes: bytes(trained),
      bufferBytes: bytes(buffers),
    },
    root: rootScope,
    containers,
    gaps,
    assumptions,
    error: found.length > 0 ? null : error,
    missing: null,
    step: {
      loop: step.place,
      turns: step.turns,
      stepsPerEpoch: step.length === null ? null : Math.max(1, Math.floor(step.length / step.turns)),
      epochs: step.epochs,
    },
  };
}

/**
 * Loops over unknown things that ran before the step: what they built has one element where it may have many, so a step
 * that rests on it is not called complete; one whose input came out empty is not known at all.
 */
function doubtsBefore(
  step: readonly TraceNode[],
  run: readonly TraceNode[],
  outside: readonly Gap[],
  first: TraceScope | null,
): Gap[] {
  const within = new Set(collectNotes(step).gaps);
  const all = [...collectNotes(run).gaps, ...outside.map((g): Gap => ({ ...g, kind: 'gap' }))];
  const loops = all.filter((g) => g.what === 'loop');
  const doubts = loops.filter((g) => !within.has(g));
  const empty = first?.body.inputs.some((t) => t.shape?.includes(0) === true) ?? false;
  if (empty && loops.length > 0)
    doubts.push({ ...loops[0]!, what: 'input', why: `its size depends on data: ${loops[0]!.why}`, isOperator: true });
  return doubts;
}

/** The file as `python file.py` runs it, in a module of its own. */
function runScript(p: Program, root: TrainingRoot): void {
  const { machine } = p;
  const { imports } = machine;
  const main = p.main!;
  const module = imports.adoptTree(main.name, main.file!, main.tree!, main.packagePath);
  imports.modules.set(main.name, main);
  module.ns.set('__name__', '__main__');
  main.tree!.statements.forEach((s, i) => {
    const { type } = s.node;
    if (module.executed[i] === 1) return;
    if (type === 'FunctionDef' || type === 'ClassDef' || type === 'Import' || type === 'ImportFrom') return;
    if (!root.statements.has(i)) {
      imports.runStatement(module, i);
      return;
    }
    module.executed[i] = 1;
    module.limit = i;
    const code = compileTopStatement(module.file!, module.units[i]!);
    const frame = new Frame(code, module, new Array(code.varnames.length).fill(undefined), []);
    frame.topIndex = i;
    machine.runFrame(frame);
    module.limit = Number.POSITIVE_INFINITY;
  });
}

function whole(nodes: readonly TraceNode[]): FoundStep {
  return { nodes, place: null, turns: 1, length: null, epochs: null };
}

/** Of several training loops the one with the most work. */
function longest(found: readonly FoundStep[]): FoundStep | null {
  const work = (nodes: readonly TraceNode[]): number =>
    nodes.reduce(
      (n, x) =>
        n +
        (x.kind === 'op'
          ? x.kernel.flops + x.kernel.bytesRead
          : x.kind === 'module' || x.kind === 'function'
            ? work(x.body.children)
            : 0),
      0,
    );
  let best: FoundStep | null = null;
  let most = -1;
  for (const f of found) {
    const w = work(f.nodes);
    if (!(w <= most)) {
      best = f;
      most = w;
    }
  }
  return best;
}

function firstModule(nodes: readonly TraceNode[]): TraceScope | null {
  for (const n of nodes) {
    if (n.kind === 'module') return n;
    if (n.kind === 'branch')
      for (const a of n.alternatives) {
        const f = firstModule(a);
        if (f !== null) return f;
      }
  }
  return null;
}
