/** The built-in namespace: classes, functions, and what the machine itself provides (super, object, type, generators). */

import { bind, defaultGetAttribute, delAttr, delAttrPlain, setAttrPlain } from './attributes.js';
import { functions } from './builtins/functions.js';
import { copyOpenness, dictSet, openKeywords } from './builtins/hash.js';
import { length } from './builtins/items.js';
import { builtinMethods } from './builtins/methods/index.js';
import { installBuiltinMembers } from './builtins/methods/install.js';
import { allocate, createInstance, typeNew } from './classBuild.js';
import { builtinClass, classOf, exceptionClass, isInstance, namedClasses, newException, typeClass } from './classes.js';
import { allNames } from './dependencies.js';
import { PyRaise, raise } from './errors.js';
import { evaluator, type ModuleNames } from './evaluated.js';
import { installExceptionGroups } from './exceptionGroups.js';
import { describe } from './exceptions.js';
import type { PyGenerator } from './generator.js';
import { iterate, nextOf } from './iteration.js';
import type { Machine } from './machine.js';
import { Cell, type PyModule } from './objects.js';
import { PySuper } from './super.js';
import { asRaise } from './traceback.js';
import {
  Ellipsis,
  heap,
  type Keywords,
  type NativeCall,
  NativeFunction,
  NotImplemented,
  PyClass,
  PyClassMethod,
  PyDict,
  PyInstance,
  PyList,
  PyObject,
  PyProperty,
  PyStaticMethod,
  PyTuple,
  Unknown,
  type Value,
} from './values.js';

export interface Natives {
  readonly builtins: Map<string, Value>;
  readonly objectMethods: ReadonlyMap<string, NativeFunction>;
  readonly generatorMethods: ReadonlyMap<string, NativeFunction>;
  /** `object.__init__`: takes anything. */
  readonly objectInit: NativeFunction;
  readonly objectNew: NativeFunction;
  delAttr(object: Value, name: string): void;
  nextOf(object: Value): Value | undefined;
  lengthOf(value: Value): Value;
  mergeInto(target: PyDict, source: Value, call: boolean): void;
  describe(e: PyRaise): { type: string; message: string };
  namespaceDict(module: PyModule): PyDict;
}

const native = (name: string, call: NativeCall, binds = false): NativeFunction => new NativeFunction(name, call, binds);
const asMachine = (vm: unknown): Machine => vm as Machine;

/** Methods every object has. */
function makeObjectMethods(): Map<string, NativeFunction> {
  const m = new Map<string, NativeFunction>();
  const add = (name: string, call: NativeCall): void => {
    m.set(name, native(`object.${name}`, call, true));
  };
  add('__setattr__', (vm, [o, n, v]) => {
    if (o instanceof PyClass) {
      heap.touch(o);
      asMachine(vm).setAttr(o, n as string, v!);
    } else if (o instanceof PyObject) setAttrPlain(asMachine(vm), o, classOf(o), n as string, v!);
    return null;
  });
  add('__delattr__', (vm, [o, n]) => {
    delAttrPlain(asMachine(vm), o!, classOf(o!), n as string);
    return null;
  });
  add('__getattribute__', (vm, [o, n]) => defaultGetAttribute(asMachine(vm), o!, n as string));
  add('__eq__', (_vm, [a, b]) => (a === b ? true : NotImplemented));
  add('__ne__', (_vm, [a, b]) => (a === b ? false : NotImplemented));
  add('__hash__', (_vm, [a]) => (a instanceof PyObject ? a.serial : 0));
  add('__repr__', (vm, [a]) => vm.repr(a!));
  add('__str__', (vm, [a]) => vm.str(a!));
  add('__format__', (vm, [a]) => vm.str(a!));
  add('__dir__', () => new PyList([]));
  add('__sizeof__', () => 64);
  add('__reduce__', () => new PyTuple([]));
  add('__reduce_ex__', () => new PyTuple([]));
  add('__init_subclass__', () => null);
  add('__subclasshook__', () => NotImplemented);
  return m;
}

