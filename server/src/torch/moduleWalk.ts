/**
 * `nn.Module.modules`, `named_modules` and `train`: walks over every module of a model, which building
 * code does again and again. Overrides in sub-classes are called as PyTorch calls them.
 */
import { lookup } from '../python/classes.js';
import { raise } from '../python/errors.js';
import {
  HostIterator,
  heap,
  type Interp,
  type Keywords,
  NativeFunction,
  PyDict,
  PyInstance,
  PySet,
  PyTuple,
  type Value,
} from '../python/values.js';

function children(module: PyInstance): PyDict | null {
  const d = module.attrs!.get('_modules');
  return d instanceof PyDict ? d : null;
}

/** An argument by position or keyword. */
function argument(args: readonly Value[], kwargs: Keywords, i: number, name: string): Value | undefined {
  return args[i] ?? kwargs?.get(name);
}

/** Modules depth first, each before its children; what is added behind the current one is still found. */
function* walk(
  vm: Interp,
  root: PyInstance,
  prefix: string,
  seen: { has(m: Value): boolean; add(m: Value): void } | null,
): Generator<[string, Value]> {
  const stack: [string, Value][] = [[prefix, root]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [path, module] = top;
    if (seen?.has(module) === true) continue;
    seen?.add(module);
    vm.spend(1);
    yield top;
    const below = module instanceof PyInstance ? children(module) : null;
    if (below === null) continue;
    const dotted = path === '' ? '' : `${path}.`;
    const entries = [...below.entries.values()];
    for (let i = entries.length - 1; i >= 0; i--) {
      const [name, child] = entries[i]!;
      if (child !== null) stack.push([dotted + String(name), child]);
    }
  }
}

/** The caller's `memo` set, or one of our own. */
function memoOf(memo: Value | undefined): { has(m: Value): boolean; add(m: Value): void } {
  if (!(memo instanceof PySet)) return new Set<Value>();
  return {
    has: (m) => memo.items.has(m as PyInstance),
    add: (m) => {
      heap.touch(memo);
      memo.writable.set(m as PyInstance, m);
    },
  };
}

function iterate<T>(steps: Generator<T>, give: (step: T) => Value): HostIterator {
  return new HostIterator(() => {
    const step = steps.next();
    return step.done === true ? undefined : give(step.value);
  }, 'generator');
}

/** `named_modules(memo=None, prefix='', remove_duplicate=True)`: pairs of dotted path and module. */
const namedModules = new NativeFunction(
  'Module.named_modules',
  (vm, args, kwargs) => {
    const [self] = args;
    const memo = argument(args, kwargs, 1, 'memo');
    const prefix = argument(args, kwargs, 2, 'prefix') ?? '';
    const once = argument(args, kwargs, 3, 'remove_duplicate') !== false;
    const steps = walk(vm, self as PyInstance, String(prefix), once ? memoOf(memo) : null);
    return iterate(steps, (pair) => new PyTuple(pair));
  },
  true,
);

/** `modules(remove_duplicate=True)`. */
const modules = new NativeFunction(
  'Module.modules',
  (vm, args, kwargs) => {
    const self = args[0] as PyInstance;
    const once = argument(args, kwargs, 1, 'remove_duplicate') !== false;
    if (lookup(self.cls, 'named_modules') === namedModules)
      return iterate(walk(vm, self, '', once ? new Set() : null), ([, module]) => module);
    const named = vm.iterate(vm.call(vm.getAttr(self, 'named_modules'), []))[Symbol.iterator]();
    return new HostIterator(() => {
      const step = named.next();
      return step.done === true ? undefined : (step.value as PyTuple).items[1]!;
    }, 'generator');
  },
  true,
);

function setMode(vm: Interp, module: PyInstance, mode: boolean, plainSet: Value): void {
  vm.spend(1);
  if (lookup(module.cls, '__setattr__') === plainSet && module.attrs!.has('training')) {
    heap.touch(module);
    module.attrs!.set('training', mode);
  } else vm.setAttr(module, 'training', mode);
  const done = new Set<Value>();
  for (const [, child] of children(module)?.entries.values() ?? []) {
    if (child === null || done.has(child)) continue;
    done.add(child);
    if (child instanceof PyInstance && lookup(child.cls, 'train') === train) setMode(vm, child, mode, plainSet);
    else vm.call(vm.getAttr(child, 'train'), [mode]);
  }
}

/** `train(mode=True)`. */
const train: NativeFunction = new NativeFunction(
  'Module.train',
  (vm, args, kwargs) => {
    const self = args[0] as PyInstance;
    const mode = argument(args, kwargs, 1, 'mode') ?? true;
    if (typeof mode !== 'boolean') raise('ValueError', 'training mode is expected to be boolean');
    const base = self.cls.mro.find((c) => c.dict.get('train') === train);
    setMode(vm, self, mode as boolean, base?.dict.get('__setattr__') ?? null);
    return self;
  },
  true,
);

/** Members for the class `Module`. */
export const moduleWalks: readonly (readonly [string, Value])[] = [
  ['modules', modules],
  ['named_modules', namedModules],
  ['train', train],
];
