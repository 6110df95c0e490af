/** `_eco`: what our Python library needs from the host. */

import { AnnotationDict, evaluateAnnotation } from '../../annotations.js';
import { bind } from '../../attributes.js';
import { builtinClass, nativeOf } from '../../classes.js';
import { raise } from '../../errors.js';
import { Attributes } from '../../instanceAttributes.js';
import type { Machine } from '../../machine.js';
import { PyFunction, PyModule } from '../../objects.js';
import {
  BoundMethod,
  heap,
  type Interp,
  NativeFunction,
  PyClass,
  PyDict,
  PyFloat,
  PyInstance,
  PyList,
  type PyObject,
  PyStaticMethod,
  PyTuple,
  Unknown,
  type Value,
} from '../../values.js';
import { constructors } from '../constructors.js';
import { isInt } from '../numbers.js';
import { MappingProxy, PyGenericAlias, PyUnion } from '../types.js';
import { dataclassInit } from './dataclassInit.js';
import { fn, type NativeModule, raw } from './define.js';

const kinds = new Set(['any', 'tensor', 'int', 'float', 'bool', 'str']);

function kindArgument(v: Value | undefined): Unknown['kind'] {
  return typeof v === 'string' && kinds.has(v) ? (v as Unknown['kind']) : 'any';
}

/** The common kind of some values, `any` when they differ. */
function kindOfAll(values: readonly Value[]): Unknown['kind'] {
  const one = (v: Value): Unknown['kind'] => {
    if (v instanceof Unknown) return v.kind;
    if (typeof v === 'boolean') return 'bool';
    if (isInt(v)) return 'int';
    if (v instanceof PyFloat) return 'float';
    return typeof v === 'string' ? 'str' : 'any';
  };
  const found = new Set(values.map(one));
  return found.size === 1 ? [...found][0]! : 'any';
}

function holdsUnknown(v: Value, depth = 0): boolean {
  if (v instanceof Unknown) return true;
  if (depth > 3) return false;
  if (v instanceof PyTuple || v instanceof PyList) return v.items.some((x) => holdsUnknown(x, depth + 1));
  return v instanceof PyDict && [...v.entries.values()].some((e) => holdsUnknown(e[1], depth + 1));
}

/** A new instance of `cls` without running any `__new__` or `__init__` written in Python. */
export function newInstance(vm: Interp, cls: PyClass, args: Value[]): Value {
  const native = nativeOf(cls);
  const make = native === null ? undefined : constructors[native];
  return make === undefined ? new PyInstance(cls) : make(vm, cls, args, null);
}

/** Parameters of a function as (name, kind, has default, default), kinds as in `inspect`; None without source. */
function parametersOf(vm: Interp, f: Value): Value {
  if (f instanceof BoundMethod) {
    const own = parametersOf(vm, f.func);
    return own instanceof PyList ? new PyList(own.items.slice(1)) : own;
  }
  if (!(f instanceof PyFunction)) return null;
  const { code } = f;
  const out: Value[] = [];
  const add = (name: string, kind: number, value: Value | undefined) =>
    out.push(new PyTuple([name, kind, value !== undefined, value ?? null]));
  const firstDefault = code.argcount - f.defaults.length;
  for (let i = 0; i < code.argcount; i++)
    add(code.varnames[i]!, i < code.posonly ? 0 : 1, i >= firstDefault ? f.defaults[i - firstDefault] : undefined);
  let slot = code.argcount + code.kwonly;
  if (code.hasVarargs) add(code.varnames[slot++]!, 2, undefined);
  for (let i = code.argcount; i < code.argcount + code.kwonly; i++)
    add(code.varnames[i]!, 3, f.kwdefaults?.get(code.varnames[i]!));
  if (code.hasVarkw) add(code.varnames[slot]!, 4, undefined);
  return new PyList(out);
}

