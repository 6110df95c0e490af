/** Runs one entry point: builds what the expression names, calls it with the inputs, gives the trace. */

import type { Code } from '../python/bytecode.js';
import { compileExpression } from '../python/compileFunction.js';
import { type Ground, Reader } from '../python/dependencies.js';
import { Aborted, PyRaise } from '../python/errors.js';
import { describe } from '../python/exceptions.js';
import { Frame } from '../python/frame.js';
import { PyFunction } from '../python/objects.js';
import { type Place, SourceUnit } from '../python/place.js';
import { raisedAt } from '../python/traceback.js';
import { type Keywords, PyClass, PyDict, type PyInstance, Unknown, type Value } from '../python/values.js';
import { type DTypeName, dtypes } from '../torch/dtype.js';
import { isModule } from '../torch/moduleClass.js';
import { classify } from '../torch/rejections.js';
import { makeTensor, TensorValue } from '../torch/tensor.js';
import { buildFailure, callFailure, type Failed, noteError, noteInput, type Rerun } from './failures.js';
import type { InputSpec } from './inputSpec.js';
import { type Attempts, type ChosenInput, chooseInputs, guessKey, requestKey } from './inputs.js';
import type { BuiltEntry, Program } from './program.js';
import { children, collectTensors, summaries, summary, tensorsIn } from './recorder.js';
import { repairsOf, resized } from './repairs.js';
import {
  type Assumption,
  type AssumptionNode,
  type EntryInput,
  type Gap,
  isOpenEnded,
  type Trace,
  type TraceNode,
  type TraceScope,
} from './trace.js';

export interface RunRequest {
  readonly entry: string;
  /** Empty: inferred. */
  readonly inputs: readonly InputSpec[];
  readonly inputSource: 'flag' | 'pragma';
  readonly phase: 'inference' | 'training';
  readonly trainMode: boolean;
  readonly dtype: DTypeName | null;
  readonly batch: number | null;
  /** Under autocast to this type. */
  readonly autocast?: DTypeName;
}

/** Modules that expressions name as everyone does, whether the file imports them or only parts of them. */
const usualNames: ReadonlyMap<string, string> = new Map([
  ['torch', "__import__('torch')"],
  ['nn', "__import__('torch.nn', fromlist=['nn'])"],
  ['np', "__import__('numpy')"],
]);