function generatorMethods(): Map<string, NativeFunction> {
  const m = new Map<string, NativeFunction>();
  const add = (name: string, call: NativeCall): void => {
    m.set(name, native(`generator.${name}`, call, true));
  };
  const end = (g: PyGenerator): never => {
    const stop = newException(builtinClass('StopIteration'), g.result === null ? [] : [g.result]);
    stop.attrs!.set('value', g.result);
    throw asRaise(stop);
  };
  const orEnd = (v: Value | undefined, g: PyGenerator): Value => (v === undefined ? end(g) : v);
  add('__iter__', (_vm, [g]) => g!);
  add('__next__', (vm, [g]) => orEnd(asMachine(vm).resume(g as PyGenerator, null), g as PyGenerator));
  add('send', (vm, [g, v]) => orEnd(asMachine(vm).resume(g as PyGenerator, v!), g as PyGenerator));
  add('throw', (vm, [g, e, value]) => {
    const made =
      e instanceof PyClass
        ? value instanceof PyInstance
          ? value
          : vm.call(e, value === undefined || value === null ? [] : [value])
        : e;
    const gen = g as PyGenerator;
    const r = asRaise(made as PyInstance);
    if (!gen.started) {
      gen.finished = true;
      throw r;
    }
    return orEnd(asMachine(vm).resume(gen, null, r), gen);
  });
  add('close', (vm, [g]) => {
    const gen = g as PyGenerator;
    if (!gen.started || gen.finished) {
      gen.finished = true;
      return null;
    }
    try {
      asMachine(vm).resume(gen, null, asRaise(newException(builtinClass('GeneratorExit'), [])));
    } catch (e) {
      if (
        !(e instanceof PyRaise) ||
        !(asMachine(vm).raisedIs(e, 'GeneratorExit') || asMachine(vm).raisedIs(e, 'StopIteration'))
      )
        throw e;
    }
    return null;
  });
  return m;
}

function makeSuper(vm: Machine, args: readonly Value[]): Value {
  let after: Value;
  let self: Value;
  if (args.length === 0) {
    // the caller's hidden __class__ cell and its first argument
    const f = vm.frames[vm.frames.length - 1]!;
    const i = f.code.freevars.indexOf('__class__');
    const cell = i >= 0 ? f.cells[f.code.cellvars.length + i] : undefined;
    if (!(cell instanceof Cell) || cell.value === undefined) raise('RuntimeError', 'super(): __class__ cell not found');
    after = (cell as Cell).value as Value;
    let first = f.locals[0];
    if (first === undefined || f.code.cellParams.includes(0)) {
      const k = f.code.cellParams.indexOf(0);
      if (k >= 0) first = f.cells[k]!.value;
    }
    if (first === undefined) raise('RuntimeError', 'super(): no arguments');
    self = first as Value;
  } else {
    after = args[0]!;
    self = args[1] ?? null;
  }
  if (self instanceof Unknown || after instanceof Unknown) return self instanceof Unknown ? self : after;
  if (!(after instanceof PyClass)) raise('TypeError', 'super() argument 1 must be a type');
  const cls = after as PyClass;
  const start = self instanceof PyClass && self.mro.includes(cls) ? self : classOf(self);
  if (!start.mro.includes(cls)) raise('TypeError', 'super(type, obj): obj must be an instance or subtype of type');
  return new PySuper(cls, self, start);
}

