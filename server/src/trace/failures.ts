/**
 * Turns a run that ended in one of PyTorch's errors about shapes or dtypes into a finding's
 * facts, when the error is certain. Inputs that somebody wrote down need no more. Guessed ones are
 * varied: other extents one by one and together, other ranks, dtypes and kinds of value. Every
 * variation must fail, at the same operator with the same clash or before it was reached; one that
 * gets further, or that clashes in other extents, shows that the guess was at fault.
 */
import { PyRaise } from '../python/errors.js';
import { absoluteRange, type Place } from '../python/place.js';
import { tracebackOf } from '../python/traceback.js';
import type { PyInstance } from '../python/values.js';
import { PyDict } from '../python/values.js';
import type { DTypeName } from '../torch/dtype.js';
import { failureOf } from '../torch/operatorFailure.js';
import { classify, type Rejection } from '../torch/rejections.js';
import { TensorValue } from '../torch/tensor.js';
import type { ChosenInput } from './inputs.js';
import { children } from './modelParts.js';
import type { Program } from './program.js';
import type { RunRequest } from './runRequest.js';
import type { LikelyFailure, OperandOrigin, ShapeFailure } from './shapeFailure.js';
import type { Trace, TraceNode } from './trace.js';

/** The exception behind a trace's error. */
const raisedBy = new WeakMap<object, PyRaise>();
export function noteError<T extends object>(error: T, raised: unknown): T {
  if (raised instanceof PyRaise) raisedBy.set(error, raised);
  return error;
}

/** Tensors that runs were given, by name. */
const given = new WeakMap<TensorValue, string>();
export function noteInput(value: unknown, name: string): void {
  if (value instanceof TensorValue) given.set(value, name);
}

interface Ended {
  readonly raised: PyRaise;
  readonly rejection: Rejection;
  readonly operator: string | null;
  readonly place: Place;
  /** Of the clash: equal when the same extents clash at the same place in the same way. */
  readonly signature: string;
}

/** What one of PyTorch's own errors says; null for errors of the user's code or of ours. */
function endOf(trace: Trace, file: string, whileBuilding: boolean): Ended | null {
  const raised = trace.error === null ? undefined : raisedBy.get(trace.error);
  if (raised === undefined || trace.error === null) return null;
  const traceback = tracebackOf(raised);
  if (traceback === null) return null;
  const operator = failureOf(raised)?.operator ?? null;
  const { origin } = traceback;
  // errors of the user's own checks are the user's, written with torch._assert or not
  if (/^(torch\.)?_(assert|check)\w*$/.test(operator ?? origin.qualname)) return null;
  if (operator === null && !(origin.file.internal && isTorchLibrary(origin.file.path))) return null;
  const classified = classify(trace.error.type, trace.error.message, operator !== null);
  if (classified === null) return null;
  const place = traceback.places.find((p) => p.file.path === file);
  if (place === undefined) return null;
  const inConstructor = operator === null && (whileBuilding || origin.qualname.endsWith('.__init__'));
  const rejection: Rejection = inConstructor ? { ...classified, family: 'constructor' } : classified;
  const innermost = traceback.places[0]!;
  const signature = [
    innermost.file.path,
    absoluteRange(innermost).start,
    absoluteRange(place).start,
    operator ?? origin.qualname,
    rejection.family,
    rejection.key,
  ].join('\0');
  return { raised, rejection, operator, place, signature };
}

/** `torch.nn` and its kin; containers raise for indices, which code uses to steer. */
function isTorchLibrary(path: string): boolean {
  return /(^|[/:])torch[/.]/.test(path) && !/container\.py$/.test(path);
}

/** Both sides of a condition were weighed, or something was not understood, before the error. */
function isDoubtful(p: Program, trace: Trace): boolean {
  return (
    p.machine.imports.dependencies.inDoubt ||
    trace.gaps.length > 0 ||
    trace.assumptions.some((a) => a.source === 'branch' || a.source === 'loop')
  );
}

/** The model is given a configuration that nobody filled in: `Net(Config())`. */
function isDefaulted(entry: string): boolean {
  return /\w\(\)/.test(entry.slice(entry.indexOf('(') + 1));
}

/** The failure of building a model: no input takes part in it. */
export function buildFailure(p: Program, trace: Trace): LikelyFailure | null {
  const end = endOf(trace, p.file, true);
  if (end === null || isDoubtful(p, trace)) return null;
  // a configuration's defaults are often placeholders: -1 for what a tokenizer will say
  if (isDefaulted(trace.entry)) return null;
  const tree = p.main?.tree;
  const failure = report(p, trace, null, end, true, 'no inputs');
  return { place: end.place, prove: () => (p.main?.tree === tree ? failure : null) };
}

