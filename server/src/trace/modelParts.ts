/** What a built model consists of: its modules, its weights counted, and what of it is unknown. */
import type { Progress } from '../python/machine.js';
import { heap, PyDict, type PyInstance, Unknown, UnknownModel, type Value } from '../python/values.js';
import { isModule } from '../torch/moduleClass.js';
import { TensorValue } from '../torch/tensor.js';
import type { Trace } from './trace.js';

const tables = ['_modules', '_parameters', '_buffers'] as const;

/** Names and values in one table of a module, whatever they are. */
function registered(m: PyInstance, table: (typeof tables)[number]): Iterable<readonly [Value, Value]> {
  const entries = m.attrs?.get(table);
  return entries instanceof PyDict ? entries.entries.values() : [];
}

export function children(m: PyInstance): [string, PyInstance][] {
  const out: [string, PyInstance][] = [];
  for (const [k, v] of registered(m, '_modules')) if (isModule(v)) out.push([String(k), v]);
  return out;
}

/** A module and everything below it, each module once: parents first, in order of registration. */
export function modulesOf(root: PyInstance): ReadonlySet<PyInstance> {
  const found = new Set<PyInstance>();
  const visit = (m: PyInstance): void => {
    if (found.has(m)) return;
    found.add(m);
    for (const [, v] of registered(m, '_modules')) if (isModule(v)) visit(v);
  };
  visit(root);
  return found;
}

/** Parameters or buffers of modules, each tensor once. */
export function collectTensors(modules: Iterable<PyInstance>, table: '_parameters' | '_buffers'): Set<TensorValue> {
  const found = new Set<TensorValue>();
  for (const m of modules) for (const [, v] of registered(m, table)) if (v instanceof TensorValue) found.add(v);
  return found;
}

const counts = new WeakMap<PyInstance, number>();

/** Parameters of a module and everything below it, each tensor once. */
export function parameterCount(m: PyInstance): number {
  let n = counts.get(m);
  if (n === undefined) {
    n = 0;
    for (const p of collectTensors(modulesOf(m), '_parameters')) n += p.numel;
    counts.set(m, n);
  }
  return n;
}

export function paramsOf(modules: ReadonlySet<PyInstance>): NonNullable<Trace['params']> {
  let total = 0;
  let trainable = 0;
  let bytes = 0;
  let bufferBytes = 0;
  for (const t of collectTensors(modules, '_parameters')) {
    total += t.numel;
    bytes += t.nbytes;
    if (t.requiresGrad) trainable += t.numel;
  }
  for (const t of collectTensors(modules, '_buffers')) bufferBytes += t.nbytes;
  return { total, trainable, bytes, bufferBytes };
}

/** Why attributes of the modules are unknown. */
export function unknownMembers(modules: ReadonlySet<PyInstance>): Set<string> {
  const found = new Set<string>();
  for (const m of modules) for (const v of m.attrs?.values() ?? []) if (v instanceof Unknown) found.add(v.why);
  return found;
}

/**
 * Whether building the model went on after `since`: what was undecided then may have had a part in it. A loop over a
 * checkpoint after the last layer was made leaves the weights as they are.
 */
export function wentOn(modules: ReadonlySet<PyInstance>, since: Progress | undefined): boolean {
  if (since === undefined || heap.parts !== since.parts) return true;
  for (const m of modules) {
    if (m.serial >= since.objects) return true;
    for (const table of ['_parameters', '_buffers'] as const)
      for (const [, v] of registered(m, table)) if (v instanceof TensorValue && v.serial >= since.objects) return true;
  }
  return false;
}

/** Whether a sub-module, parameter or buffer of the model, or whether there is one, is unknown. */
export function hasUndecidedPart(modules: ReadonlySet<PyInstance>): boolean {
  const isPart = (v: Value): boolean => isModule(v) || (v instanceof TensorValue && v.isParameter);
  for (const m of modules) {
    for (const table of tables) {
      if (m.attrs?.get(table) instanceof Unknown) return true;
      for (const [, v] of registered(m, table)) if (v instanceof Unknown) return true;
    }
    for (const v of m.attrs?.values() ?? [])
      if (v instanceof Unknown && (v instanceof UnknownModel || v.sides.some(isPart))) return true;
  }
  return false;
}