export function makeNatives(vm: Machine): Natives {
  const builtins = new Map<string, Value>();
  const objectMethods = makeObjectMethods();
  const objectInit = native('object.__init__', () => null);
  for (const [type, methods] of Object.entries(builtinMethods)) {
    const cls = builtinClass(type);
    for (const [name, call] of Object.entries(methods))
      if (!cls.dict.has(name)) cls.dict.set(name, native(`${type}.${name}`, call, true));
  }
  installBuiltinMembers();
  for (const name of namedClasses) builtins.set(name, builtinClass(name));
  builtins.set('IOError', builtinClass('OSError'));
  builtins.set('EnvironmentError', builtinClass('OSError'));
  for (const [name, call] of Object.entries(functions)) builtins.set(name, native(name, call));
  builtins.set('None', null);
  builtins.set('True', true);
  builtins.set('False', false);
  builtins.set('Ellipsis', Ellipsis);
  builtins.set('NotImplemented', NotImplemented);
  builtins.set('__debug__', true);
  builtins.set('__name__', 'builtins');
  builtins.set(
    '__build_class__',
    native('__build_class__', (m) => m.gap('__build_class__', 'called directly')),
  );

  installClasses();

  builtins.set(
    'globals',
    native('globals', (m) => {
      const frames = asMachine(m).frames;
      return namespaceDict(frames[frames.length - 1]!.globals);
    }),
  );
  builtins.set(
    'locals',
    native('locals', (m) => {
      const frames = asMachine(m).frames;
      const f = frames[frames.length - 1]!;
      const d = new PyDict();
      if (f.names !== null) for (const [k, v] of f.names) d.writable.set(k, [k, v]);
      f.code.varnames.forEach((n, i) => {
        const v = f.locals[i];
        if (v !== undefined && !n.startsWith('.')) d.writable.set(n, [n, v]);
      });
      f.code.cellvars.forEach((n, i) => {
        const v = f.cells[i]?.value;
        if (v !== undefined) d.writable.set(n, [n, v]);
      });
      return d;
    }),
  );
  builtins.set(
    '__import__',
    native('__import__', (m, args, kwargs) => {
      const machine = asMachine(m);
      const f = machine.frames[machine.frames.length - 1]!;
      const fromlist = args[3] ?? kwargs?.get('fromlist') ?? null;
      const level = args[4] ?? kwargs?.get('level') ?? 0;
      const leaf = fromlist !== null && machine.truthy(fromlist);
      return machine.imports.importName(f.globals, args[0] as string, typeof level === 'number' ? level : 0, leaf);
    }),
  );
  // configuration files are read; where the program runs is not known, so a file that is not found may exist
  builtins.set(
    'open',
    native('open', (m, args) => {
      const machine = asMachine(m);
      const mode = typeof args[1] === 'string' ? args[1] : 'r';
      const path = args[0] instanceof PyInstance ? machine.str(args[0]) : args[0];
      const text = typeof path === 'string' && /^r[bt]?$/.test(mode) ? machine.imports.text(path) : null;
      const io = text === null ? null : machine.imports.load('io');
      const binary = mode === 'rb';
      const reader = io === null ? undefined : machine.imports.attribute(io, binary ? 'BytesIO' : 'StringIO');
      if (text === null || reader === undefined) return m.gap('open()', 'open() is not run');
      return machine.call(reader, [binary ? m.call(m.getAttr(text, 'encode'), []) : text]);
    }),
  );
  for (const name of ['eval', 'exec'] as const) builtins.set(name, evaluator(name));
  for (const name of ['open', 'input', 'compile', 'breakpoint', 'help']) {
    if (!builtins.has(name))
      builtins.set(
        name,
        native(name, (m) => m.gap(`${name}()`, `${name}() is not run`)),
      );
  }

  const namespaceDict = (module: PyModule): PyDict => {
    vm.imports.reads(module, allNames);
    for (const n of [...module.pending.keys()]) vm.imports.global(module, n, Number.POSITIVE_INFINITY);
    const dict = new NamespaceDict(module);
    // what it star-imports is looked up when asked for
    if (module.stars.length > 0)
      dict.onMiss = (key) => {
        const v = typeof key === 'string' ? vm.imports.global(module, key, Number.POSITIVE_INFINITY) : undefined;
        if (v !== undefined) dict.writable.set(key as string, [key, v]);
        return v !== undefined;
      };
    return dict;
  };
  for (const name of ['exit', 'quit']) {
    if (!builtins.has(name))
      builtins.set(
        name,
        native(name, () => raise('SystemExit', '')),
      );
  }

  return {
    builtins,
    objectMethods,
    generatorMethods: generatorMethods(),
    objectInit,
    objectNew: native('object.__new__', (m, args, kw) => allocate(asMachine(m), args[0] as PyClass, args.slice(1), kw)),
    delAttr: (o, n) => delAttr(vm, o, n),
    nextOf: (o) => nextOf(vm, o),
    lengthOf: (v) => length(vm, v),
    mergeInto(target, source, call) {
      if (source instanceof Unknown) {
        if (call) openKeywords(target, source);
        else dictSet(vm, target, source, new Unknown(source.why, source.where));
        return;
      }
      if (source instanceof PyDict) {
        copyOpenness(source, target);
        for (const [k, e] of source.entries) {
          if (call && target.entries.has(k))
            raise('TypeError', `got multiple values for keyword argument '${vm.str(e[0])}'`);
          target.writable.set(k, [e[0], e[1]]);
        }
        return;
      }
      const keys = vm.tryGetAttr(source, 'keys');
      if (keys === undefined) raise('TypeError', `'${classOf(source).name}' object is not a mapping`);
      for (const k of iterate(vm, vm.call(keys as Value, []))) dictSet(vm, target, k, vm.subscript(source, k));
    },
    describe: (e) => describe(vm, e),
    namespaceDict,
  };
}