const counted = new WeakMap<object, number>();

/** Operators of a trace; a body that several calls share counts in each. */
function operatorsIn(nodes: readonly TraceNode[]): number {
  let n = 0;
  for (const node of nodes) {
    if (node.kind === 'op') n++;
    else if (node.kind === 'branch') n += Math.max(...node.alternatives.map(operatorsIn));
    else if (node.kind === 'module' || node.kind === 'function') {
      let own = counted.get(node.body);
      if (own === undefined) {
        own = operatorsIn(node.body.children);
        counted.set(node.body, own);
      }
      n += own;
    }
  }
  return n;
}

interface Outcome {
  readonly trace: Trace;
  readonly end: Ended | null;
  /** Operators that ran before the error. */
  readonly progress: number;
}

/** Builds the entry as `request` says and calls it once with these inputs; null when it cannot be built. */
export type Rerun = (
  request: RunRequest,
  chosen: readonly ChosenInput[],
) => { trace: Trace; module: PyInstance | null } | null;

/** Attempts that failed, in order, with their traces. */
export interface Failed {
  readonly chosen: readonly ChosenInput[];
  readonly trace: Trace;
}

/**
 * The failure of calling a model, worked out when first asked for. `calls` are the inputs of calls that the file
 * makes; `passed`: other inputs were found that the model takes.
 */
export function callFailure(
  p: Program,
  request: RunRequest,
  failed: readonly Failed[],
  calls: ReadonlySet<readonly ChosenInput[]>,
  passed: boolean,
  rerun: Rerun,
): LikelyFailure | null {
  const called = failed.filter((f) => calls.has(f.chosen));
  const ended = (passed ? called : failed).find((f) => endOf(f.trace, p.file, false) !== null);
  const end = ended === undefined ? null : endOf(ended.trace, p.file, false);
  if (ended === undefined || end === null) return null;
  const { entry } = ended.trace;
  const tree = p.main?.tree;
  let known: ShapeFailure | null | undefined;
  return {
    place: end.place,
    prove: (budget) => {
      // it belongs to the text of that run
      if (p.main?.tree !== tree) return null;
      if (known !== undefined) return known;
      const from = p.steps;
      const until = from + budget.steps;
      const stated = request.inputs.length > 0;
      const byCall = stated || called.length === 0 ? null : prove(p, request, called, true, rerun, until);
      const byTrial = passed ? null : prove(p, request, failed, stated, rerun, until);
      if (byCall === null) known = byTrial;
      else if (byTrial === null || !samePlace(byTrial.place, byCall.place))
        known = { ...byCall, basis: 'call in the file' };
      else known = { ...byCall, basis: 'other inputs tried' };
      budget.steps -= p.steps - from;
      // no experts, no groups: a default of 0 stands for a part that this model does not have
      if (isDefaulted(entry) && known?.operands.some(({ shape }) => shape?.includes(0)) === true) known = null;
      return known;
    },
  };
}

