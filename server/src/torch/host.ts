/**
 * Joins PyTorch's values to the interpreter: the classes `Tensor`, `Parameter`, `dtype`,
 * `device`, `Size`, their attribute protocols, and the private `torch._C` state functions
 * that our Python models call.
 */
import { joiners } from '../python/branch.js';
import { builtinClass, linearise, objectClass, setNativeClass, typeClass } from '../python/classes.js';
import { raise } from '../python/errors.js';
import type { Machine } from '../python/machine.js';
import { setProtocol } from '../python/protocol.js';
import {
  heap,
  type Interp,
  type NativeCall,
  NativeFunction,
  PyClass,
  PyList,
  type PyObject,
  PyStaticMethod,
  PyTuple,
  Unknown,
  type Value,
} from '../python/values.js';
import { DType, dtypes } from './dtype.js';
import type { TorchState } from './kernel.js';
import { libraryNatives, tensorMethods } from './libNatives.js';
import './moduleClass.js';
import { parseDevice, StructSequence, TorchDevice, TorchEnum, TorchGenerator, TorchSize, TypeInfo } from './objects.js';
import { noteFailure } from './operatorFailure.js';
import {
  callOperator,
  lookupOperator,
  tensorGetAttribute,
  tensorGetItem,
  tensorIterate,
  tensorLength,
  tensorMethodNames,
  tensorSetAttribute,
  tensorSetItem,
  tensorTruth,
  torchConstants,
  torchObjectGetAttribute,
} from './registry.js';
import { isLater } from './since.js';
import { broadcastShapes } from './strides.js';
import { makeTensor, TensorValue } from './tensor.js';

function define(
  name: string,
  module: string,
  bases: readonly PyClass[] = [objectClass],
  native: string | null = null,
): PyClass {
  const cls = new PyClass(name, bases, new Map<string, Value>([['__module__', module]]), module);
  cls.mro = linearise(cls, bases);
  cls.native = native;
  return cls;
}

export const tensorClass = define('Tensor', 'torch', [objectClass], 'Tensor');
export const parameterClass = define('Parameter', 'torch.nn.parameter', [tensorClass]);
const dtypeClass = define('dtype', 'torch', [objectClass], 'dtype');
const deviceClass = define('device', 'torch', [objectClass], 'device');
const sizeClass = define('Size', 'torch', [builtinClass('tuple')]);
const enumClass = define('layout', 'torch');
const generatorClass = define('Generator', 'torch');
const infoClass = define('finfo', 'torch');

for (const cls of [tensorClass, parameterClass])
  cls.hides = (vm, name) => isLater(`torch.Tensor.${name}`, (vm.torch as TorchState).version);
setNativeClass(TensorValue, tensorClass);
setNativeClass(DType, dtypeClass);
setNativeClass(TorchDevice, deviceClass);
setNativeClass(TorchSize, sizeClass);
setNativeClass(StructSequence, builtinClass('tuple'));
setNativeClass(TorchEnum, enumClass);
setNativeClass(TorchGenerator, generatorClass);
setNativeClass(TypeInfo, infoClass);

for (const name of tensorMethodNames()) tensorClass.dict.set(name, lookupOperator(`Tensor.${name}`)!);
for (const [name, method] of tensorMethods) if (!tensorClass.dict.has(name)) tensorClass.dict.set(name, method);

/** `t.numpy()`: an array of our numpy over the same tensor. */
tensorClass.dict.set(
  'numpy',
  new NativeFunction(
    'Tensor.numpy',
    (vm, args, kwargs) => {
      const t = callOperator(vm, 'Tensor.numpy', args, kwargs);
      const { imports } = vm as Machine;
      const numpy = t instanceof TensorValue ? imports.load('numpy') : null;
      const array = numpy === null ? undefined : imports.attribute(numpy, 'ndarray');
      return array === undefined ? t : vm.call(array, [t]);
    },
    true,
  ),
);

/** A tensor whose number of rows is not known is iterated once, and says so. */
function oneRow(vm: Interp, t: TensorValue): TensorValue[] {
  const machine = vm as Machine;
  machine.listener.assumption(
    'loop over the rows of a tensor, their number depends on data: one turn',
    'loop',
    machine.place(),
  );
  return [makeTensor(t.shape.slice(1), t.dtype, t.device)];
}

