/**
 * The operator catalogue's door: everything the interpreter asks of `torch/` goes through here.
 *
 * How the VM hooks in
 *  - `lookupOperator('torch.matmul' | 'Tensor.matmul' | 'Tensor.__add__' | 'torch.nn.functional.relu' |
 *    'torch.ops.torchvision.nms' | 'torch._C._nn.gelu' …)` gives a `NativeFunction` (methods have `binds = true`
 *    and take the tensor first), or undefined when there is no such operator. It parses the schema on the first
 *    call only. `callOperator(interp, name, args, kwargs)` is look-up plus call.
 *  - `tensorMethodNames()`, `operatorNames(prefix)` list what exists (for `dir`, `hasattr`).
 *  - `torchConstants`: qualified name -> value (`torch.float32`, `torch.pi`, `torch.channels_last`, `torch.strided` …).
 *  - `tensorGetAttribute(interp, t, name)`: attributes that are not methods (`shape`, `dtype`, `T`, `grad` …); undefined
 *    when there is none: then look for `Tensor.<name>`. `tensorSetAttribute(interp, t, name, value)` answers false
 *    when the attribute is not one of ours (store it in `attrs`).
 *  - `torchObjectGetAttribute(interp, object, name)`: attributes and methods of DType, TorchDevice, TorchSize,
 *    StructSequence, TypeInfo, TorchGenerator (objects.ts); undefined when there is none.
 *  - `tensorGetItem(interp, t, index)`, `tensorSetItem(interp, t, index, value)`: subscripts; index is what stands
 *    between the brackets (a PyTuple for several). They raise IndexError etc. and emit the kernels. So do
 *    `tensorLength(t)`, `tensorIterate(interp, t)` (rows as `unbind(0)`), `tensorTruth(interp, t)` (undefined: data-dependent)
 *    and `tensorItem(interp, t)`.
 *  - Binary operators: call `Tensor.__add__`, `Tensor.__radd__`, `Tensor.__iadd__`, `Tensor.__matmul__`, `Tensor.__lt__`,
 *    `Tensor.__neg__`, `Tensor.__invert__` …; they give `NotImplemented` for operands that PyTorch does not take.
 *
 * `interp.torch` must be a `TorchState` (kernel.ts). Kernels go to `state.sink`. Python errors are raised with
 * `raise(...)`. An argument that matters and is `Unknown` ends in `interp.gap(...)` and an `Unknown` result.
 * Tensors made here have `cls = null` (class `torch.Tensor`); Parameters keep the `cls` that library code gives them.
 */
import { raise } from '../python/errors.js';
import { type Interp, type Keywords, NativeFunction, NotImplemented, Unknown, type Value } from '../python/values.js';
import { families } from './families.js';
import type { TorchState } from './kernel.js';
import { OpCall } from './opcall.js';
import type { OperatorDeclaration } from './operator.js';
import { noteFailure } from './operatorFailure.js';
import { BindFailure, bind, parseSchema, schemaNames } from './schema.js';

export { tensorGetAttribute, tensorSetAttribute, torchObjectGetAttribute } from './attributes.js';
export { torchConstants } from './constants.js';
export { tensorGetItem, tensorSetItem } from './ops/indexing.js';
export { tensorItem, tensorIterate, tensorLength, tensorToList, tensorTruth } from './protocol.js';

interface Overload {
  readonly schema: string;
  readonly run: OperatorDeclaration['run'];
}

/** Qualified name -> overloads in order of declaration; built on first use. */
let index: Map<string, Overload[]> | null = null;
const functions = new Map<string, NativeFunction>();

function operators(): Map<string, Overload[]> {
  if (index !== null) return index;
  index = new Map();
  for (const family of families) {
    for (const declaration of family) {
      for (const schema of declaration.schemas) {
        const overload = { schema, run: declaration.run };
        for (const name of schemaNames(schema)) {
          const overloads = index.get(name);
          if (overloads === undefined) index.set(name, [overload]);
          else overloads.push(overload);
        }
      }
    }
  }
  return index;
}

export function lookupOperator(qualifiedName: string): NativeFunction | undefined {
  const made = functions.get(qualifiedName);
  if (made !== undefined) return made;
  const overloads = operators().get(qualifiedName);
  if (overloads === undefined) return undefined;
  const method = qualifiedName.startsWith('Tensor.');
  const shortName = qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1);
  const operator = method && shortName.startsWith('__');
  const fn = new NativeFunction(
    qualifiedName,
    (interp, args, kwargs) => invoke(interp, qualifiedName, shortName, overloads, operator, args, kwargs),
    method,
  );
  functions.set(qualifiedName, fn);
  return fn;
}

function invoke(
  interp: Interp,
  qualifiedName: string,
  shortName: string,
  overloads: readonly Overload[],
  operator: boolean,
  args: Value[],
  kwargs: Keywords,
): Value {
  let failure: BindFailure | null = null;
  let unknown: BindFailure | null = null;
  for (const o of overloads) {
    const bound = bind(interp, shortName, parseSchema(o.schema), args, kwargs);
    if (!(bound instanceof BindFailure)) {
      try {
        return o.run(new OpCall(interp, interp.torch as TorchState, qualifiedName), bound);
      } catch (e) {
        noteFailure(e, qualifiedName, bound);
        throw e;
      }
    }
    if (bound.unknown !== null) unknown ??= bound;
    else failure ??= bound;
  }
  if (unknown !== null) {
    interp.gap(qualifiedName, `argument '${unknown.parameter}' is not known: ${unknown.message}`, 'tensor');
    // the root reason travels on, without the chain of calls that passed it along
    return new Unknown(unknown.message, interp.place(), 'tensor');
  }
  if (operator) return NotImplemented;
  raise('TypeError', failure?.message ?? `${shortName}() received an invalid combination of arguments`);
}

/** Look-up plus call. Raises AttributeError when there is no such operator. */
export function callOperator(interp: Interp, name: string, args: Value[], kwargs: Keywords = null): Value {
  const fn = lookupOperator(name);
  if (fn === undefined) raise('AttributeError', `module has no attribute '${name}'`);
  return fn.call(interp, args, kwargs);
}

/** Every qualified name that starts with `prefix`. */
export function* operatorNames(prefix = ''): Iterable<string> {
  for (const name of operators().keys()) if (name.startsWith(prefix)) yield name;
}

/** Names of tensor methods, operators included, without the `Tensor.`. */
export function* tensorMethodNames(): Iterable<string> {
  for (const name of operatorNames('Tensor.')) yield name.slice(7);
}
