/** Runs one entry point: looks for inputs that it takes, calls it with them, gives the trace. */
import { PyFunction } from '../python/objects.js';
import { classify } from '../torch/rejections.js';
import { build, forget } from './build.js';
import { callOnce } from './call.js';
import { callFailure, type Failed, type Rerun } from './failures.js';
import { type Attempts, type ChosenInput, chooseInputs, guessKey, requestKey } from './inputs.js';
import type { Program } from './program.js';
import { repairsOf, resized } from './repairs.js';
import { fail } from './runErrors.js';
import { emptyTrace, type RunRequest } from './runRequest.js';
import type { Trace } from './trace.js';

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

/** A call that wrote to something older than itself leaves a model that is not the one that was built. */
function noteWrites(p: Program, request: RunRequest): void {
  if (!p.recorder.memory.wroteOutside) return;
  forget(p, request);
  p.recorder.constructors.invalidate();
}

function functionPlace(f: PyFunction): Trace['place'] {
  return { file: f.code.file, unit: f.code.unit, start: f.code.start, end: f.code.end };
}