/** `stated`: somebody wrote these inputs down, no others need be tried. */
function prove(
  p: Program,
  request: RunRequest,
  failed: readonly Failed[],
  stated: boolean,
  rerun: Rerun,
  until: number,
): ShapeFailure | null {
  const { recorder } = p;
  const { memoise } = recorder;
  let module: PyInstance | null = null;
  const outcomeOf = (r: RunRequest, chosen: readonly ChosenInput[]): Outcome | null => {
    const ran = rerun(r, chosen);
    if (ran === null) return null;
    module = ran.module;
    const { trace } = ran;
    return { trace, end: endOf(trace, p.file, false), progress: operatorsIn(trace.root?.body.children ?? []) };
  };
  try {
    let base: { outcome: Outcome; chosen: readonly ChosenInput[] } | null = null;
    const outcomes: { outcome: Outcome; chosen: readonly ChosenInput[] }[] = [];
    const seen = new Set<string>();
    for (const { chosen, trace } of failed) {
      // one run of those that failed alike
      const alike = endOf(trace, p.file, false)?.signature;
      if (alike !== undefined && seen.has(alike)) continue;
      if (alike !== undefined) seen.add(alike);
      const outcome = outcomeOf(request, chosen);
      if (outcome === null || outcome.trace.error === null || p.steps > until) return null;
      outcomes.push({ outcome, chosen });
      if (base === null || outcome.progress > base.outcome.progress) base = { outcome, chosen };
    }
    const end = base?.outcome.end ?? null;
    if (base === null || end === null || isDoubtful(p, base.outcome.trace)) return null;
    const { progress } = base.outcome;
    const agrees = (o: Outcome | null): boolean => {
      if (o === null || o.trace.error === null || p.steps > until) return false;
      if (o.end?.signature === end.signature) return !isDoubtful(p, o.trace);
      return o.progress < progress && raisedBy.has(o.trace.error);
    };
    const fails = (o: Outcome | null): boolean => agrees(o) || (o !== null && !(p.steps > until) && failsThere(o, end));
    // what only clashes in its dtype may be meant for the model in another precision
    const failsInAll = (o: Outcome | null, chosen: readonly ChosenInput[]): boolean =>
      fails(o) &&
      (o?.end?.rejection.family !== 'dtype' ||
        end.rejection.family === 'dtype' ||
        castings(request).every((other) => fails(outcomeOf(other, chosen))));
    const ranks = ranksIn(base.chosen);
    for (const { outcome, chosen } of outcomes)
      if (!(ranksIn(chosen) === ranks ? agrees(outcome) : failsInAll(outcome, chosen))) return null;
    if (!stated) {
      for (const other of otherExtents(base.chosen, extentsOf(end)))
        if (!agrees(outcomeOf(request, other))) return null;
      const batched = convolvedRanks(base.outcome.trace);
      for (const other of otherKinds(base.chosen, batched))
        if (!failsInAll(outcomeOf(request, other), other)) return null;
    }
    if (end.rejection.family === 'dtype')
      for (const other of castings(request)) if (!fails(outcomeOf(other, base.chosen))) return null;
    // once more with every operator run: operands then keep their identity
    recorder.memoise = false;
    const last = outcomeOf(request, base.chosen);
    if (last?.end?.signature !== end.signature) return null;
    return report(p, last.trace, module, last.end, false, stated ? 'inputs stated' : 'other inputs tried');
  } finally {
    recorder.memoise = memoise;
  }
}

/** Another rank or dtype may clash in other extents, but at the same place, or at one that comes before it. */
function failsThere({ trace, end: other }: Outcome, end: Ended): boolean {
  if (trace.error === null || !raisedBy.has(trace.error)) return false;
  if (other !== null && samePlace(other.place, end.place)) return true;
  return trace.root !== null && !ranAt(trace.root.body.children, end.place);
}

function samePlace(a: Place, b: Place): boolean {
  return a.file.path === b.file.path && absoluteRange(a).start === absoluteRange(b).start;
}

function ranAt(nodes: readonly TraceNode[], place: Place): boolean {
  const at = (p: Place | null): boolean => p !== null && samePlace(p, place);
  return nodes.some((n) => {
    if (n.kind === 'op') return at(n.place) || (n.callers?.some(at) ?? false);
    if (n.kind === 'branch') return n.alternatives.some((side) => ranAt(side, place));
    return (n.kind === 'module' || n.kind === 'function') && (at(n.callPlace) || ranAt(n.body.children, place));
  });
}

/** Ranks of what convolutions took: such an input has its batch dimension, and the call without it is not what the model is for. */
function convolvedRanks(trace: Trace, ranks = new Set<number>(), seen = new Set<object>()): ReadonlySet<number> {
  const visit = (nodes: readonly TraceNode[]): void => {
    for (const n of nodes) {
      if (n.kind === 'op') {
        if (n.kernel.name === 'convolution') ranks.add(n.kernel.inputs[0]!.ndim);
      } else if (n.kind === 'branch') n.alternatives.forEach(visit);
      else if ((n.kind === 'module' || n.kind === 'function') && !seen.has(n.body)) {
        seen.add(n.body);
        visit(n.body.children);
      }
    }
  };
  if (trace.root !== null) visit(trace.root.body.children);
  return ranks;
}

/**
 * The model in other precisions, and under autocast: code that casts its tensors may be meant for one of these.
 * Inputs from a pragma or a flag say which precision is meant.
 */
function castings(request: RunRequest): RunRequest[] {
  if (request.inputs.length > 0 || request.dtype !== null) return [];
  const dtypes: DTypeName[] = ['float16', 'bfloat16', 'float64'];
  return [...dtypes.map((dtype) => ({ ...request, dtype })), { ...request, autocast: 'bfloat16' }];
}

const ranksIn = (chosen: readonly ChosenInput[]): string =>
  chosen.map(({ spec }) => (spec.kind === 'tensor' ? spec.shape.length : spec.text)).join();

