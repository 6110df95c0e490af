import { AnnotationDict } from './annotations.js';
import { formatValue } from './builtins/format.js';
import { dictSet, setAdd } from './builtins/hash.js';
import { delItem, setItem } from './builtins/items.js';
import { asciiText, reprValue, strValue } from './builtins/repr.js';
import { type Code, Op } from './bytecode.js';
import { buildClass } from './classBuild.js';
import { classOf, isInstance, lookup } from './classes.js';
import { raise } from './errors.js';
import { raiseStatement } from './exceptions.js';
import type { Frame } from './frame.js';
import { PyGenerator } from './generator.js';
import { iterate, unpack, unpackEx } from './iteration.js';
import type { Machine } from './machine.js';
import { matchClass, matchKeys, matchRest } from './matching.js';
import { type Cell, PyFunction } from './objects.js';
import { protocolOf } from './protocol.js';
import { asRaise } from './traceback.js';
import { decoratorFor } from './unknownClasses.js';
import {
  BoundMethod,
  heap,
  PyClass,
  PyDict,
  type PyInstance,
  PyList,
  PyObject,
  PySet,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from './values.js';

/** Carries out one instruction of `f`, whose program counter already stands behind it. */
export function execute(vm: Machine, f: Frame, op: Op, arg: number): void {
  const { stack } = f;
  switch (op) {
    case Op.DELETE_FAST:
      f.locals[arg] = undefined;
      break;
    case Op.STORE_DEREF: {
      const cell = f.cells[arg]!;
      heap.touch(cell);
      cell.value = stack[--f.sp];
      break;
    }
    case Op.DELETE_DEREF:
      heap.touch(f.cells[arg]!);
      f.cells[arg]!.value = undefined;
      break;
    case Op.LOAD_CLOSURE:
      stack[f.sp++] = f.cells[arg]!;
      break;
    case Op.LOAD_CLASSDEREF: {
      const own = f.names?.get(derefName(f.code, arg));
      const v = own !== undefined ? own : f.cells[arg]!.value;
      if (v === undefined) raise('NameError', `name '${derefName(f.code, arg)}' is not defined`);
      stack[f.sp++] = v as Value;
      break;
    }
    case Op.STORE_GLOBAL:
      heap.touch(f.globals);
      f.globals.ns.set(f.code.names[arg]!, stack[--f.sp]!);
      break;
    case Op.DELETE_GLOBAL:
      heap.touch(f.globals);
      f.globals.ns.delete(f.code.names[arg]!);
      break;
    case Op.LOAD_NAME: {
      const name = f.code.names[arg]!;
      const own = f.names?.get(name);
      stack[f.sp++] = own !== undefined ? own : vm.global(f, name);
      break;
    }
    case Op.STORE_NAME:
      if (f.names === null) {
        heap.touch(f.globals);
        f.globals.ns.set(f.code.names[arg]!, stack[--f.sp]!);
      } else f.names.set(f.code.names[arg]!, stack[--f.sp]!);
      break;
    case Op.DELETE_NAME:
      (f.names ?? f.globals.ns).delete(f.code.names[arg]!);
      break;
    case Op.DECORATE:
      stack[f.sp - 2] = decoratorFor(stack[f.sp - 2]!, stack[f.sp - 1]!);
      break;
    case Op.DELETE_ATTR:
      vm.natives.delAttr(stack[--f.sp]!, f.code.names[arg]!);
      break;
    case Op.STORE_SUBSCR: {
      const k = stack[--f.sp]!;
      const o = stack[--f.sp]!;
      const v = stack[--f.sp]!;
      if (o instanceof Unknown) break;
      const hosted = o !== null && typeof o === 'object' ? protocolOf(o).setItem : undefined;
      if (hosted !== undefined) hosted(vm, o as PyObject, k, v);
      else setItem(vm, o, k, v);
      break;
    }
    case Op.DELETE_SUBSCR: {
      const k = stack[--f.sp]!;
      const o = stack[--f.sp]!;
      if (!(o instanceof Unknown)) delItem(vm, o, k);
      break;
    }
    case Op.BUILD_SLICE: {
      const step = stack[--f.sp]!;
      const stop = stack[--f.sp]!;
      stack[f.sp - 1] = new PySlice(stack[f.sp - 1]!, stop, step);
      break;
    }
    case Op.BUILD_SET: {
      const s = new PySet(false);
      f.sp -= arg;
      for (let i = 0; i < arg; i++) setAdd(vm, s, stack[f.sp + i]!);
      stack[f.sp++] = s;
      break;
    }
    case Op.BUILD_MAP: {
      const d = new PyDict();
      f.sp -= 2 * arg;
      for (let i = 0; i < arg; i++) dictSet(vm, d, stack[f.sp + 2 * i]!, stack[f.sp + 2 * i + 1]!);
      stack[f.sp++] = d;
      break;
    }
    case Op.LIST_APPEND: {
      const v = stack[--f.sp]!;
      (stack[f.sp - arg] as PyList).items.push(v);
      break;
    }
    case Op.SET_ADD: {
      const v = stack[--f.sp]!;
      setAdd(vm, stack[f.sp - arg] as PySet, v);
      break;
    }
    case Op.MAP_ADD: {
      const v = stack[--f.sp]!;
      const k = stack[--f.sp]!;
      dictSet(vm, stack[f.sp - arg] as PyDict, k, v);
      break;
    }
    case Op.LIST_EXTEND: {
      const v = stack[--f.sp]!;
      const { items } = stack[f.sp - arg] as PyList;
      for (const x of iterate(vm, v)) items.push(x);
      break;
    }
    case Op.SET_UPDATE: {
      const v = stack[--f.sp]!;
      for (const x of iterate(vm, v)) setAdd(vm, stack[f.sp - arg] as PySet, x);
      break;
    }
    case Op.DICT_UPDATE:
    case Op.DICT_MERGE: {
      const v = stack[--f.sp]!;
      vm.natives.mergeInto(stack[f.sp - arg] as PyDict, v, op === Op.DICT_MERGE);
      break;
    }
    case Op.LIST_TO_TUPLE:
      stack[f.sp - 1] = new PyTuple((stack[f.sp - 1] as PyList).items);
      break;
    case Op.BUILD_STRING: {
      f.sp -= arg;
      let text: Value = '';
      for (let i = 0; i < arg; i++) {
        const p = stack[f.sp + i]!;
        if (typeof p === 'string' && typeof text === 'string') text += p;
        else if (p instanceof Unknown) text = p;
      }
      stack[f.sp++] = text instanceof Unknown ? new Unknown(text.why, text.where, 'str') : text;
      break;
    }
    case Op.FORMAT_VALUE: {
      const spec = (arg & 4) !== 0 ? stack[--f.sp]! : '';
      let v = stack[f.sp - 1]!;
      if (v instanceof Unknown || spec instanceof Unknown) {
        stack[f.sp - 1] = v instanceof Unknown ? v : spec;
        break;
      }
      const conversion = arg & 3;
      if (conversion === 1) v = strValue(vm, v);
      else if (conversion >= 2) v = reprValue(vm, v);
      if (conversion === 3 && typeof v === 'string') v = asciiText(v);
      stack[f.sp - 1] = formatValue(vm, v, spec as string);
      break;
    }
    case Op.DUP2:
      stack[f.sp] = stack[f.sp - 2]!;
      stack[f.sp + 1] = stack[f.sp - 1]!;
      f.sp += 2;
      break;
    case Op.ROT2: {
      const t = stack[f.sp - 1]!;
      stack[f.sp - 1] = stack[f.sp - 2]!;
      stack[f.sp - 2] = t;
      break;
    }
    case Op.ROT3: {
      const t = stack[f.sp - 1]!;
      stack[f.sp - 1] = stack[f.sp - 2]!;
      stack[f.sp - 2] = stack[f.sp - 3]!;
      stack[f.sp - 3] = t;
      break;
    }
    case Op.ROT4: {
      const t = stack[f.sp - 1]!;
      stack[f.sp - 1] = stack[f.sp - 2]!;
      stack[f.sp - 2] = stack[f.sp - 3]!;
      stack[f.sp - 3] = stack[f.sp - 4]!;
      stack[f.sp - 4] = t;
      break;
    }
    case Op.UNPACK_SEQUENCE: {
      const items = unpack(vm, stack[--f.sp]!, arg);
      for (let i = arg - 1; i >= 0; i--) stack[f.sp++] = items[i]!;
      break;
    }
    case Op.UNPACK_EX: {
      const items = unpackEx(vm, stack[--f.sp]!, arg & 0xfff, arg >> 12);
      for (let i = items.length - 1; i >= 0; i--) stack[f.sp++] = items[i]!;
      break;
    }
    case Op.AWAIT: {
      const v = stack[f.sp - 1]!;
      if (v instanceof PyGenerator) {
        while (vm.resume(v, null) !== undefined) vm.spend(1);
        stack[f.sp - 1] = v.result;
      } else
        stack[f.sp - 1] = v instanceof Unknown ? v : vm.gap('await', 'only coroutines of the code itself are awaited');
      break;
    }
    case Op.MAKE_FUNCTION: {
      const code = f.code.extras[arg >> 4] as Code;
      const closure = (arg & 4) !== 0 ? ((stack[--f.sp] as PyTuple).items as unknown as Cell[]) : null;
      let kw: Map<string, Value> | null = null;
      if ((arg & 2) !== 0) {
        kw = new Map();
        for (const [k, v] of (stack[--f.sp] as PyDict).entries.values()) kw.set(k as string, v);
      }
      const defaults = (arg & 1) !== 0 ? (stack[--f.sp] as PyTuple).items : [];
      stack[f.sp++] = new PyFunction(code, f.globals, defaults, kw, closure, code.name, code.qualname);
      break;
    }
    case Op.ANNOTATE: {
      const x = f.code.extras[arg];
      if (x instanceof Map) {
        const made = stack[f.sp - 1] as PyFunction;
        made.annotations = x as Map<string, string>;
        made.annotationFrame = f.topIndex === Number.POSITIVE_INFINITY ? f : null;
      } else {
        const text = stack[--f.sp] as string;
        const d: Value =
          f.names!.get('__annotations__') ?? new AnnotationDict(vm, new Map(), { globals: f.globals, frame: f });
        f.names!.set('__annotations__', d);
        if (d instanceof AnnotationDict) d.texts.set(x as string, text);
        else if (d instanceof PyDict) dictSet(vm, d, x as string, text);
      }
      break;
    }
    case Op.BUILD_CLASS: {
      const keywords = stack[--f.sp] as PyDict;
      const bases = stack[--f.sp] as PyList;
      const closure = stack[--f.sp] as PyTuple | null;
      stack[f.sp++] = buildClass(vm, f, f.code.extras[arg] as Code, bases.items, keywords, closure);
      break;
    }
    case Op.RAISE: {
      const cause = arg === 2 ? stack[--f.sp]! : undefined;
      raiseStatement(vm, f, arg === 0 ? undefined : stack[--f.sp]!, cause);
      break;
    }
    case Op.RERAISE: {
      const e = stack[--f.sp] as PyInstance;
      f.handled.pop();
      throw asRaise(e);
    }
    case Op.SETUP_TRY:
      f.blocks.push({ handler: arg, sp: f.sp });
      break;
    case Op.POP_BLOCK:
      f.blocks.pop();
      break;
    case Op.PUSH_HANDLED:
      f.handled.push(stack[f.sp - 1] as PyInstance);
      break;
    case Op.POP_HANDLED:
      f.handled.pop();
      break;
    case Op.CHECK_EXC_MATCH: {
      const wanted = stack[--f.sp]!;
      stack[f.sp] = exceptionMatches(stack[f.sp - 1]!, wanted);
      f.sp++;
      break;
    }
    case Op.SETUP_WITH: {
      const manager = stack[--f.sp]!;
      if (manager instanceof Unknown) {
        stack[f.sp++] = manager;
        f.blocks.push({ handler: arg, sp: f.sp });
        stack[f.sp++] = manager;
        break;
      }
      const cls = classOf(manager);
      const enter = lookup(cls, '__enter__') ?? lookup(cls, '__aenter__');
      const exit = lookup(cls, '__exit__') ?? lookup(cls, '__aexit__');
      if (enter === undefined || exit === undefined)
        raise('TypeError', `'${cls.name}' object does not support the context manager protocol`);
      stack[f.sp++] = new BoundMethod(manager, exit as Value);
      const entered = vm.call(enter as Value, [manager]);
      f.blocks.push({ handler: arg, sp: f.sp });
      stack[f.sp++] = entered;
      break;
    }
    case Op.WITH_EXIT_EXC: {
      const e = stack[f.sp - 1] as PyInstance;
      const exit = stack[f.sp - 2]!;
      const r = exit instanceof Unknown ? false : vm.call(exit, [e.cls, e, null]);
      stack[f.sp++] = vm.truth(r) ?? false;
      break;
    }
    case Op.IMPORT_NAME: {
      const x = f.code.extras[arg] as { module: string; level: number; leaf: boolean };
      stack[f.sp++] = vm.imports.importName(f.globals, x.module, x.level, x.leaf);
      break;
    }
    case Op.IMPORT_FROM: {
      const m = stack[f.sp - 1]!;
      stack[f.sp++] = vm.imports.importFrom(m, f.code.names[arg]!);
      break;
    }
    case Op.IMPORT_STAR:
      vm.imports.importStar(f, stack[--f.sp]!);
      break;
    case Op.MATCH_SEQUENCE: {
      const v = stack[f.sp - 1]!;
      stack[f.sp - 1] =
        v instanceof PyList || v instanceof PyTuple || (v instanceof PyObject && classOf(v).name === 'deque');
      break;
    }
    case Op.MATCH_MAPPING:
      stack[f.sp - 1] = stack[f.sp - 1] instanceof PyDict;
      break;
    case Op.MATCH_CLASS: {
      const cls = stack[--f.sp]!;
      stack[f.sp - 1] = matchClass(
        vm,
        stack[f.sp - 1]!,
        cls,
        f.code.extras[arg] as { positional: number; names: string[] },
      );
      break;
    }
    case Op.MATCH_KEYS: {
      const keys = stack[--f.sp] as PyTuple;
      stack[f.sp - 1] = matchKeys(vm, stack[f.sp - 1] as PyDict, keys);
      break;
    }
    case Op.MATCH_REST: {
      const keys = stack[--f.sp] as PyTuple;
      stack[f.sp - 1] = matchRest(vm, stack[f.sp - 1] as PyDict, keys);
      break;
    }
    case Op.GET_LEN:
      stack[f.sp - 1] = vm.natives.lengthOf(stack[f.sp - 1]!);
      break;
    case Op.GAP:
      stack[f.sp++] = vm.gap('syntax', `vm code does not parse: ${String(f.code.consts[arg])}`, 'tensor');
      break;
    case Op.NOP:
      break;
    default:
      throw new Error(`unknown instruction ${op}`);
  }
}

export function derefName(code: Code, i: number): string {
  return i < code.cellvars.length ? code.cellvars[i]! : code.freevars[i - code.cellvars.length]!;
}

function exceptionMatches(e: Value, wanted: Value): boolean {
  if (wanted instanceof PyTuple) return wanted.items.some((w) => exceptionMatches(e, w));
  if (wanted instanceof PyClass) return isInstance(e, wanted);
  return false;
}