/** `torch.zeros(2)` where the file has `import torch.nn as nn` only. */
function withUsualNames(p: Program, text: string): string {
  return text.replace(/(?<![\w.'"])(torch|nn|np)(?=\.\w)/g, (name) =>
    p.main === null || p.machine.imports.global(p.main, name, Number.POSITIVE_INFINITY) !== undefined
      ? name
      : usualNames.get(name)!,
  );
}

/** Evaluates an expression in the namespace of the program's file. Raises PyRaise. */
export function evaluate(p: Program, text: string): Value {
  const whole = withUsualNames(p, text);
  let code = p.expressions.get(whole);
  if (code === undefined) {
    code = compiled(p, whole, text);
    p.expressions.set(whole, code);
  }
  const frame = new Frame(code, p.main!, new Array(code.varnames.length).fill(undefined), []);
  return p.machine.runFrame(frame);
}

/** @param said the text that a person wrote, for messages */
function compiled(p: Program, text: string, said: string): Code {
  const tree = p.options.sources.parser.parse(text);
  const top = tree.statements[0];
  if (tree.problems.length > 0 || tree.statements.length !== 1 || top === undefined || top.node.type !== 'Expr') {
    throw new PyRaise('SyntaxError', `'${said}' is not one Python expression`);
  }
  return compileExpression(
    { path: '<entry>', moduleName: '<entry>', internal: true },
    new SourceUnit(top),
    top.node.value,
  );
}

/** What an entry expression stands for, ready to be called. */
function callableOf(p: Program, value: Value): { callee: Value; module: PyInstance | null } {
  if (value instanceof PyClass) {
    const made = p.machine.call(value, []);
    return { callee: made, module: isModule(made) ? made : null };
  }
  return { callee: value, module: isModule(value) ? value : null };
}

export function buildInput(p: Program, spec: InputSpec, defaultDtype: DTypeName): Value {
  if (spec.kind === 'expression') return evaluate(p, spec.text);
  const t = makeTensor(spec.shape, dtypes[spec.dtype ?? defaultDtype], p.state.defaultDevice);
  return t;
}

const aborts: Readonly<Record<Aborted['reason'], readonly [string, string]>> = {
  fuel: ['FuelExhausted', 'the code runs longer than the analysis allows'],
  memory: ['MemoryExhausted', 'the code makes more objects than the analysis allows'],
  depth: ['RecursionError', 'the code nests deeper than the analysis allows'],
  cancelled: ['Cancelled', 'the run was cancelled'],
};

export function fail(p: Program, e: unknown): NonNullable<Trace['error']> {
  if (e instanceof PyRaise) return noteError({ ...describe(p.machine, e), place: raisedAt(e) }, e);
  if (e instanceof Aborted) {
    const [type, message] = aborts[e.reason];
    return { type, message, place: p.machine.place() };
  }
  throw e;
}

/** What a built model depends on beside the code. */
function keyOf(request: RunRequest): string {
  return JSON.stringify([request.entry, request.phase, request.trainMode, request.dtype]);
}

/** Builds what the entry names, or takes what an earlier run built from unchanged code. */
function build(p: Program, request: RunRequest): BuiltEntry | Trace {
  const { recorder } = p;
  const key = keyOf(request);
  const known = p.built.get(key);
  if (known !== undefined) return known;
  recorder.gaps = [];
  p.refuel();
  const rests = new Set<Ground>();
  const reader = new Reader();
  const { dependencies } = p.machine.imports;
  dependencies.begin(reader);
  recorder.building = rests;
  recorder.constructors.begin();
  try {
    const { callee, module } = callableOf(p, evaluate(p, request.entry));
    if (callee instanceof Unknown)
      return {
        ...emptyTrace(request),
        gaps: recorder.gaps,
        error: null,
        missing: `${request.entry} is not known: ${callee.why}`,
      };
    prepare(p, module, request);
    const params = module === null ? { total: 0, trainable: 0, bytes: 0, bufferBytes: 0 } : paramsOf(module);
    let unknown: ReadonlySet<string> | undefined;
    const made: BuiltEntry = {
      callee,
      module,
      gaps: recorder.gaps,
      rests,
      reader,
      params,
      uncounted: module !== null && hasUndecidedPart(module),
      unknownMembers: () => {
        unknown ??= module === null ? new Set() : unknownMembers(module);
        return unknown;
      },
      guesses: new Map(),
      taken: new Map(),
    };
    p.built.set(key, made);
    return made;
  } catch (e) {
    if (e instanceof Aborted && e.reason === 'cancelled') throw e;
    const error = fail(p, e);
    const trace: Trace = { ...emptyTrace(request), gaps: recorder.gaps, error, missing: missingOf(error) };
    const failure = buildFailure(p, trace);
    return failure === null ? trace : { ...trace, failure };
  } finally {
    // nothing rests on what could not be built
    if (!p.built.has(key)) reader.drop();
    recorder.building = null;
    recorder.constructors.end();
    dependencies.end(reader);
  }
}

type BeforeRun = Omit<Trace, 'missing' | 'error'>;

/** A trace in which nothing has run yet. */
export function emptyTrace({ entry, phase }: Pick<RunRequest, 'entry' | 'phase'>): BeforeRun {
  return {
    entry,
    place: null,
    phase,
    inputs: [],
    outputs: [],
    params: null,
    root: null,
    containers: new Map(),
    assumptions: [],
    gaps: [],
  };
}

/** `last`: machine steps of the program after which no other guess of the inputs is tried. */
export function run(p: Program, request: RunRequest, last = Number.POSITIVE_INFINITY): Trace {
  const made = build(p, request);
  if (!('callee' in made)) return made;
  const { callee, module, params } = made;
  const place = module === null ? (callee instanceof PyFunction ? functionPlace(callee) : null) : module.cls.place;
  const before = { ...emptyTrace(request), params, place };
  p.recorder.gaps = [...made.gaps];
  let choice: Attempts;
  const key = guessKey(p, request);
  // what the run before took, or building this, is no matter of these inputs
  p.refuel();
  // in haste, what the model took before an edit is enough; without it, what the text says now is looked for
  const taken = Number.isFinite(last) && !made.guesses.has(key) ? made.taken.get(requestKey(request)) : undefined;
  if (taken !== undefined) {
    const trace = callOnce(p, before, made, taken, request);
    noteWrites(p, request);
    if (trace.error === null) return { ...trace, isPartial: true };
  }
  try {
    choice = made.guesses.get(key) ?? chooseInputs(p, callee, module, request);
    // those of older texts are let go
    if (!made.guesses.has(key)) made.guesses.clear();
    made.guesses.set(key, choice);
  } catch (e) {
    return { ...before, gaps: made.gaps, error: fail(p, e), missing: null };
  }
  const failed: Failed[] = [];
  const calls = new Set(choice.first.filter((a) => a.length > 0 && a.every((c) => c.source === 'call')));
  const again: Rerun = (other, chosen) => {
    const b = build(p, other);
    if (!('callee' in b)) return null;
    p.recorder.gaps = [...b.gaps];
    const trace = callOnce(p, { ...emptyTrace(other), params: b.params, place }, b, chosen, other);
    // the next run starts from a model that nothing has written to
    if (p.recorder.memory.wroteOutside) forget(p, other);
    return { trace, module: b.module };
  };
  const failureOf = (passed: boolean) => callFailure(p, request, failed, calls, passed, again);
  let attempts = [...choice.first];
  // errors of the likeliest guess, and of what is made of it, say what to try next
  const repaired = new Set<readonly ChosenInput[]>();
  let isLast = false;
  for (let i = 0; i < attempts.length; i++) {
    const chosen = attempts[i]!;
    const trace = callOnce(p, before, made, chosen, request);
    noteWrites(p, request);
    if (trace.error === null) {
      made.taken.set(requestKey(request), chosen);
      // a call that the file makes may fail all the same
      const failure = failureOf(true);
      return failure === null ? trace : { ...trace, failure };
    }
    // other inputs will not make endless code end; longer ones than those that failed say nothing new
    if (/^(FuelExhausted|MemoryExhausted|RecursionError)$/.test(trace.error.type)) {
      if (failed.length === 0) return trace;
      break;
    }
    if (failed.length === 0) {
      attempts = [...choice.all()];
      for (const one of attempts.slice(0, 2)) repaired.add(one);
    }
    failed.push({ chosen, trace });
    if (isSameForAnyInput(failed)) {
      // nor do much larger inputs help what fails alike for small ones; the unrolled steps of a recurrent layer take long
      const largest = 16 * Math.max(...failed.map((one) => elementsOf(one.chosen)));
      const rest = attempts.slice(i + 1).filter((one) => elementsOf(one) <= largest);
      attempts.splice(i + 1, attempts.length, ...rest);
    }
    if (repaired.has(chosen) && repaired.size < 16 && request.inputs.length === 0) {
      const more = repairsOf(chosen, trace.error, attempts.flat());
      // several ways lead to the same inputs
      const known = new Set(attempts.map(described));
      const fresh = more.filter((m) => !known.has(described(m)));
      attempts.splice(i + 1, 0, ...fresh);
      for (const m of fresh) repaired.add(m);
    }
    // no size that data sets use fits what is behind the convolutions
    if (i === attempts.length - 1 && !isLast && request.inputs.length === 0) {
      isLast = true;
      attempts.push(...resized(attempts[0]!, failed[0]!.trace.error!.message));
    }
    if (p.steps > last && i + 1 < attempts.length) return { ...failed[0]!.trace, isPartial: true };
  }
  const best = failed[0]?.trace;
  const failure = failureOf(false);
  if (best !== undefined && failure !== null) return { ...best, failure };
  return best ?? { ...before, gaps: made.gaps, error: null, missing: 'its inputs are not known' };
}

function elementsOf(chosen: readonly ChosenInput[]): number {
  return chosen.reduce((n, { spec }) => n + (spec.kind === 'tensor' ? spec.shape.reduce((a, b) => a * b, 1) : 0), 0);
}

/** Whether the last inputs and others of another size fail for the same clash of extents. */
function isSameForAnyInput(failed: readonly Failed[]): boolean {
  const last = failed[failed.length - 1]!;
  const clash = ({ trace: { error } }: Failed) => classify(error!.type, error!.message, true)?.key;
  const key = clash(last);
  const size = elementsOf(last.chosen);
  return key !== undefined && failed.some((one) => elementsOf(one.chosen) !== size && clash(one) === key);
}

const described = (chosen: readonly ChosenInput[]): string =>
  JSON.stringify(chosen.map(({ name, spec, dtype }) => [name, spec, dtype]));

function forget(p: Program, request: RunRequest): void {
  const key = keyOf(request);
  p.built.get(key)?.reader.drop();
  p.built.delete(key);
}

/** A call that wrote to something older than itself leaves a model that is not the one that was built. */
function noteWrites(p: Program, request: RunRequest): void {
  if (!p.recorder.memory.wroteOutside) return;
  forget(p, request);
  p.recorder.constructors.invalidate();
}

function prepare(p: Program, module: PyInstance | null, request: RunRequest): void {
  const { machine } = p;
  if (module === null) return;
  if (!request.trainMode && request.phase !== 'training') machine.call(machine.getAttr(module, 'eval'), []);
  else machine.call(machine.getAttr(module, 'train'), []);
  if (request.dtype !== null) machine.call(machine.getAttr(module, 'to'), [dtypes[request.dtype]]);
}

function callOnce(
  p: Program,
  before: BeforeRun,
  { callee, module, uncounted: uncountedBefore, unknownMembers: unknownOnes }: BuiltEntry,
  chosen: readonly ChosenInput[],
  request: RunRequest,
): Trace {
  const { machine, recorder, state } = p;
  const gapsBefore = recorder.gaps.slice();
  const inputs: EntryInput[] = [];
  const assumptions: Assumption[] = [];
  let error: Trace['error'] = null;
  let outputs: Trace['outputs'] = [];
  let outputTensors: TensorValue[] = [];
  p.refuel();
  state.gradEnabled = true;
  state.inferenceMode = false;
  state.autocast = new Map(request.autocast === undefined ? [] : [['cuda', dtypes[request.autocast]]]);
  const args: Value[] = [];
  let kwargs: Keywords = null;
  try {
    for (const c of chosen) {
      let v = buildInput(p, c.spec, c.dtype);
      if (request.dtype !== null && v instanceof TensorValue && v.dtype.kind === 'float')
        v = makeTensor(v.shape, dtypes[request.dtype], v.device);
      const shown = v instanceof TensorValue ? { shape: v.shape, dtype: v.dtype.name } : (summaries(v)[0] ?? null);
      noteInput(v, c.name);
      if (shown !== null) inputs.push({ name: c.name, ...shown, source: c.source });
      if (c.spec.name !== null && c.byKeyword) {
        kwargs ??= new Map();
        kwargs.set(c.spec.name, v);
      } else args.push(v);
      if (c.assumption !== null) assumptions.push({ text: c.assumption, source: c.source, place: null });
    }
    recorder.begin(module);
    const result = machine.call(callee, args, kwargs);
    outputTensors = tensorsIn(result);
    outputs = outputTensors.map(summary);
    if (result instanceof Unknown) recorder.gap('result', result.why, result.where, false);
  } catch (e) {
    if (e instanceof Aborted && e.reason === 'cancelled') throw e;
    error = fail(p, e);
  }
  const nodes = recorder.end();
  const found = collectNotes(nodes);
  const gaps: Gap[] = [...gapsBefore, ...found.gaps];
  const all = [...assumptions, ...found.assumptions];
  recorder.gaps = gapsBefore;
  // a layer that nobody could build has parameters that nobody counted
  const uncalled =
    module === null || !gaps.some((g) => g.isOperator)
      ? null
      : recorder.memory.wroteOutside
        ? unknownMembers(module)
        : unknownOnes();
  const uncounted =
    // nor those that an unknown base class makes
    gaps.some((g) => g.what === 'class') ||
    uncountedBefore ||
    gapsBefore.some(isOpenEnded) ||
    (module !== null && recorder.memory.wroteOutside && hasUndecidedPart(module)) ||
    (uncalled !== null && gaps.some((g) => g.isOperator && uncalled.has(g.why)));
  const params =
    uncounted && before.params !== null
      ? { ...before.params, total: Number.NaN, trainable: Number.NaN, bytes: Number.NaN }
      : before.params;
  const only = nodes.length === 1 && nodes[0]!.kind === 'module' ? nodes[0] : null;
  const root: TraceScope = only ?? {
    kind: 'function',
    name: request.entry,
    typeName: '',
    callPlace: null,
    definedAt: before.place,
    body: { children: nodes, params: before.params?.total ?? 0, inputs, outputs },
  };
  return {
    ...before,
    params,
    inputs,
    outputs,
    outputTensors,
    root,
    containers: recorder.containers,
    gaps,
    assumptions: all,
    error,
    missing: null,
  };
}

/** Gaps and assumptions of a run, each once. */
export function collectNotes(nodes: readonly TraceNode[]): { gaps: Gap[]; assumptions: Assumption[] } {
  const gaps: Gap[] = [];
  const assumptions: Assumption[] = [];
  const seen = new Set<string>();
  const bodies = new Set<object>();
  const first = (text: string, place: Place | null): boolean => {
    const key = `${text}|${place?.file.path}|${place?.unit.start}|${place?.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  for (const n of notesIn(nodes, bodies))
    if (n.kind === 'gap') {
      if (first(`${n.what}|${n.why}|${n.isOperator}`, n.place)) gaps.push(n);
    } else if (first(`${n.source}|${n.text}`, n.place))
      assumptions.push({ text: n.text, source: n.source, place: n.place });
  return { gaps, assumptions };
}

type Note = Gap | AssumptionNode;

/** Notes in the order in which they arose; `bodies` have been looked at. */
function notesIn(nodes: readonly TraceNode[], bodies: Set<object>, out: Note[] = []): Note[] {
  for (const n of nodes) {
    if (n.kind === 'branch') for (const a of n.alternatives) notesIn(a, bodies, out);
    else if (n.kind === 'gap' || n.kind === 'assumption') out.push(n);
    else if (n.kind !== 'op' && n.body.hasNotes !== false && !bodies.has(n.body)) {
      bodies.add(n.body);
      notesIn(n.body.children, bodies, out);
      // asked of its children: one that only repeats the notes of a body seen before has them all the same
      n.body.hasNotes = n.body.children.some(mayHaveNotes);
    }
  }
  return out;
}

function mayHaveNotes(n: TraceNode): boolean {
  if (n.kind === 'op') return false;
  if (n.kind === 'branch') return n.alternatives.some((a) => a.some(mayHaveNotes));
  return n.kind === 'gap' || n.kind === 'assumption' || n.body.hasNotes !== false;
}

function functionPlace(f: PyFunction): Trace['place'] {
  return { file: f.code.file, unit: f.code.unit, start: f.code.start, end: f.code.end };
}

function paramsOf(m: PyInstance): NonNullable<Trace['params']> {
  let total = 0;
  let trainable = 0;
  let bytes = 0;
  let bufferBytes = 0;
  for (const t of collectTensors(m, '_parameters', new Set())) {
    total += t.numel;
    bytes += t.nbytes;
    if (t.requiresGrad) trainable += t.numel;
  }
  for (const t of collectTensors(m, '_buffers', new Set())) bufferBytes += t.nbytes;
  return { total, trainable, bytes, bufferBytes };
}

/** Why attributes of the modules are unknown. */
function unknownMembers(root: PyInstance, found = new Set<string>(), seen = new Set<PyInstance>()): Set<string> {
  if (seen.has(root)) return found;
  seen.add(root);
  for (const v of root.attrs?.values() ?? []) if (v instanceof Unknown) found.add(v.why);
  for (const [, c] of children(root)) unknownMembers(c, found, seen);
  return found;
}

/** Whether a sub-module, parameter or buffer of the model, or whether there is one, is unknown. */
function hasUndecidedPart(root: PyInstance, seen = new Set<PyInstance>()): boolean {
  if (seen.has(root)) return false;
  seen.add(root);
  for (const name of ['_modules', '_parameters', '_buffers']) {
    const parts = root.attrs?.get(name);
    if (parts instanceof Unknown) return true;
    if (parts instanceof PyDict) for (const [, v] of parts.entries.values()) if (v instanceof Unknown) return true;
  }
  const isPart = (v: Value): boolean => isModule(v) || (v instanceof TensorValue && v.isParameter);
  for (const v of root.attrs?.values() ?? []) if (v instanceof Unknown && v.sides.some(isPart)) return true;
  return children(root).some(([, c]) => hasUndecidedPart(c, seen));
}

/** "needs argument cfg", from the exception that building it raised. */
export function missingOf(error: NonNullable<Trace['error']>): string {
  const m = /missing \d+ required (?:positional|keyword-only) arguments?: (.*)$/.exec(error.message);
  if (error.type === 'TypeError' && m !== null) {
    const names = [...m[1]!.matchAll(/'([^']+)'/g)].map((x) => x[1]!);
    return `needs argument${names.length > 1 ? 's' : ''} ${names.join(', ')}`;
  }
  return `${error.type}: ${error.message}`;
}
