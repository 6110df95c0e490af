/** One call of a built entry with chosen inputs: its trace. */
import { Aborted } from '../python/errors.js';
import { type Keywords, Unknown, type Value } from '../python/values.js';
import { dtypes } from '../torch/dtype.js';
import { makeTensor, TensorValue } from '../torch/tensor.js';
import { buildInput } from './evaluate.js';
import { noteInput } from './failures.js';
import type { ChosenInput } from './inputs.js';
import { hasUndecidedPart, modulesOf, unknownMembers } from './modelParts.js';
import { collectNotes } from './notes.js';
import type { BuiltEntry, Program } from './program.js';
import { summaries, summary, tensorsIn } from './recorder.js';
import { fail } from './runErrors.js';
import type { BeforeRun, RunRequest } from './runRequest.js';
import type { Assumption, EntryInput, Gap, Trace, TraceScope } from './trace.js';

export function callOnce(
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
        ? unknownMembers(modulesOf(module))
        : unknownOnes();
  const uncounted =
    // nor those that an unknown base class makes
    gaps.some((g) => g.what === 'class') ||
    uncountedBefore ||
    (module !== null && recorder.memory.wroteOutside && hasUndecidedPart(modulesOf(module))) ||
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
