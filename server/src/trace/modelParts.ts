/** What a built model consists of: its weights counted, and what of it is unknown. */
import type { Progress } from '../python/machine.js';
import { heap, PyDict, type PyInstance, Unknown, UnknownModel, type Value } from '../python/values.js';
import { isModule } from '../torch/moduleClass.js';
import { TensorValue } from '../torch/tensor.js';
import { children, collectTensors } from './recorder.js';
import type { Trace } from './trace.js';

export function paramsOf(m: PyInstance): NonNullable<Trace['params']> {
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
export function unknownMembers(root: PyInstance, found = new Set<string>(), seen = new Set<PyInstance>()): Set<string> {
  if (seen.has(root)) return found;
  seen.add(root);
  for (const v of root.attrs?.values() ?? []) if (v instanceof Unknown) found.add(v.why);
  for (const [, c] of children(root)) unknownMembers(c, found, seen);
  return found;
}

/**
 * Whether building the model went on after `since`: what was undecided then may have had a part in it. A loop over a
 * checkpoint after the last layer was made leaves the weights as they are.
 */
export function wentOn(root: PyInstance, since: Progress | undefined, seen = new Set<PyInstance>()): boolean {
  if (since === undefined || heap.parts !== since.parts) return true;
  if (seen.has(root)) return false;
  seen.add(root);
  if (root.serial >= since.objects) return true;
  for (const name of ['_parameters', '_buffers']) {
    const parts = root.attrs?.get(name);
    if (parts instanceof PyDict)
      for (const [, v] of parts.entries.values())
        if (v instanceof TensorValue && v.serial >= since.objects) return true;
  }
  return children(root).some(([, c]) => wentOn(c, since, seen));
}

/** Whether a sub-module, parameter or buffer of the model, or whether there is one, is unknown. */
export function hasUndecidedPart(root: PyInstance, seen = new Set<PyInstance>()): boolean {
  if (seen.has(root)) return false;
  seen.add(root);
  for (const name of ['_modules', '_parameters', '_buffers']) {
    const parts = root.attrs?.get(name);
    if (parts instanceof Unknown) return true;
    if (parts instanceof PyDict) for (const [, v] of parts.entries.values()) if (v instanceof Unknown) return true;
  }
  const isPart = (v: Value): boolean => isModule(v) || (v instanceof TensorValue && v.isParameter);
  for (const v of root.attrs?.values() ?? [])
    if (v instanceof Unknown && (v instanceof UnknownModel || v.sides.some(isPart))) return true;
  return children(root).some(([, c]) => hasUndecidedPart(c, seen));
}