/** Runs part of the tensor protocol; what raises is remembered with its operands, as for declared operators. */
function noting<T>(operator: string, operands: Readonly<Record<string, Value>>, run: () => T): T {
  try {
    return run();
  } catch (e) {
    noteFailure(e, operator, operands);
    throw e;
  }
}

setProtocol(TensorValue, {
  getAttr: (vm, t: TensorValue, name) => {
    const v = tensorGetAttribute(vm, t, name);
    if (v !== undefined) return v;
    return undefined;
  },
  setAttr: (vm, t: TensorValue, name, value) => tensorSetAttribute(vm, t, name, value),
  getItem: (vm, t: TensorValue, index) =>
    index instanceof Unknown
      ? vm.gap('Tensor.__getitem__', `index is not known: ${index.why}`, 'tensor')
      : noting('Tensor.__getitem__', { input: t, index }, () => tensorGetItem(vm, t, index)),
  setItem: (vm, t: TensorValue, index, value) => {
    if (index instanceof Unknown || value instanceof Unknown) {
      heap.touch(t);
      t.values = null;
      vm.gap(
        'Tensor.__setitem__',
        `${index instanceof Unknown ? `index is not known: ${index.why}` : `value is not known: ${(value as Unknown).why}`}`,
        'any',
      );
      return;
    }
    noting('Tensor.__setitem__', { input: t, index, value }, () => tensorSetItem(vm, t, index, value));
  },
  length: (vm, t: TensorValue) => {
    const n = tensorLength(vm, t);
    return typeof n === 'number' ? n : undefined;
  },
  iterate: (vm, t: TensorValue) => tensorIterate(vm, t) ?? oneRow(vm, t),
  truth: (vm, t: TensorValue) => tensorTruth(vm, t),
});
for (const host of [DType, TorchDevice, TorchSize, StructSequence, TypeInfo, TorchGenerator]) {
  setProtocol(host as unknown as { prototype: PyObject }, {
    getAttr: (vm, o, name) => torchObjectGetAttribute(vm, o, name),
  });
}

// two tensors of equal shape and type meet as one of unknown content
joiners.push((a, b) => {
  if (!(a instanceof TensorValue) || !(b instanceof TensorValue)) return undefined;
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return undefined;
  const shape = a.shape.map((d, i) => (d === b.shape[i] ? d : Number.NaN));
  const t = makeTensor(shape, a.dtype, a.device);
  t.requiresGrad = a.requiresGrad || b.requiresGrad;
  t.gradFn = b.gradFn ?? a.gradFn;
  return t;
});

const state = (vm: Interp): TorchState => vm.torch as TorchState;

/** How PyTorch's small objects print: code builds dictionary keys and messages from them. */
function prints(cls: PyClass, repr: (v: any, vm: Interp) => string, str = repr): void {
  cls.dict.set('__repr__', new NativeFunction(`${cls.name}.__repr__`, (vm, [v]) => repr(v, vm), true));
  cls.dict.set('__str__', new NativeFunction(`${cls.name}.__str__`, (vm, [v]) => str(v, vm), true));
}
prints(dtypeClass, (d: DType) => `torch.${d.name}`);
prints(
  deviceClass,
  (d: TorchDevice) => (d.index === null ? `device(type='${d.type}')` : `device(type='${d.type}', index=${d.index})`),
  (d: TorchDevice) => (d.index === null ? d.type : `${d.type}:${d.index}`),
);
prints(sizeClass, (s: TorchSize, vm) => `torch.Size([${s.items.map((v) => vm.repr(v)).join(', ')}])`);
prints(enumClass, (e: TorchEnum) => `torch.${e.name}`);

/** `torch.Tensor(…)`: sizes, or data. */
tensorClass.dict.set(
  '__new__',
  new PyStaticMethod(
    new NativeFunction('Tensor.__new__', (vm, args) => {
      const [cls, ...rest] = args;
      let made: Value;
      if (rest.length === 1 && rest[0] instanceof TensorValue) made = alias(rest[0]);
      else if (rest.length > 0 && rest.every((a) => typeof a === 'number'))
        made = callOperator(vm, 'torch.empty', [new PyTuple(rest)]);
      else if (rest.length === 0) made = callOperator(vm, 'torch.empty', [0]);
      else if (rest[0] instanceof TorchSize) made = callOperator(vm, 'torch.empty', [rest[0]]);
      else made = callOperator(vm, 'torch.tensor', [rest[0]!], new Map<string, Value>([['dtype', dtypes.float32]]));
      if (made instanceof TensorValue && cls !== tensorClass) made.cls = cls as PyClass;
      return made;
    }),
  ),
);

