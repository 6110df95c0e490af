/** The native members of `torch.nn.Module`: attribute access over `_parameters`, `_buffers`, `_modules`, and `__call__`. */
import { delAttrPlain, setAttrPlain } from '../python/attributes.js';
import { nativeMembers } from '../python/classBuild.js';
import { classOf, lookup } from '../python/classes.js';
import { raise } from '../python/errors.js';
import type { Machine } from '../python/machine.js';
import { PyModule } from '../python/objects.js';
import { TailCall } from '../python/tail.js';
import { likelyBases } from '../python/unknownClasses.js';
import {
  heap,
  type Keywords,
  NativeFunction,
  PyClass,
  PyDict,
  PyInstance,
  PySet,
  PyTuple,
  Unknown,
  type Value,
} from '../python/values.js';
import type { TorchState } from './kernel.js';
import { moduleWalks } from './moduleWalk.js';
import { TensorValue } from './tensor.js';

const tables = ['_parameters', '_buffers', '_modules'] as const;

/** What `Module.__init__` makes in PyTorch and hardly a module uses: made when first asked for. */
const onDemand: ReadonlyMap<string, () => Value> = new Map<string, () => Value>([
  ['_forward_hooks', () => new PyDict()],
  ['_forward_pre_hooks', () => new PyDict()],
  ['_non_persistent_buffers_set', () => new PySet(false)],
]);

function table(self: PyInstance, name: (typeof tables)[number]): PyDict | undefined {
  const d = self.attrs!.get(name);
  return d instanceof PyDict ? d : undefined;
}

/** True for instances of classes that derive from our `torch.nn.Module`. */
export function isModule(v: Value): v is PyInstance {
  return v instanceof PyInstance && lookup(v.cls, '__is_nn_module__') === true;
}

function getattr(_vm: unknown, [self, name]: Value[]): Value {
  for (const t of tables) {
    const entry = table(self as PyInstance, t)?.entries.get(name as string);
    if (entry !== undefined) return entry[1];
  }
  const made =
    self instanceof PyInstance && table(self, '_parameters') !== undefined && onDemand.get(name as string)?.();
  if (made) {
    heap.touch(self);
    self.attrs!.set(name as string, made);
    return made;
  }
  return raise('AttributeError', `'${classOf(self!).name}' object has no attribute '${String(name)}'`);
}

function removeFrom(self: PyInstance, name: string, keep: (typeof tables)[number] | null): void {
  heap.parts++;
  if (self.attrs!.has(name)) {
    heap.touch(self);
    self.attrs!.delete(name);
  }
  for (const t of tables) {
    if (t === keep) continue;
    const d = table(self, t);
    if (d?.entries.has(name) === true) {
      heap.touch(d);
      d.writable.delete(name);
    }
  }
}

function put(self: PyInstance, t: (typeof tables)[number], name: string, value: Value): void {
  const d = table(self, t);
  if (d === undefined) raise('AttributeError', `cannot assign ${t.slice(1)} before Module.__init__() call`);
  removeFrom(self, name, t);
  heap.touch(d!);
  d!.writable.set(name, [name, value]);
}

function setattr(vm: unknown, [self, name, value]: Value[]): Value {
  const me = self as PyInstance;
  const key = name as string;
  const v = value!;
  // a property with that name wins, as a data descriptor does
  if (v instanceof TensorValue && v.isParameter) {
    put(me, '_parameters', key, v);
    return null;
  }
  if (isModule(v)) {
    put(me, '_modules', key, v);
    return null;
  }
  const parameters = table(me, '_parameters');
  if (parameters?.entries.has(key) === true) {
    if (v !== null && !(v instanceof Unknown))
      raise(
        'TypeError',
        `cannot assign '${classOf(v).name}' as parameter '${key}' (torch.nn.Parameter or None expected)`,
      );
    heap.touch(parameters);
    heap.parts++;
    parameters.writable.set(key, [key, v]);
    return null;
  }
  const modules = table(me, '_modules');
  if (modules?.entries.has(key) === true) {
    if (v !== null && !(v instanceof Unknown))
      raise(
        'TypeError',
        `cannot assign '${classOf(v).name}' as child module '${key}' (torch.nn.Module or None expected)`,
      );
    heap.touch(modules);
    heap.parts++;
    modules.writable.set(key, [key, v]);
    return null;
  }
  const buffers = table(me, '_buffers');
  if (buffers?.entries.has(key) === true) {
    if (v !== null && !(v instanceof TensorValue) && !(v instanceof Unknown))
      raise('TypeError', `cannot assign '${classOf(v).name}' as buffer '${key}' (torch.Tensor or None expected)`);
    heap.touch(buffers);
    buffers.writable.set(key, [key, v]);
    return null;
  }
  if (v instanceof TensorValue && v.cls !== null && v.cls.name === 'Buffer') {
    put(me, '_buffers', key, v);
    if (v.attrs?.get('persistent') === false) {
      const machine = vm as Machine;
      machine.call(machine.getAttr(machine.getAttr(me, '_non_persistent_buffers_set'), 'add'), [key]);
    }
    return null;
  }
  setAttrPlain(vm as Machine, me, me.cls, key, v);
  return null;
}