const guessedOf = (chosen: readonly ChosenInput[]): number[] =>
  chosen.flatMap((c, i) => (c.source === 'flag' || c.source === 'pragma' ? [] : [i]));

/** Extents that met in a clash, the first few: one of them may be what the model means an input's to be. */
function extentsOf({ raised }: Ended): number[] {
  return [...new Set((failureOf(raised)?.operands ?? []).flatMap(({ shape }) => shape))].slice(0, 8);
}

/**
 * Inputs of the same ranks with other extents; those that most often show a guess to be wrong come first. `met`:
 * extents to be tried beside those that are tried always.
 */
function* otherExtents(chosen: readonly ChosenInput[], met: readonly number[]): Generator<ChosenInput[]> {
  const othersOf = (v: number): number[] => [...new Set([...usualOthersOf(v), ...met])].filter((x) => x !== v);
  const guessed = guessedOf(chosen);
  const withShapes = (shape: (i: number, own: readonly number[]) => readonly number[]): ChosenInput[] =>
    chosen.map((c, i) =>
      guessed.includes(i) && c.spec.kind === 'tensor'
        ? { ...c, spec: { ...c.spec, shape: shape(i, c.spec.shape) } }
        : c,
    );
  const shapes = new Map(
    guessed.flatMap((i) => {
      const { spec } = chosen[i]!;
      return spec.kind === 'tensor' ? [[i, spec.shape] as const] : [];
    }),
  );
  const extents = [...shapes.values()].flat();
  // equal extents together: batches and lengths that must agree
  for (const v of new Set(extents))
    for (const to of othersOf(v)) yield withShapes((_, own) => own.map((d) => (d === v ? to : d)));
  for (const [i, own] of shapes) {
    // each alone, unless that was the same
    for (let d = 0; d < own.length; d++) {
      if (extents.filter((x) => x === own[d]).length < 2) continue;
      for (const to of othersOf(own[d]!))
        yield withShapes((j, s) => (j === i ? s.map((x, k) => (k === d ? to : x)) : s));
    }
    yield withShapes((j, s) => (j === i ? s.map((x, k) => (k === 0 ? x + 2 : k >= 2 ? x * 2 - 1 : x)) : s));
  }
  for (const i of guessed)
    yield* rewritten(chosen, i, (own) => own.flatMap((v, d) => othersOf(v).map((to) => own.with(d, to))));
}