/** `module.__dict__` and `globals()`: writes reach the module. */
class NamespaceDict extends PyDict implements ModuleNames {
  constructor(readonly module: PyModule) {
    super();
    for (const [k, v] of module.ns) this.writable.set(k, [k, v]);
    const own = this.writable;
    const set = own.set.bind(own);
    own.set = (k, e) => {
      module.ns.set(k as string, e[1]);
      return set(k, e);
    };
  }
}

/** Members of the classes that the machine itself implements. */
function installClasses(): void {
  const put = (cls: PyClass, name: string, value: Value): void => {
    if (!cls.dict.has(name)) cls.dict.set(name, value);
  };
  put(
    typeClass,
    '__call__',
    native(
      'type.__call__',
      (m, args, kw) => {
        const machine = asMachine(m);
        const r = createInstance(machine, args[0] as PyClass, args.slice(1), kw);
        return isFrame(r) ? machine.runFrame(r) : r;
      },
      true,
    ),
  );
  put(
    typeClass,
    '__new__',
    new PyStaticMethod(native('type.__new__', (m, args, kw) => typeNew(asMachine(m), args, kw))),
  );
  put(
    typeClass,
    '__init__',
    native('type.__init__', () => null, true),
  );
  put(typeClass, '__prepare__', new PyClassMethod(native('type.__prepare__', () => new PyDict())));
  put(
    typeClass,
    '__instancecheck__',
    native('type.__instancecheck__', (_m, [cls, v]) => isInstance(v!, cls as PyClass), true),
  );
  put(
    typeClass,
    '__subclasscheck__',
    native('type.__subclasscheck__', (_m, [cls, v]) => v instanceof PyClass && v.isSubclassOf(cls as PyClass), true),
  );
  put(
    typeClass,
    'mro',
    native('type.mro', (_m, [cls]) => new PyList([...(cls as PyClass).mro]), true),
  );
  put(
    exceptionClass,
    '__init__',
    native(
      'BaseException.__init__',
      (_m, args) => {
        const e = args[0] as PyInstance;
        e.attrs!.set('args', new PyTuple(args.slice(1)));
        return null;
      },
      true,
    ),
  );
  put(
    exceptionClass,
    'with_traceback',
    native('BaseException.with_traceback', (_m, args) => args[0]!, true),
  );
  put(
    exceptionClass,
    'add_note',
    native('BaseException.add_note', () => null, true),
  );
  installExceptionGroups(put);
  for (const n of ['__traceback__', '__cause__', '__context__']) put(exceptionClass, n, null);
  const functionClass = builtinClass('function');
  put(
    functionClass,
    '__get__',
    native(
      'function.__get__',
      (m, [f, o, c]) => bind(asMachine(m), f!, o ?? undefined, (c as PyClass) ?? functionClass),
      true,
    ),
  );
  for (const [name, make] of [
    [
      'property',
      (a: Value[], kw: Keywords): Value =>
        new PyProperty(
          a[0] ?? kw?.get('fget') ?? null,
          a[1] ?? kw?.get('fset') ?? null,
          a[2] ?? kw?.get('fdel') ?? null,
        ),
    ],
    ['staticmethod', (a: Value[]): Value => new PyStaticMethod(a[0]!)],
    ['classmethod', (a: Value[]): Value => new PyClassMethod(a[0]!)],
  ] as const) {
    put(
      builtinClass(name),
      '__new__',
      new PyStaticMethod(
        native(`${name}.__new__`, (_m, args, kw) => {
          const made = make(args.slice(1), kw) as PyObject;
          if (args[0] !== builtinClass(name)) made.cls = args[0] as PyClass;
          return made;
        }),
      ),
    );
  }
  put(
    builtinClass('super'),
    '__new__',
    new PyStaticMethod(native('super.__new__', (m, args) => makeSuper(asMachine(m), args.slice(1)))),
  );
}

function isFrame(v: unknown): v is import('./frame.js').Frame {
  return typeof v === 'object' && v !== null && 'pc' in v;
}