/** Another tensor over the same storage. */
function alias(t: TensorValue): TensorValue {
  return new TensorValue(t.shape, t.strides, t.dtype, t.device, t.storage, t.storageOffset, t.values);
}

parameterClass.dict.set(
  '__new__',
  new PyStaticMethod(
    new NativeFunction('Parameter.__new__', (vm, args, kwargs) => {
      const cls = args[0] as PyClass;
      const data = args[1] ?? kwargs?.get('data') ?? null;
      const grad = args[2] ?? kwargs?.get('requires_grad') ?? true;
      if (data instanceof Unknown) return vm.gap('Parameter', `its data is not known: ${data.why}`, 'tensor');
      const base = data === null ? makeTensor([0], state(vm).defaultDtype) : data;
      if (!(base instanceof TensorValue))
        raise('TypeError', `Parameter data must be a torch.Tensor, got ${vm.classOf(base).name}`);
      const p = alias(base as TensorValue);
      p.cls = cls;
      p.isParameter = true;
      p.requiresGrad = vm.truthy(grad);
      return p;
    }),
  ),
);

dtypeClass.dict.set(
  '__new__',
  new PyStaticMethod(
    new NativeFunction('dtype.__new__', () => raise('TypeError', "cannot create 'torch.dtype' instances")),
  ),
);
deviceClass.dict.set(
  '__new__',
  new PyStaticMethod(
    new NativeFunction('device.__new__', (vm, args, kwargs) => {
      const spec = args[1] ?? kwargs?.get('type') ?? kwargs?.get('device') ?? null;
      const index = args[2] ?? kwargs?.get('index') ?? null;
      if (spec instanceof TorchDevice) return spec;
      if (spec instanceof Unknown) return TorchDevice.of('cuda', null);
      if (typeof spec === 'number') return TorchDevice.of('cuda', spec);
      const parsed = typeof spec === 'string' ? parseDevice(spec) : null;
      if (parsed === null) raise('RuntimeError', `Invalid device string: '${vm.str(spec)}'`);
      return typeof index === 'number' ? TorchDevice.of(parsed!.type, index) : parsed!;
    }),
  ),
);
deviceClass.dict.set(
  '__enter__',
  new NativeFunction(
    'device.__enter__',
    (vm, [device]) => {
      const s = state(vm);
      s.outerDevices.push(s.defaultDevice);
      s.defaultDevice = String(device);
      return device!;
    },
    true,
  ),
);
deviceClass.dict.set(
  '__exit__',
  new NativeFunction(
    'device.__exit__',
    (vm) => {
      const s = state(vm);
      s.defaultDevice = s.outerDevices.pop() ?? 'cpu';
      return null;
    },
    true,
  ),
);
generatorClass.dict.set(
  '__new__',
  new PyStaticMethod(
    new NativeFunction('Generator.__new__', (vm, args, kwargs) =>
      callOperator(vm, 'torch.Generator', args.slice(1), kwargs),
    ),
  ),
);
sizeClass.dict.set(
  '__new__',
  new PyStaticMethod(
    new NativeFunction(
      'Size.__new__',
      (vm, args) => new TorchSize(args[1] === undefined ? [] : [...vm.iterate(args[1])]),
    ),
  ),
);

