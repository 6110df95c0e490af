/** `ExceptionGroup` and what `except*` does with one: each clause takes the part that it names, the rest goes on. */
import { builtinClass, exceptionClass, isInstance, newException } from './classes.js';
import { raise } from './errors.js';
import type { Machine } from './machine.js';
import { type Interp, NativeFunction, PyClass, PyInstance, PyList, PyTuple, type Value } from './values.js';

const base = builtinClass('BaseExceptionGroup');
const group = builtinClass('ExceptionGroup');

export function isGroup(v: Value): v is PyInstance {
  return v instanceof PyInstance && v.cls.isSubclassOf(base);
}

/** `ExceptionGroup(message, exceptions)`. */
export function newGroup(vm: Interp, cls: PyClass, args: readonly Value[]): PyInstance {
  if (args.length !== 2)
    raise('TypeError', `BaseExceptionGroup.__new__() takes exactly 2 arguments (${args.length} given)`);
  const items = [...vm.iterate(args[1]!)];
  if (typeof args[0] !== 'string') raise('TypeError', 'argument 1 must be str');
  if (items.length === 0) raise('ValueError', 'second argument (exceptions) must be a non-empty sequence');
  items.forEach((e, i) => {
    if (!isInstance(e, exceptionClass))
      raise('ValueError', `Item ${i} of second argument (exceptions) is not an exception`);
  });
  const plain = items.every((e) => isInstance(e, builtinClass('Exception')));
  if (!plain && cls.isSubclassOf(group)) raise('TypeError', 'Cannot nest BaseExceptions in an ExceptionGroup');
  const made = newException(plain && cls === base ? group : cls, args);
  made.attrs!.set('message', args[0]!);
  made.attrs!.set('exceptions', new PyTuple(items));
  return made;
}

function members(e: PyInstance): readonly Value[] {
  return (e.attrs!.get('exceptions') as PyTuple).items;
}

function matches(vm: Interp, e: Value, condition: Value): boolean {
  if (condition instanceof PyTuple) return condition.items.some((c) => c instanceof PyClass && isInstance(e, c));
  return condition instanceof PyClass ? isInstance(e, condition) : vm.truthy(vm.call(condition, [e]));
}

/** Another group of the same kind with other members. */
function derive(vm: Interp, e: PyInstance, items: readonly Value[]): PyInstance | null {
  if (items.length === 0) return null;
  const made = vm.call(vm.getAttr(e, 'derive'), [new PyList([...items])]) as PyInstance;
  for (const name of ['__cause__', '__context__', '__notes__']) {
    const v = e.attrs!.get(name);
    if (v !== undefined) made.attrs!.set(name, v);
  }
  return made;
}

/** The part of `e` that meets the condition, and the rest; null for nothing. */
export function split(vm: Interp, e: Value, condition: Value): [Value, Value] {
  if (matches(vm, e, condition)) return [e, null];
  if (!isGroup(e)) return [null, e];
  const yes: Value[] = [];
  const no: Value[] = [];
  for (const x of members(e)) {
    const [a, b] = split(vm, x, condition);
    if (a !== null) yes.push(a);
    if (b !== null) no.push(b);
  }
  return [derive(vm, e, yes), derive(vm, e, no)];
}

/** `except* condition`: (part, rest); an exception that is no group is taken as a group of one. */
export const takePart = new NativeFunction('except*', (vm, [e, condition]) => {
  if (e === null) return new PyTuple([null, null]);
  for (const c of condition instanceof PyTuple ? condition.items : [condition!])
    if (!(c instanceof PyClass) || !c.isSubclassOf(exceptionClass))
      raise('TypeError', 'catching classes that do not inherit from BaseException is not allowed');
    else if (c.isSubclassOf(base))
      raise('TypeError', 'catching ExceptionGroup with except* is not allowed. Use except instead.');
  const [part, rest] = split(vm, e!, condition!);
  return new PyTuple([part === null || isGroup(part) ? part : newGroup(vm, base, ['', new PyTuple([part])]), rest]);
});

/** Puts the methods of groups on their class. */
export function installExceptionGroups(put: (cls: PyClass, name: string, value: Value) => void): void {
  const method = (name: string, call: (vm: Machine, self: PyInstance, args: Value[]) => Value): void =>
    put(
      base,
      name,
      new NativeFunction(
        `BaseExceptionGroup.${name}`,
        (vm, args) => call(vm as Machine, args[0] as PyInstance, args.slice(1)),
        true,
      ),
    );
  method('split', (vm, e, [condition]) => new PyTuple(split(vm, e, condition!)));
  method('subgroup', (vm, e, [condition]) => split(vm, e, condition!)[0]);
  method('derive', (vm, e, [items]) => newGroup(vm, base, [e.attrs!.get('message')!, items!]));
  method('__str__', (_vm, e) => {
    const n = members(e).length;
    return `${e.attrs!.get('message') as string} (${n} sub-exception${n === 1 ? '' : 's'})`;
  });
}