function delattr(vm: unknown, [self, name]: Value[]): Value {
  const me = self as PyInstance;
  const key = name as string;
  for (const t of tables) {
    const d = table(me, t);
    if (d?.entries.has(key) === true) {
      heap.touch(d);
      heap.parts++;
      d.writable.delete(key);
      const passing = me.attrs!.get('_non_persistent_buffers_set');
      if (passing instanceof PySet && passing.items.has(key)) {
        heap.touch(passing);
        passing.writable.delete(key);
      }
      return null;
    }
  }
  delAttrPlain(vm as Machine, me, me.cls, key);
  return null;
}

function hooks(self: PyInstance, name: string): { key: Value; hook: Value }[] {
  const d = self.attrs!.get(name);
  if (!(d instanceof PyDict) || d.entries.size === 0) return [];
  return [...d.entries.values()].map(([key, hook]) => ({ key, hook }));
}

function takesKwargs(vm: Machine, self: PyInstance, key: Value): boolean {
  const set = vm.tryGetAttr(self, '_hooks_with_kwargs');
  if (set === undefined || set === null) return false;
  for (const k of vm.iterate(set)) if (k === key) return true;
  return false;
}

/** `Module.__call__`: pre-hooks, `forward` on the machine's own stack, hooks; the trace sees a scope. */
function call(m: unknown, allArgs: Value[], kwargs: Keywords): Value {
  const vm = m as Machine;
  const self = allArgs[0] as PyInstance;
  if (self.cls.doubt !== null) vm.gap('class', self.cls.doubt, 'tensor');
  let args = allArgs.slice(1);
  for (const { key, hook } of hooks(self, '_forward_pre_hooks')) {
    const withKwargs = takesKwargs(vm, self, key);
    const r = vm.call(hook, withKwargs ? [self, new PyTuple(args), keywordDict(kwargs)] : [self, new PyTuple(args)]);
    if (r === null) continue;
    if (withKwargs && r instanceof PyTuple && r.items.length === 2 && r.items[0] instanceof PyTuple) {
      args = [...r.items[0].items];
      const d = r.items[1];
      if (d instanceof PyDict) kwargs = new Map([...d.entries.values()].map(([k, v]) => [k as string, v]));
    } else args = r instanceof PyTuple ? [...r.items] : [r];
  }
  const forward = vm.getAttr(self, 'forward');
  const scopes = (vm.torch as TorchState).scopes;
  const entered = scopes?.enter(self, args, kwargs) ?? null;
  if (entered !== null && 'result' in entered) return entered.result;
  const after = hooks(self, '_forward_hooks');
  const finalArgs = args;
  const finalKwargs = kwargs;
  const exit =
    after.length === 0
      ? (entered?.exit ?? null)
      : (result: Value): Value => {
          let out = result;
          for (const { key, hook } of after) {
            const r = takesKwargs(vm, self, key)
              ? vm.call(hook, [self, new PyTuple(finalArgs), keywordDict(finalKwargs), out])
              : vm.call(hook, [self, new PyTuple(finalArgs), out]);
            if (r !== null) out = r;
          }
          return entered === null ? out : entered.exit(out);
        };
  return new TailCall(forward, args, kwargs, exit, entered?.unwind ?? null);
}

function keywordDict(kwargs: Keywords): PyDict {
  const d = new PyDict();
  if (kwargs !== null) for (const [k, v] of kwargs) d.writable.set(k, [k, v]);
  return d;
}

const native = (name: string, f: (vm: unknown, args: Value[], kwargs: Keywords) => Value): NativeFunction =>
  new NativeFunction(`Module.${name}`, f as never, true);

nativeMembers.set(
  'torch.nn.modules.module.Module',
  new Map<string, Value>([
    ['__getattr__', native('__getattr__', getattr as never)],
    ['__setattr__', native('__setattr__', setattr as never)],
    ['__delattr__', native('__delattr__', delattr as never)],
    ['__call__', native('__call__', call)],
    ['__is_nn_module__', true],
    ...moduleWalks,
  ]),
);

// a class with a `forward` whose base is in a package that is not there
likelyBases.push((vm, names) => {
  if (!names.has('forward')) return null;
  const module = vm.imports.load('torch.nn.modules.module');
  const found = module instanceof PyModule ? vm.getAttr(module, 'Module') : null;
  return found instanceof PyClass ? found : null;
});