const privates: Record<string, NativeCall> = {
  _set_grad_enabled: (vm, [on]) => {
    state(vm).gradEnabled = vm.truthy(on!);
    return null;
  },
  _is_grad_enabled: (vm) => state(vm).gradEnabled,
  _set_inference_mode: (vm, [on]) => {
    const s = state(vm);
    s.inferenceMode = vm.truthy(on!);
    return null;
  },
  _is_inference_mode: (vm) => state(vm).inferenceMode,
  _set_autocast: (vm, [device, dtype]) => {
    const s = state(vm);
    const next = new Map(s.autocast);
    if (dtype instanceof DType) next.set(device as string, dtype);
    else next.delete(device as string);
    s.autocast = next;
    return null;
  },
  _get_autocast: (vm, [device]) => state(vm).autocast.get(device as string) ?? null,
};
const publics: Record<string, NativeCall> = {
  is_grad_enabled: (vm) => state(vm).gradEnabled,
  is_inference_mode_enabled: (vm) => state(vm).inferenceMode,
  set_default_dtype: (vm, [d]) => {
    if (d instanceof DType) state(vm).defaultDtype = d;
    return null;
  },
  get_default_dtype: (vm) => state(vm).defaultDtype,
  set_default_device: (vm, [d]) => {
    state(vm).defaultDevice = d === null ? 'cpu' : typeof d === 'string' ? d : String(d);
    return null;
  },
  get_default_device: (vm) => parseDevice(state(vm).defaultDevice),
  is_tensor: (_vm, [v]) => v instanceof TensorValue,
  broadcast_shapes: (vm, shapes) => {
    const extents = shapes.map((s) =>
      (s instanceof PyTuple || s instanceof PyList ? s.items : [s]).map((d) =>
        typeof d === 'number' ? d : Number.NaN,
      ),
    );
    const place = (vm as Machine).place();
    return new TorchSize(
      broadcastShapes(...extents).map((d) =>
        Number.isNaN(d) ? new Unknown('extent that is not known', place, 'int') : d,
      ),
    );
  },
};

const named = new Map<string, Value>([
  ['torch.Tensor', tensorClass],
  ['torch._C.TensorBase', tensorClass],
  ['torch._C._TensorBase', tensorClass],
  ['torch._C.Parameter', parameterClass],
  ['torch.nn.parameter.Parameter', parameterClass],
  ['torch.dtype', dtypeClass],
  ['torch.device', deviceClass],
  ['torch.Size', sizeClass],
  ['torch.Generator', generatorClass],
]);
for (const [n, f] of Object.entries(privates)) named.set(`torch._C.${n}`, new NativeFunction(`torch._C.${n}`, f));
for (const [n, f] of Object.entries(publics)) named.set(`torch.${n}`, new NativeFunction(`torch.${n}`, f));
const legacyTypes = new Map<PyClass, { dtype: DType; isCuda: boolean }>();
// legacy types: classes that tensors of one dtype on one kind of device are instances of
const legacyDTypes = {
  Float: 'float32',
  Double: 'float64',
  Half: 'float16',
  BFloat16: 'bfloat16',
  Long: 'int64',
  Int: 'int32',
  Short: 'int16',
  Char: 'int8',
  Byte: 'uint8',
  Bool: 'bool',
} as const;
const tensorType = define('tensortype', 'torch', [typeClass]);
for (const module of ['torch', 'torch.cuda']) {
  const isCuda = module === 'torch.cuda';
  for (const [kind, dtype] of Object.entries(legacyDTypes)) {
    const cls = define(`${kind}Tensor`, module, [tensorClass]);
    cls.metaclass = tensorType;
    cls.dict.set(
      '__new__',
      new PyStaticMethod(
        new NativeFunction(`${kind}Tensor.__new__`, (vm, args) => {
          const rest = args.slice(1);
          const kw = new Map<string, Value>([['dtype', dtypes[dtype]]]);
          if (isCuda) kw.set('device', TorchDevice.of('cuda', null));
          if (rest.length === 0) return callOperator(vm, 'torch.empty', [0], kw);
          if (rest.every((a) => typeof a === 'number')) return callOperator(vm, 'torch.empty', [new PyTuple(rest)], kw);
          return callOperator(vm, 'torch.tensor', [rest[0]!], kw);
        }),
      ),
    );
    legacyTypes.set(cls, { dtype: dtypes[dtype], isCuda });
    named.set(`${module}.${kind}Tensor`, cls);
  }
}
tensorType.dict.set(
  '__instancecheck__',
  new NativeFunction(
    'tensortype.__instancecheck__',
    (_vm, [cls, v]) => {
      const wanted = legacyTypes.get(cls as PyClass);
      if (wanted === undefined || !(v instanceof TensorValue)) return false;
      return v.dtype === wanted.dtype && v.device.startsWith('cuda') === wanted.isCuda;
    },
    true,
  ),
);

/** What Python code finds under a qualified name of `torch`; undefined when nothing native has it. */
export function torchNative(qualifiedName: string, version: readonly [number, number]): Value | undefined {
  if (qualifiedName === 'torch._C._version') return new PyTuple([...version]);
  if (isLater(qualifiedName, version)) return undefined;
  return (
    named.get(qualifiedName) ??
    libraryNatives.get(qualifiedName) ??
    torchConstants.get(qualifiedName) ??
    lookupOperator(qualifiedName)
  );
}