export const helperModule: NativeModule = {
  NoneType: builtinClass('NoneType'),
  EllipsisType: builtinClass('ellipsis'),
  NotImplementedType: builtinClass('NotImplementedType'),
  FunctionType: builtinClass('function'),
  BuiltinFunctionType: builtinClass('builtin_function_or_method'),
  MethodType: builtinClass('method'),
  ModuleType: builtinClass('module'),
  GeneratorType: builtinClass('generator'),
  CoroutineType: builtinClass('coroutine'),
  CodeType: builtinClass('code'),
  CellType: builtinClass('cell'),
  TracebackType: builtinClass('traceback'),
  MappingProxyType: builtinClass('mappingproxy'),
  GenericAlias: builtinClass('GenericAlias'),
  UnionType: builtinClass('UnionType'),
  dict_keys: builtinClass('dict_keys'),
  dict_values: builtinClass('dict_values'),
  dict_items: builtinClass('dict_items'),
  ...Object.fromEntries([
    raw('_eco', 'is_unknown', (_vm, args) => args.some((a) => a instanceof Unknown)),
    raw('_eco', 'holds_unknown', (_vm, args) => args.some((a) => holdsUnknown(a))),
    // a value that only a run gives: no gap, the code is understood
    fn('_eco', 'runtime', 'why, kind=', (vm, why, kind) => new Unknown(vm.str(why!), vm.place(), kindArgument(kind))),
    // the names in a folder of the sources, None when it is not among them
    raw('_eco', 'folder', (vm, [path]) => {
      const names = typeof path === 'string' ? (vm as Machine).imports.folder(path) : null;
      return names === null ? null : new PyList([...names]);
    }),
    fn('_eco', 'gap', 'what, why, kind=', (vm, what, why, kind) =>
      vm.gap(vm.str(what!), vm.str(why!), kindArgument(kind)),
    ),
    raw('_eco', 'kind_of', (_vm, args) =>
      kindOfAll(args[0] instanceof PyList || args[0] instanceof PyTuple ? args[0].items : args),
    ),
    raw('_eco', 'new_instance', (vm, args) => newInstance(vm, args[0] as PyClass, args.slice(1))),
    raw('_eco', 'payload', (_vm, [v]) => (v instanceof PyInstance && v.payload !== undefined ? v.payload : v!)),
    fn('_eco', 'parameters', 'f', (vm, f) => parametersOf(vm, f!)),
    fn('_eco', 'dataclass_init', 'cls, fields, kw_only, post_init, frozen', (vm, cls, fields, kwOnly, post, frozen) =>
      dataclassInit(vm, cls!, fields!, kwOnly!, post!, frozen!),
    ),
    // object.__setattr__ that no class can have overridden
    fn('_eco', 'set_attribute', 'obj, name, value', (_vm, obj, name, value) => {
      const o = obj as PyObject;
      heap.touch(o);
      o.attrs ??= new Attributes();
      o.attrs.set(name as string, value!);
      return null;
    }),
    fn('_eco', 'bind', 'attribute, instance, owner', (vm, attribute, instance, owner) =>
      bind(vm as Machine, attribute!, instance === null ? undefined : instance, owner as PyClass),
    ),
    fn('_eco', 'bound_method', 'func, instance', (_vm, func, instance) => new BoundMethod(instance!, func!)),
    fn('_eco', 'class_dict', 'cls', (_vm, cls) => {
      const d = new PyDict();
      if (cls instanceof PyClass) for (const [k, v] of cls.dict) d.writable.set(k, [k, v]);
      return d;
    }),
    fn('_eco', 'native_name', 'cls', (_vm, cls) => (cls instanceof PyClass ? nativeOf(cls) : null)),
    fn('_eco', 'mapping_proxy', 'mapping', (_vm, m) => new MappingProxy(m!)),
    fn('_eco', 'union', 'members', (_vm, m) => new PyUnion([...(m as PyTuple).items])),
    fn('_eco', 'union_args', 'union', (_vm, u) => new PyTuple(u instanceof PyUnion ? u.args : [])),
    fn('_eco', 'alias_origin', 'alias', (_vm, a) => (a instanceof PyGenericAlias ? a.origin : null)),
    fn('_eco', 'alias_args', 'alias', (_vm, a) => new PyTuple(a instanceof PyGenericAlias ? a.args : [])),
    // annotations of a class or function as written, without evaluating them
    fn('_eco', 'annotation_texts', 'annotations', (_vm, d) => {
      if (!(d instanceof AnnotationDict)) return d!;
      const out = new PyDict();
      for (const [k, v] of d.texts) out.writable.set(k, [k, v]);
      return out;
    }),
    // what a type written as text names, seen from the module of a function or class; the text when it cannot be told
    fn('_eco', 'evaluate_annotation', 'text, owner', (vm, text, owner) => {
      const machine = vm as Machine;
      const f = owner instanceof BoundMethod ? owner.func : owner;
      const globals =
        f instanceof PyModule
          ? f
          : f instanceof PyFunction
            ? f.globals
            : machine.imports.modules.get(f instanceof PyClass ? f.module : '__main__');
      if (globals === undefined) return text!;
      const frame = f instanceof PyFunction ? f.annotationFrame : null;
      const v = evaluateAnnotation(machine, text as string, { globals, frame });
      return v === undefined ? text! : v;
    }),
    raw('_eco', 'is_function', (_vm, [f]) => f instanceof PyFunction),
    raw('_eco', 'is_native_function', (_vm, [f]) => f instanceof NativeFunction),
    raw('_eco', 'is_generator_function', (_vm, [f]) => {
      const g = f instanceof BoundMethod ? f.func : f;
      return g instanceof PyFunction && g.code.isGenerator;
    }),
    raw('_eco', 'is_coroutine_function', (_vm, [f]) => {
      const g = f instanceof BoundMethod ? f.func : f;
      return g instanceof PyFunction && g.code.isAsync;
    }),
    raw('_eco', 'import_module', (vm, [name]) => {
      const machine = vm as Machine;
      if (name instanceof Unknown) return new Unknown(name.why, name.where);
      const found = machine.imports.load(vm.str(name!));
      return found ?? raise('ModuleNotFoundError', `No module named '${vm.str(name!)}'`);
    }),
    raw('_eco', 'loaded_modules', (vm) => (vm as Machine).imports.loaded),
    raw('_eco', 'static_function', (_vm, [v]) => (v instanceof PyStaticMethod ? v.func : v!)),
  ]),
};