/** A guessed container of tensors, `(torch.zeros((1, 128,)), …)`: one of the shapes written in it is another each time. */
function* rewritten(
  chosen: readonly ChosenInput[],
  at: number,
  others: (shape: number[]) => readonly (readonly number[])[],
): Generator<ChosenInput[]> {
  const { spec } = chosen[at]!;
  if (spec.kind !== 'expression') return;
  for (const { 0: written, 1: extents, index } of spec.text.matchAll(/\(\((\d+(?:, ?\d+)*),?\)/g))
    for (const shape of others(extents!.split(',').map(Number))) {
      const tuple = `((${shape.map((d) => `${d},`).join(' ')})`;
      const text = spec.text.slice(0, index) + tuple + spec.text.slice(index + written.length);
      yield chosen.map((c, i) => (i === at ? { ...c, spec: { ...spec, text } } : c));
    }
}

/** Inputs of other ranks and dtypes, and values that are no tensors. */
function* otherKinds(chosen: readonly ChosenInput[], batched: ReadonlySet<number>): Generator<ChosenInput[]> {
  for (const i of guessedOf(chosen)) {
    const c = chosen[i]!;
    const { spec } = c;
    const replaced = (other: ChosenInput['spec'], dtype = c.dtype): ChosenInput[] =>
      chosen.map((x, j) => (j === i ? { ...x, spec: other, dtype } : x));
    if (spec.kind === 'tensor') {
      const other: DTypeName = (spec.dtype ?? c.dtype).startsWith('int') ? 'float32' : 'int64';
      for (const shape of ranksOf(spec.shape, batched.has(spec.shape.length))) yield replaced({ ...spec, shape });
      yield replaced({ ...spec, dtype: other }, other);
      for (const shape of ranksOf(spec.shape, false)) yield replaced({ ...spec, dtype: other, shape }, other);
    } else yield replaced({ kind: 'tensor', name: spec.name, shape: [1, 8], dtype: 'float32' });
    for (const text of ['None', '4', '[torch.zeros(1, 3, 64, 64)]', 'torch.zeros(1, dtype=torch.long)', '(8, 8)'])
      yield replaced({ kind: 'expression', name: spec.name, text });
    yield* rewritten(chosen, i, (own) => ranksOf(own, false));
  }
}

/** Larger and smaller, odd and even, multiples and not. */
function usualOthersOf(v: number): number[] {
  return [...new Set([2 * v, v + 1, 3 * v, 4 * v, 1, 2, 32, 37, Math.max(1, v >> 1)])].filter((x) => x !== v);
}

/** Shapes of other ranks with the same extents; `batched`: not the one without the leading dimension. */
function ranksOf(own: readonly number[], batched: boolean): (readonly number[])[] {
  const c = own[1] ?? own[0] ?? 8;
  const last = own[own.length - 1] ?? 8;
  const candidates: number[][] = [
    own.slice(1),
    own.slice(0, -1),
    own.slice(0, 1),
    [1, ...own],
    [...own, last],
    [own[0] ?? 1, last],
    [own[0] ?? 1, c],
    [own[0] ?? 1, 16, c],
    [own[0] ?? 1, c, 16],
    [own[0] ?? 1, c, 16, 16],
    [own[0] ?? 1, 16, 16, c],
    [],
  ];
  const seen = new Set([own.join()]);
  return candidates.filter(
    (s) => !(batched && s.length === own.length - 1) && !seen.has(s.join()) && seen.add(s.join()),
  );
}

function report(
  p: Program,
  trace: Trace,
  module: PyInstance | null,
  end: Ended,
  whileBuilding: boolean,
  basis: ShapeFailure['basis'],
): ShapeFailure {
  const operands = failureOf(end.raised)?.operands ?? [];
  const wanted = end.rejection.roles;
  const named = wanted === null ? [] : wanted.flatMap((role) => operands.filter((o) => o.role === role));
  const clashing =
    named.length > 0
      ? named
      : operands.filter((o) => o.role !== 'bias' || end.rejection.family === 'dtype').slice(0, 2);
  return {
    rejection: end.rejection,
    operator: end.operator,
    type: trace.error!.type,
    message: trace.error!.message,
    place: end.place,
    operands: clashing.map((o) => ({
      role: o.role,
      shape: o.shape,
      dtype: o.dtype,
      origin: originOf(p, trace, module, o.tensor),
    })),
    entry: trace.entry,
    whileBuilding,
    basis,
  };
}

function originOf(p: Program, trace: Trace, module: PyInstance | null, tensor: TensorValue): OperandOrigin | null {
  const name = given.get(tensor);
  if (name !== undefined) return { kind: 'input', name, place: null };
  const parameter = module === null ? null : parameterOf(module, tensor, '', new Set());
  if (parameter !== null) {
    const place = parameter.owner.createdAt;
    return { kind: 'parameter', name: parameter.path, place: place?.file.path === p.file ? place : null };
  }
  const place = trace.root === null ? null : makerOf(trace.root.body.children, tensor, p.file, []);
  return place === null ? null : { kind: 'made', name: textOf(place), place };
}

function parameterOf(
  module: PyInstance,
  tensor: TensorValue,
  prefix: string,
  seen: Set<PyInstance>,
): { path: string; owner: PyInstance } | null {
  if (seen.has(module)) return null;
  seen.add(module);
  for (const table of ['_parameters', '_buffers']) {
    const d = module.attrs?.get(table);
    if (d instanceof PyDict)
      for (const [key, value] of d.entries.values())
        if (value === tensor) return { path: `${prefix}${String(key)}`, owner: module };
  }
  for (const [key, child] of children(module)) {
    const found = parameterOf(child, tensor, `${prefix}${key}.`, seen);
    if (found !== null) return found;
  }
  return null;
}

/** Where in the file the kernel that last wrote the tensor was called from. */
function makerOf(
  nodes: readonly TraceNode[],
  tensor: TensorValue,
  file: string,
  above: readonly (Place | null)[],
): Place | null {
  for (let i = nodes.length - 1; i >= 0; i--) {
    const n = nodes[i]!;
    if (n.kind === 'op') {
      if (!n.kernel.outputs.includes(tensor)) continue;
      return [n.place, ...(n.callers ?? []), ...above].find((x) => x?.file.path === file) ?? null;
    }
    if (n.kind === 'module' || n.kind === 'function') {
      const found = makerOf(n.body.children, tensor, file, [n.callPlace, ...above]);
      if (found !== null) return found;
    } else if (n.kind === 'branch') {
      for (const side of n.alternatives) {
        const found = makerOf(side, tensor, file, above);
        if (found !== null) return found;
      }
    }
  }
  return null;
}

function textOf(place: Place): string {
  const line = place.unit.text.slice(place.start, place.end).replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
