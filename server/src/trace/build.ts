/** Builds what an entry names, or takes what an earlier run built from unchanged code. */
import { type Ground, Reader } from '../python/dependencies.js';
import { Aborted } from '../python/errors.js';
import { PyClass, type PyInstance, Unknown, type Value } from '../python/values.js';
import { dtypes } from '../torch/dtype.js';
import { isModule } from '../torch/moduleClass.js';
import { evaluate } from './evaluate.js';
import { buildFailure } from './failures.js';
import { hasUndecidedPart, modulesOf, paramsOf, unknownMembers, wentOn } from './modelParts.js';
import type { BuiltEntry, Program } from './program.js';
import { fail, missingOf } from './runErrors.js';
import { emptyTrace, type RunRequest } from './runRequest.js';
import { isOpenEnded, type Trace } from './trace.js';

/** What an entry expression stands for, ready to be called. */
function callableOf(p: Program, value: Value): { callee: Value; module: PyInstance | null } {
  if (value instanceof PyClass) {
    const made = p.machine.call(value, []);
    return { callee: made, module: isModule(made) ? made : null };
  }
  return { callee: value, module: isModule(value) ? value : null };
}

/** What a built model depends on beside the code. */
function keyOf(request: RunRequest): string {
  return JSON.stringify([request.entry, request.phase, request.trainMode, request.dtype]);
}

/** Builds what the entry names, or takes what an earlier run built from unchanged code. */
export function build(p: Program, request: RunRequest): BuiltEntry | Trace {
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
    const modules = module === null ? new Set<PyInstance>() : modulesOf(module);
    const uncounted =
      hasUndecidedPart(modules) ||
      recorder.gaps.some((g) => isOpenEnded(g) && (module === null || wentOn(modules, g.since)));
    prepare(p, module, request);
    const params = paramsOf(modules);
    let unknown: ReadonlySet<string> | undefined;
    const made: BuiltEntry = {
      callee,
      module,
      gaps: recorder.gaps,
      rests,
      reader,
      params,
      uncounted,
      unknownMembers: () => {
        unknown ??= unknownMembers(modules);
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

function prepare(p: Program, module: PyInstance | null, request: RunRequest): void {
  const { machine } = p;
  if (module === null) return;
  if (!request.trainMode && request.phase !== 'training') machine.call(machine.getAttr(module, 'eval'), []);
  else machine.call(machine.getAttr(module, 'train'), []);
  if (request.dtype !== null) machine.call(machine.getAttr(module, 'to'), [dtypes[request.dtype]]);
}

/** What was built is not what it was. */
export function forget(p: Program, request: RunRequest): void {
  const key = keyOf(request);
  p.built.get(key)?.reader.drop();
  p.built.delete(key);
}
