/**
 * The virtual machine: runs code objects on an explicit stack of frames. Python calls push
 * frames; natives run on the host's stack and may call back (`call`), which runs a nested
 * loop down to the depth it started at.
 */

import { AttrDict } from './attrDict.js';
import { getAttr, setAttr, tryGetAttr } from './attributes.js';
import { branchUndecided } from './branch.js';
import { formatValue } from './builtins/format.js';
import { dictSet, setAdd } from './builtins/hash.js';
import { delItem, getItem, setItem } from './builtins/items.js';
import { binaryOp, compareOp, inPlaceOp, unaryOp } from './builtins/operators.js';
import { asciiText, repr, reprValue, str, strValue } from './builtins/repr.js';
import { type Code, Op } from './bytecode.js';
import { makeFrame } from './call.js';
import { buildClass, instantiate } from './classBuild.js';
import { builtinClass, classOf, isInstance, lookup } from './classes.js';
import { binaryOperators, compareOperators, unaryOperators } from './compileExpr.js';
import { Aborted, PyRaise, raise } from './errors.js';
import { materialise, raisedIs, raiseStatement } from './exceptions.js';
import { Frame } from './frame.js';
import { PyGenerator, type Resumer } from './generator.js';
import { type ImportPorts, ImportSystem } from './imports.js';
import { iterate, iterator, UnknownIterator, unpack, unpackEx } from './iteration.js';
import { matchClass, matchKeys, matchRest } from './matching.js';
import { makeNatives, type Natives } from './natives.js';
import { Cell, PyFunction } from './objects.js';
import type { Place } from './place.js';
import { protocolOf } from './protocol.js';
import { TailCall } from './tail.js';
import {
  BoundMethod,
  heap,
  type Interp,
  type Keywords,
  NativeFunction,
  PyClass,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyObject,
  PySet,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from './values.js';

/** Coverage gaps and assumptions go to whoever runs the machine. */
export interface MachineListener {
  gap(what: string, why: string, place: Place | null, isOperator: boolean): void;
  assumption(text: string, kind: 'branch' | 'loop', place: Place | null): void;
  /** A function of the user's code starts to run. */
  ran?(code: Code): void;
  /** Both sides of an undecidable branch are about to run; gives back what to tell about each. */
  branch?(): BranchRecorder;
}

export interface BranchRecorder {
  side(): void;
  /** `keep`: which sides count (both, or the one that did not raise). */
  end(keep: 'both' | 'first' | 'second'): void;
}

export interface MachineOptions {
  readonly imports: ImportPorts;
  readonly listener: MachineListener;
  /** Steps (calls and loop turns) before a run gives up. */
  readonly fuel: number;
  readonly cancelled: () => boolean;
  /** The PyTorch state, opaque here. */
  readonly torch: unknown;
}

/** CPython's default recursion limit. */
const recursionLimit = 1000;
/** Nested host loops: each costs host stack. */
const nestingLimit = 220;

export class Machine implements Interp, Resumer {
  readonly frames: Frame[] = [];
  readonly imports: ImportSystem;
  readonly natives: Natives;
  readonly builtins: Map<string, Value>;
  listener: MachineListener;
  fuel: number;
  torch: unknown;
  private nesting = 0;
  private readonly cancelled: () => boolean;
  private readonly subclasses = new Map<PyClass, PyClass[]>();
  /** Objects made beyond this serial number end the run: code that grows without bound. */
  serialLimit = Number.POSITIVE_INFINITY;
  /** Depth of undecided branches being explored. */
  branchDepth = 0;

  constructor(options: MachineOptions) {
    this.listener = options.listener;
    this.fuel = options.fuel;
    this.cancelled = options.cancelled;
    this.torch = options.torch;
    this.natives = makeNatives(this);
    this.builtins = this.natives.builtins;
    this.imports = new ImportSystem(this, options.imports);
  }

  // ------------------------------------------------------------ Interp
  call(callable: Value, args: Value[], kwargs: Keywords = null): Value {
    const frame = this.enter(callable, args, kwargs);
    return frame instanceof Frame ? this.runFrame(frame) : frame;
  }
  getAttr(object: Value, name: string): Value {
    return getAttr(this, object, name);
  }
  tryGetAttr(object: Value, name: string): Value | undefined {
    try {
      return tryGetAttr(this, object, name);
    } catch (e) {
      if (e instanceof PyRaise && raisedIs(e, 'AttributeError')) return undefined;
      throw e;
    }
  }
  setAttr(object: Value, name: string, value: Value): void {
    setAttr(this, object, name, value);
  }
  iterate(value: Value): Iterable<Value> {
    return iterate(this, value);
  }
  truthy(value: Value): boolean {
    const t = this.truth(value);
    return t === undefined ? true : t;
  }
  equal(a: Value, b: Value): boolean {
    return this.truthy(compareOp(this, '==', a, b));
  }
  str(value: Value): string {
    return str(this, value);
  }
  repr(value: Value): string {
    return repr(this, value);
  }
  isInstance(value: Value, cls: PyClass): boolean {
    return isInstance(value, cls);
  }
  classOf(value: Value): PyClass {
    return classOf(value);
  }
  raisedIs(e: PyRaise, typeName: string): boolean {
    return raisedIs(e, typeName);
  }
  place(): Place | null {
    for (let i = this.frames.length - 1; i >= 0; i--) {
      const f = this.frames[i]!;
      if (!f.code.file.internal) return placeOf(f);
    }
    return null;
  }
  gap(what: string, why: string, kind: Unknown['kind'] = 'any'): Unknown {
    const place = this.place();
    this.listener.gap(what, why, place, kind === 'tensor');
    return new Unknown(why, place, kind);
  }

  /** undefined when it cannot be decided. */
  truth(v: Value): boolean | undefined {
    switch (typeof v) {
      case 'boolean':
        return v;
      case 'number':
        return Number.isNaN(v) ? undefined : v !== 0;
      case 'bigint':
        return v !== 0n;
      case 'string':
        return v.length > 0;
      default:
    }
    if (v === null) return false;
    if (v instanceof Unknown) return undefined;
    if (v.cls === null) {
      if (v instanceof PyList || v instanceof PyTuple) return v.items.length > 0;
      if (v instanceof PyDict) return v.entries.size > 0;
      if (v instanceof PySet) return v.items.size > 0;
    }
    const hosted = protocolOf(v).truth;
    if (hosted !== undefined) return hosted(this, v);
    const cls = classOf(v);
    const asBool = lookup(cls, '__bool__');
    if (asBool !== undefined) return this.truth(this.call(asBool, [v]));
    const len = lookup(cls, '__len__');
    if (len !== undefined) return this.truth(this.call(len, [v]));
    return true;
  }

  subclassesOf(cls: PyClass): PyList {
    return new PyList(this.subclasses.get(cls) ?? []);
  }
  addSubclass(base: PyClass, cls: PyClass): void {
    const known = this.subclasses.get(base);
    if (known === undefined) this.subclasses.set(base, [cls]);
    else known.push(cls);
  }
  /** `__dict__`: live. */
  instanceDict(object: PyObject): PyDict {
    object.attrs ??= new Map();
    return new AttrDict(object);
  }
  codeObject(fn: PyFunction): Value {
    const o = new PyInstance(builtinClass('code'));
    const { code } = fn;
    o.attrs!.set('co_varnames', new PyTuple(code.varnames));
    o.attrs!.set('co_argcount', code.argcount);
    o.attrs!.set('co_kwonlyargcount', code.kwonly);
    o.attrs!.set('co_posonlyargcount', code.posonly);
    o.attrs!.set('co_flags', (code.hasVarargs ? 4 : 0) | (code.hasVarkw ? 8 : 0) | (code.isGenerator ? 32 : 0));
    o.attrs!.set('co_name', code.name);
    o.attrs!.set('co_filename', code.file.path);
    return o;
  }

  // ------------------------------------------------------------ calling
  /** A frame to run, or the result when no Python code has to. */
  enter(callable: Value, args: Value[], kwargs: Keywords): Frame | Value {
    if (callable instanceof PyFunction) {
      const frame = makeFrame(callable, args, kwargs);
      const { code } = callable;
      if (code.isGenerator || code.isAsync) {
        frame.isGeneratorFrame = true;
        return new PyGenerator(frame, callable.name, code.isAsync && !code.isGenerator);
      }
      return frame;
    }
    if (callable instanceof NativeFunction) return this.settle(callable.call(this, args, kwargs));
    if (callable instanceof BoundMethod) return this.enter(callable.func, [callable.self, ...args], kwargs);
    if (callable instanceof PyClass) return instantiate(this, callable, args, kwargs);
    if (callable instanceof Unknown) return this.callUnknown(callable, args, kwargs);
    const method = callable === null ? undefined : lookup(classOf(callable), '__call__');
    if (method === undefined) {
      if (callable !== null && typeof callable === 'object') {
        const func = lookup(classOf(callable), '__func__');
        if (func !== undefined) return this.enter(func, args, kwargs);
      }
      raise('TypeError', `'${classOf(callable).name}' object is not callable`);
    }
    return this.enter(method as Value, [callable, ...args], kwargs);
  }

  /** Natives may ask for a Python call in their place. */
  settle(result: Value): Frame | Value {
    if (!(result instanceof TailCall)) return result;
    let frame: Frame | Value;
    try {
      frame = this.enter(result.func, result.args, result.kwargs);
    } catch (e) {
      result.unwind?.();
      throw e;
    }
    if (frame instanceof Frame) {
      const inner = frame.exit;
      const { exit } = result;
      if (exit !== null) frame.exit = inner === null ? exit : (r) => exit(inner(r));
      const innerUnwind = frame.unwind;
      const { unwind } = result;
      if (unwind !== null) {
        frame.unwind =
          innerUnwind === null
            ? unwind
            : () => {
                innerUnwind();
                unwind();
              };
      }
      return frame;
    }
    return result.exit === null ? frame : result.exit(frame);
  }

  private callUnknown(callable: Unknown, args: readonly Value[], kwargs: Keywords): Unknown {
    const place = this.place();
    // a call that takes or surely gives a tensor is work nobody counted
    const tensor = (v: Value): boolean =>
      v instanceof Unknown ? v.kind === 'tensor' : v instanceof PyObject && classOf(v).name === 'Tensor';
    const work = args.some(tensor) || (kwargs !== null && [...kwargs.values()].some(tensor));
    this.listener.gap('call', callable.why, place, work);
    return new Unknown(callable.why, place, work ? 'tensor' : 'any');
  }

  /** Runs `frame` to its end. */
  runFrame(frame: Frame): Value {
    if (this.nesting >= nestingLimit) raise('RecursionError', 'maximum recursion depth exceeded');
    this.nesting++;
    const base = this.frames.length;
    try {
      this.push(frame);
      return this.loop(base, null, -1) as Value;
    } finally {
      this.nesting--;
      // only when the host itself threw (Aborted): nothing of ours may stay on the stack
      if (this.frames.length > base) this.frames.length = base;
    }
  }

  push(frame: Frame): void {
    if (this.frames.length >= recursionLimit) raise('RecursionError', 'maximum recursion depth exceeded');
    this.burn();
    this.frames.push(frame);
    if (!frame.code.file.internal) this.listener.ran?.(frame.code);
  }

  /** Drops whatever was running. */
  rest(): void {
    this.frames.length = 0;
    this.branchDepth = 0;
    this.nesting = 0;
    this.imports.running = 0;
    heap.observer = null;
  }

  spend(steps: number): void {
    // limits are looked at every 1,024 steps, whatever the stride
    const before = this.fuel >> 10;
    this.fuel -= steps;
    if (this.fuel <= 0) throw new Aborted('fuel');
    if (this.fuel >> 10 !== before) this.checkLimits();
  }

  private checkLimits(): void {
    if (this.cancelled()) throw new Aborted('cancelled');
    if (heap.now > this.serialLimit) throw new Aborted('memory');
  }

  private burn(): void {
    if (--this.fuel <= 0) throw new Aborted('fuel');
    if ((this.fuel & 1023) === 0) this.checkLimits();
  }

  // ------------------------------------------------------------ generators
  resume(generator: PyGenerator, sent: Value, thrown: PyRaise | null = null): Value | undefined {
    if (generator.finished) {
      if (thrown !== null) throw thrown;
      return undefined;
    }
    if (generator.running) raise('ValueError', 'generator already executing');
    const { frame } = generator;
    if (this.nesting >= nestingLimit) raise('RecursionError', 'maximum recursion depth exceeded');
    if (generator.started) frame.stack[frame.sp++] = sent;
    generator.started = true;
    generator.running = true;
    this.nesting++;
    const base = this.frames.length;
    try {
      this.push(frame);
      if (thrown !== null) {
        frame.sp--;
        this.unwind(thrown, base);
      }
      const result = this.loop(base, frame, -1);
      if (result === yielded) return this.yieldedValue;
      generator.finished = true;
      generator.result = result as Value;
      return undefined;
    } catch (e) {
      generator.finished = true;
      if (e instanceof PyRaise && raisedIs(e, 'StopIteration')) raise('RuntimeError', 'generator raised StopIteration');
      throw e;
    } finally {
      generator.running = false;
      this.nesting--;
      if (this.frames.length > base) this.frames.length = base;
    }
  }
  private yieldedValue: Value = null;

  // ------------------------------------------------------------ exceptions
  /** Finds the handler for `e`, dropping frames down to `base`; rethrows when there is none. */
  unwind(e: PyRaise, base: number): void {
    while (this.frames.length > base) {
      const f = this.frames[this.frames.length - 1]!;
      const b = f.blocks.pop();
      if (b !== undefined) {
        f.sp = b.sp;
        f.stack[f.sp++] = materialise(this, e);
        f.pc = b.handler;
        return;
      }
      this.frames.pop();
      tracePlace(e, f);
      f.unwind?.();
    }
    throw e;
  }

  // ------------------------------------------------------------ the loop
  /**
   * Runs until the stack is back at `base` (gives the result), `generator`'s frame yields
   * (gives `yielded`), or the frame at `base` reaches instruction `stopAt` (gives `reached`).
   */
  loop(base: number, generator: Frame | null, stopAt: number): Value | typeof yielded | typeof reached {
    for (;;) {
      try {
        return this.run(base, generator, stopAt);
      } catch (e) {
        if (e instanceof PyRaise) this.unwind(e, base);
        else if (e instanceof RangeError && /call stack/i.test(e.message))
          this.unwind(new PyRaise('RecursionError', 'maximum recursion depth exceeded'), base);
        else if (
          e instanceof RangeError &&
          /invalid (?:string|array|typed array) length|array buffer|out of memory/i.test(e.message)
        )
          this.unwind(new PyRaise('MemoryError', 'larger than any memory'), base);
        else throw e;
      }
    }
  }

  private run(base: number, generator: Frame | null, stopAt: number): Value | typeof yielded | typeof reached {
    let f = this.frames[this.frames.length - 1]!;
    let ops = f.code.ops;
    let stack = f.stack;
    const watch = stopAt >= 0;
    for (;;) {
      if (watch && f.pc === stopAt && this.frames.length === base + 1) return reached;
      const pc = f.pc;
      const arg = ops[pc + 1]!;
      f.pc = pc + 2;
      switch (ops[pc]! as Op) {
        case Op.LOAD_CONST:
          stack[f.sp++] = f.code.consts[arg]!;
          break;
        case Op.LOAD_FAST: {
          const v = f.locals[arg];
          if (v === undefined)
            raise(
              'UnboundLocalError',
              `cannot access local variable '${f.code.varnames[arg]}' where it is not associated with a value`,
            );
          stack[f.sp++] = v as Value;
          break;
        }
        case Op.STORE_FAST:
          f.locals[arg] = stack[--f.sp];
          break;
        case Op.DELETE_FAST:
          f.locals[arg] = undefined;
          break;
        case Op.LOAD_DEREF: {
          const v = f.cells[arg]!.value;
          if (v === undefined)
            raise(
              'NameError',
              `cannot access free variable '${derefName(f.code, arg)}' where it is not associated with a value in enclosing scope`,
            );
          stack[f.sp++] = v as Value;
          break;
        }
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
        case Op.LOAD_GLOBAL:
          stack[f.sp++] = this.global(f, f.code.names[arg]!);
          break;
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
          stack[f.sp++] = own !== undefined ? own : this.global(f, name);
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
        case Op.LOAD_ATTR: {
          const o = stack[f.sp - 1]!;
          stack[f.sp - 1] = getAttr(this, o, f.code.names[arg]!);
          break;
        }
        case Op.STORE_ATTR: {
          const o = stack[--f.sp]!;
          const v = stack[--f.sp]!;
          setAttr(this, o, f.code.names[arg]!, v);
          break;
        }
        case Op.DELETE_ATTR:
          this.natives.delAttr(stack[--f.sp]!, f.code.names[arg]!);
          break;
        case Op.LOAD_METHOD: {
          // leaves [function, self] when that saves a bound method, else [undefined-marker, callable]
          const o = stack[f.sp - 1]!;
          const name = f.code.names[arg]!;
          if (o instanceof PyInstance && (o.attrs === null || !o.attrs.has(name))) {
            const found = lookup(o.cls, name);
            if (found instanceof PyFunction && lookup(o.cls, '__getattribute__') === undefined) {
              stack[f.sp - 1] = found;
              stack[f.sp++] = o;
              break;
            }
          }
          stack[f.sp - 1] = noSelf;
          stack[f.sp++] = getAttr(this, o, name);
          break;
        }
        case Op.CALL:
        case Op.CALL_METHOD:
        case Op.CALL_KW:
        case Op.CALL_METHOD_KW: {
          const op = ops[pc]! as Op;
          let n = arg;
          let kwargs: Keywords = null;
          if (op === Op.CALL_KW || op === Op.CALL_METHOD_KW) {
            const { positional, names } = f.code.extras[arg] as { positional: number; names: string[] };
            f.sp -= names.length;
            kwargs = new Map<string, Value>();
            for (let i = 0; i < names.length; i++) kwargs.set(names[i]!, stack[f.sp + i]!);
            n = positional;
          }
          let args: Value[];
          let callable: Value;
          if (op === Op.CALL || op === Op.CALL_KW) {
            args = stack.slice(f.sp - n, f.sp);
            f.sp -= n + 1;
            callable = stack[f.sp]!;
          } else if (stack[f.sp - n - 2] === noSelf) {
            args = stack.slice(f.sp - n, f.sp);
            f.sp -= n + 2;
            callable = stack[f.sp + 1]!;
          } else {
            args = stack.slice(f.sp - n - 1, f.sp);
            f.sp -= n + 2;
            callable = stack[f.sp]!;
          }
          const r = this.enter(callable, args, kwargs);
          if (r instanceof Frame) {
            this.push(r);
            f = r;
            ops = f.code.ops;
            stack = f.stack;
          } else stack[f.sp++] = r;
          break;
        }
        case Op.CALL_EX: {
          let kwargs: Keywords = null;
          if (arg === 1) {
            const d = stack[--f.sp] as PyDict;
            kwargs = new Map();
            for (const [k, v] of d.entries.values()) kwargs.set(typeof k === 'string' ? k : this.str(k), v);
          }
          const args = (stack[--f.sp] as PyList).items.slice();
          const callable = stack[--f.sp]!;
          const r = this.enter(callable, args, kwargs);
          if (r instanceof Frame) {
            this.push(r);
            f = r;
            ops = f.code.ops;
            stack = f.stack;
          } else stack[f.sp++] = r;
          break;
        }
        case Op.BINARY: {
          const b = stack[--f.sp]!;
          const a = stack[f.sp - 1]!;
          if (typeof a === 'number' && typeof b === 'number') {
            const r = arg === 0 ? a + b : arg === 1 ? a - b : arg === 2 ? a * b : Number.NaN;
            if (Number.isSafeInteger(r)) {
              stack[f.sp - 1] = r;
              break;
            }
          }
          stack[f.sp - 1] = binaryOp(this, binaryOperators[arg]!, a, b);
          break;
        }
        case Op.INPLACE: {
          const b = stack[--f.sp]!;
          stack[f.sp - 1] = inPlaceOp(this, binaryOperators[arg]!, stack[f.sp - 1]!, b);
          break;
        }
        case Op.UNARY:
          stack[f.sp - 1] = unaryOp(this, unaryOperators[arg]!, stack[f.sp - 1]!);
          break;
        case Op.NOT: {
          const v = stack[f.sp - 1]!;
          const t = this.truth(v);
          stack[f.sp - 1] = t === undefined ? new Unknown(whyOf(v), this.place(), 'bool') : !t;
          break;
        }
        case Op.COMPARE: {
          const b = stack[--f.sp]!;
          const a = stack[f.sp - 1]!;
          stack[f.sp - 1] = this.compare(arg, a, b);
          break;
        }
        case Op.SUBSCR: {
          const k = stack[--f.sp]!;
          const o = stack[f.sp - 1]!;
          if (
            typeof k === 'number' &&
            (o instanceof PyList || o instanceof PyTuple) &&
            o.cls === null &&
            k >= 0 &&
            k < o.items.length
          ) {
            stack[f.sp - 1] = o.items[k]!;
            break;
          }
          stack[f.sp - 1] = this.subscript(o, k);
          break;
        }
        case Op.STORE_SUBSCR: {
          const k = stack[--f.sp]!;
          const o = stack[--f.sp]!;
          const v = stack[--f.sp]!;
          if (o instanceof Unknown) break;
          const hosted = o !== null && typeof o === 'object' ? protocolOf(o).setItem : undefined;
          if (hosted !== undefined) hosted(this, o as PyObject, k, v);
          else setItem(this, o, k, v);
          break;
        }
        case Op.DELETE_SUBSCR: {
          const k = stack[--f.sp]!;
          const o = stack[--f.sp]!;
          if (!(o instanceof Unknown)) delItem(this, o, k);
          break;
        }
        case Op.BUILD_SLICE: {
          const step = stack[--f.sp]!;
          const stop = stack[--f.sp]!;
          stack[f.sp - 1] = new PySlice(stack[f.sp - 1]!, stop, step);
          break;
        }
        case Op.BUILD_TUPLE:
          f.sp -= arg;
          stack[f.sp] = new PyTuple(stack.slice(f.sp, f.sp + arg));
          f.sp++;
          break;
        case Op.BUILD_LIST:
          f.sp -= arg;
          stack[f.sp] = new PyList(stack.slice(f.sp, f.sp + arg));
          f.sp++;
          break;
        case Op.BUILD_SET: {
          const s = new PySet(false);
          f.sp -= arg;
          for (let i = 0; i < arg; i++) setAdd(this, s, stack[f.sp + i]!);
          stack[f.sp++] = s;
          break;
        }
        case Op.BUILD_MAP: {
          const d = new PyDict();
          f.sp -= 2 * arg;
          for (let i = 0; i < arg; i++) dictSet(this, d, stack[f.sp + 2 * i]!, stack[f.sp + 2 * i + 1]!);
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
          setAdd(this, stack[f.sp - arg] as PySet, v);
          break;
        }
        case Op.MAP_ADD: {
          const v = stack[--f.sp]!;
          const k = stack[--f.sp]!;
          dictSet(this, stack[f.sp - arg] as PyDict, k, v);
          break;
        }
        case Op.LIST_EXTEND: {
          const v = stack[--f.sp]!;
          const { items } = stack[f.sp - arg] as PyList;
          for (const x of iterate(this, v)) items.push(x);
          break;
        }
        case Op.SET_UPDATE: {
          const v = stack[--f.sp]!;
          for (const x of iterate(this, v)) setAdd(this, stack[f.sp - arg] as PySet, x);
          break;
        }
        case Op.DICT_UPDATE:
        case Op.DICT_MERGE: {
          const v = stack[--f.sp]!;
          this.natives.mergeInto(stack[f.sp - arg] as PyDict, v, ops[pc] === Op.DICT_MERGE);
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
          if (conversion === 1) v = strValue(this, v);
          else if (conversion >= 2) v = reprValue(this, v);
          if (conversion === 3 && typeof v === 'string') v = asciiText(v);
          stack[f.sp - 1] = formatValue(this, v, spec as string);
          break;
        }
        case Op.POP:
          f.sp--;
          break;
        case Op.DUP:
          stack[f.sp] = stack[f.sp - 1]!;
          f.sp++;
          break;
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
        case Op.JUMP:
          if (arg <= pc) this.burn();
          f.pc = arg;
          break;
        case Op.POP_JUMP_IF_FALSE:
        case Op.POP_JUMP_IF_TRUE: {
          const v = stack[--f.sp]!;
          const t = this.truth(v);
          if (t === undefined) {
            const done = branchUndecided(this, f, pc, v);
            if (done !== undefined) {
              // the frame itself returned on both sides
              const r = this.leave(f, done, base);
              if (r !== undefined) return r;
              f = this.frames[this.frames.length - 1]!;
              ops = f.code.ops;
              stack = f.stack;
            }
            break;
          }
          if (t === (ops[pc] === Op.POP_JUMP_IF_TRUE)) f.pc = arg;
          break;
        }
        case Op.JUMP_IF_FALSE_OR_POP:
        case Op.JUMP_IF_TRUE_OR_POP: {
          const v = stack[f.sp - 1]!;
          const t = this.truth(v);
          if (t === undefined) {
            // the value of `a and b` is unknown either way; what b does is seen by running it
            const done = branchUndecided(this, f, pc, v);
            if (done !== undefined) {
              const r = this.leave(f, done, base);
              if (r !== undefined) return r;
              f = this.frames[this.frames.length - 1]!;
              ops = f.code.ops;
              stack = f.stack;
            }
            break;
          }
          if (t === (ops[pc] === Op.JUMP_IF_TRUE_OR_POP)) f.pc = arg;
          else f.sp--;
          break;
        }
        case Op.GET_ITER:
          stack[f.sp - 1] = iterator(this, stack[f.sp - 1]!);
          break;
        case Op.FOR_ITER: {
          this.burn();
          const it = stack[f.sp - 1]!;
          const v = it instanceof PyIterator ? it.next(this) : this.natives.nextOf(it);
          if (v === undefined) {
            f.sp--;
            f.pc = arg;
          } else {
            if (it instanceof UnknownIterator)
              this.listener.assumption(`loop over ${it.why}: one turn`, 'loop', this.place());
            stack[f.sp++] = v;
          }
          break;
        }
        case Op.UNPACK_SEQUENCE: {
          const items = unpack(this, stack[--f.sp]!, arg);
          for (let i = arg - 1; i >= 0; i--) stack[f.sp++] = items[i]!;
          break;
        }
        case Op.UNPACK_EX: {
          const items = unpackEx(this, stack[--f.sp]!, arg & 0xfff, arg >> 12);
          for (let i = items.length - 1; i >= 0; i--) stack[f.sp++] = items[i]!;
          break;
        }
        case Op.RETURN: {
          const r = this.leave(f, stack[--f.sp]!, base);
          if (r !== undefined) return r;
          f = this.frames[this.frames.length - 1]!;
          ops = f.code.ops;
          stack = f.stack;
          break;
        }
        case Op.YIELD:
          this.yieldedValue = stack[--f.sp]!;
          this.frames.pop();
          if (generator !== f) throw new Error('yield outside its generator');
          return yielded;
        case Op.YIELD_FROM: {
          // stack: iterator, value to send
          const sent = stack[--f.sp]!;
          const it = stack[f.sp - 1]!;
          let v: Value | undefined;
          if (it instanceof PyGenerator) v = this.resume(it, sent);
          else v = it instanceof PyIterator ? it.next(this) : this.natives.nextOf(it);
          if (v === undefined) {
            stack[f.sp - 1] = it instanceof PyGenerator ? it.result : null;
            break;
          }
          f.pc = pc;
          this.yieldedValue = v;
          this.frames.pop();
          return yielded;
        }
        case Op.AWAIT: {
          const v = stack[f.sp - 1]!;
          if (v instanceof PyGenerator) {
            while (this.resume(v, null) !== undefined) this.burn();
            stack[f.sp - 1] = v.result;
          } else
            stack[f.sp - 1] =
              v instanceof Unknown ? v : this.gap('await', 'only coroutines of the code itself are awaited');
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
          if (x instanceof Map) (stack[f.sp - 1] as PyFunction).annotations = x as Map<string, Value>;
          else {
            const text = stack[--f.sp]!;
            let d = f.names!.get('__annotations__') as PyDict | undefined;
            if (d === undefined) {
              d = new PyDict();
              f.names!.set('__annotations__', d);
            }
            dictSet(this, d, x as string, text);
          }
          break;
        }
        case Op.BUILD_CLASS: {
          const keywords = stack[--f.sp] as PyDict;
          const bases = stack[--f.sp] as PyList;
          const closure = stack[--f.sp] as PyTuple | null;
          stack[f.sp++] = buildClass(this, f, f.code.extras[arg] as Code, bases.items, keywords, closure);
          break;
        }
        case Op.RAISE: {
          const cause = arg === 2 ? stack[--f.sp]! : undefined;
          raiseStatement(this, f, arg === 0 ? undefined : stack[--f.sp]!, cause);
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
          const entered = this.call(enter as Value, [manager]);
          f.blocks.push({ handler: arg, sp: f.sp });
          stack[f.sp++] = entered;
          break;
        }
        case Op.WITH_EXIT_EXC: {
          const e = stack[f.sp - 1] as PyInstance;
          const exit = stack[f.sp - 2]!;
          const r = exit instanceof Unknown ? false : this.call(exit, [e.cls, e, null]);
          stack[f.sp++] = this.truth(r) ?? false;
          break;
        }
        case Op.IMPORT_NAME: {
          const x = f.code.extras[arg] as { module: string; level: number; leaf: boolean };
          stack[f.sp++] = this.imports.importName(f.globals, x.module, x.level, x.leaf);
          break;
        }
        case Op.IMPORT_FROM: {
          const m = stack[f.sp - 1]!;
          stack[f.sp++] = this.imports.importFrom(m, f.code.names[arg]!);
          break;
        }
        case Op.IMPORT_STAR:
          this.imports.importStar(f, stack[--f.sp]!);
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
            this,
            stack[f.sp - 1]!,
            cls,
            f.code.extras[arg] as { positional: number; names: string[] },
          );
          break;
        }
        case Op.MATCH_KEYS: {
          const keys = stack[--f.sp] as PyTuple;
          stack[f.sp - 1] = matchKeys(this, stack[f.sp - 1] as PyDict, keys);
          break;
        }
        case Op.MATCH_REST: {
          const keys = stack[--f.sp] as PyTuple;
          stack[f.sp - 1] = matchRest(this, stack[f.sp - 1] as PyDict, keys);
          break;
        }
        case Op.GET_LEN:
          stack[f.sp - 1] = this.natives.lengthOf(stack[f.sp - 1]!);
          break;
        case Op.GAP:
          stack[f.sp++] = this.gap('syntax', `this code does not parse: ${String(f.code.consts[arg])}`, 'tensor');
          break;
        case Op.NOP:
          break;
        default:
          throw new Error(`unknown instruction ${ops[pc]}`);
      }
    }
  }

  /** Leaves frame `f` with `value`; gives the value when the run's base is reached, else undefined. */
  private leave(f: Frame, value: Value, base: number): Value | undefined {
    const r = f.exit === null ? value : f.exit(value);
    this.frames.pop();
    if (this.frames.length === base) return r;
    const caller = this.frames[this.frames.length - 1]!;
    caller.stack[caller.sp++] = r;
    return undefined;
  }

  private compare(op: number, a: Value, b: Value): Value {
    // is, is not
    if (op === 6 || op === 7) {
      const same = identical(a, b);
      if (same === undefined) return new Unknown(whyOf(a instanceof Unknown ? a : b), this.place(), 'bool');
      return same === (op === 6);
    }
    if (typeof a === 'number' && typeof b === 'number') {
      switch (op) {
        case 0:
          return a === b;
        case 1:
          return a !== b;
        case 2:
          return a < b;
        case 3:
          return a <= b;
        case 4:
          return a > b;
        case 5:
          return a >= b;
        default:
      }
    }
    return compareOp(this, compareOperators[op]!, a, b);
  }

  subscript(o: Value, k: Value): Value {
    if (o instanceof Unknown) return new Unknown(o.why, o.where);
    if (o !== null && typeof o === 'object') {
      const hosted = protocolOf(o).getItem;
      if (hosted !== undefined) return hosted(this, o, k);
    }
    return getItem(this, o, k);
  }

  private global(f: Frame, name: string): Value {
    const v = this.imports.global(f.globals, name, f.topIndex);
    if (v !== undefined) return v;
    const b = this.builtins.get(name);
    if (b === undefined) raise('NameError', `name '${name}' is not defined`);
    return b as Value;
  }
}

export const yielded = Symbol('yielded');
export const reached = Symbol('reached');
/** Stands below a callable that LOAD_METHOD could not split. */
const noSelf = new Cell(undefined);

function derefName(code: Code, i: number): string {
  return i < code.cellvars.length ? code.cellvars[i]! : code.freevars[i - code.cellvars.length]!;
}

export function whyOf(v: Value): string {
  return v instanceof Unknown ? v.why : 'data-dependent value';
}

/** `is`; undefined when it cannot be decided. */
function identical(a: Value, b: Value): boolean | undefined {
  if (a instanceof Unknown || b instanceof Unknown) {
    if (a === b) return true;
    const u = a instanceof Unknown ? a : (b as Unknown);
    const other = a instanceof Unknown ? b : a;
    // something that is surely a tensor or a number is surely not None
    if (other === null && u.kind !== 'any') return false;
    return undefined;
  }
  if (a instanceof BoundMethod && b instanceof BoundMethod) return false;
  return a === b;
}

export function placeOf(f: Frame): Place {
  const at = Math.max(0, f.pc - 2) >> 1;
  return { file: f.code.file, unit: f.code.unit, start: f.code.starts[at]!, end: f.code.ends[at]! };
}

const raisedPlaces = new WeakMap<PyRaise, Place>();
/** Remembers where in user code an exception arose. */
function tracePlace(e: PyRaise, f: Frame): void {
  if (!raisedPlaces.has(e) && !f.code.file.internal) raisedPlaces.set(e, placeOf(f));
}
export function raisedAt(e: PyRaise): Place | null {
  return raisedPlaces.get(e) ?? null;
}

const raises = new WeakMap<PyInstance, PyRaise>();
/** The exception in flight for an exception object, keeping where it arose. */
export function asRaise(e: PyInstance): PyRaise {
  let r = raises.get(e);
  if (r === undefined) {
    r = new PyRaise(e.cls.name, '');
    r.instance = e;
    raises.set(e, r);
  }
  return r;
}
export function rememberRaise(e: PyInstance, r: PyRaise): void {
  raises.set(e, r);
}

function exceptionMatches(e: Value, wanted: Value): boolean {
  if (wanted instanceof PyTuple) return wanted.items.some((w) => exceptionMatches(e, w));
  if (wanted instanceof PyClass) return isInstance(e, wanted);
  return false;
}
