/**
 * The virtual machine: runs code objects on an explicit stack of frames. Python calls push
 * frames; natives run on the host's stack and may call back (`call`), which runs a nested
 * loop down to the depth it started at.
 */

import { dictOf } from './attrDict.js';
import { getAttr, setAttr, tryGetAttr } from './attributes.js';
import { branchUndecided } from './branch.js';
import { getItem } from './builtins/items.js';
import { binaryOp, compareOp, inPlaceOp, unaryOp } from './builtins/operators.js';
import { repr, str } from './builtins/repr.js';
import { type Code, Op } from './bytecode.js';
import { makeFrame } from './call.js';
import { instantiate } from './classBuild.js';
import { builtinClass, classOf, isInstance, lookup } from './classes.js';
import { binaryOperators, compareOperators, unaryOperators } from './compileExpr.js';
import type { NameSource } from './dependencies.js';
import { Aborted, Answered, PyRaise, raise } from './errors.js';
import { materialise, raisedIs } from './exceptions.js';
import { Frame } from './frame.js';
import { PyGenerator, type Resumer } from './generator.js';
import { type ImportPorts, ImportSystem } from './imports.js';
import { derefName, execute } from './instructions.js';
import { iterate, iterator, UnknownIterator } from './iteration.js';
import { makeNatives, type Natives } from './natives.js';
import { Cell, PyFunction } from './objects.js';
import type { Place } from './place.js';
import { protocolOf } from './protocol.js';
import { completeContainer } from './registrations.js';
import { TailCall } from './tail.js';
import { placeOf, tracePlace } from './traceback.js';
import {
  anyOther,
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
  PyTuple,
  Unknown,
  UnknownModel,
  type Value,
} from './values.js';

/** How far building has come: `heap.now` and `heap.parts`. */
export interface Progress {
  readonly objects: number;
  readonly parts: number;
}

/** Coverage gaps and assumptions go to whoever runs the machine. */
export interface MachineListener {
  /** A run of an entry is under way. */
  readonly recording?: boolean;
  /** `since`: how far objects and parts had come before it. */
  gap(what: string, why: string, place: Place | null, isOperator: boolean, since?: Progress): void;
  assumption(text: string, kind: 'branch' | 'loop' | 'environment', place: Place | null): void;
  /** A function of the user's code starts to run. */
  ran?(code: Code): void;
  /** Code reads a module-level name of the user's. */
  reads?(source: NameSource): void;
  /** A statement that runs again after an edit wrote to objects that others made. */
  rewrote?(): void;
  /** A class is about to be called; null: nothing to tell, nothing known. */
  construct?(cls: PyClass, args: readonly Value[], kwargs: Keywords): Construction | null;
  /** Both sides of an undecidable branch are about to run; gives back what to tell about each. */
  branch?(): BranchRecorder;
}

/** Told about every turn of the user's loops; used to run a training loop for one step only. */
export interface LoopWatch {
  /** `iterator` will go over `iterable`. */
  opened(iterator: PyIterator, iterable: Value): void;
  /**
   * A turn of the loop whose body lies between `start` and `end` in the frame's code is about to begin; `iterator` is
   * null in `while` loops, whose first turn is not told. True: the loop ends here.
   */
  turn(frame: Frame, start: number, end: number, iterator: Value): boolean;
}

/** Where a `while` loop that begins at `start` ends: behind its last jump back. */
function loopEnd(code: Code, start: number): number {
  const { ops } = code;
  for (let pc = ops.length - 2; pc >= 0; pc -= 2) if (ops[pc] === Op.JUMP && ops[pc + 1] === start) return pc + 2;
  return ops.length;
}

/** What is known of an instance before it is made: the instance itself, or whom to tell about it. */
export type Construction =
  | { readonly result: PyInstance }
  | { readonly exit: (made: Value) => Value; readonly unwind: () => void };

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
  /** What a run may take at most. */
  readonly fullFuel: number;
  torch: unknown;
  private nesting = 0;
  private readonly cancelled: () => boolean;
  private readonly subclasses = new Map<PyClass, PyClass[]>();
  /** Objects made beyond this serial number end the run: code that grows without bound. */
  serialLimit = Number.POSITIVE_INFINITY;
  /** Depth of undecided branches being explored. */
  branchDepth = 0;
  loops: LoopWatch | null = null;

  constructor(options: MachineOptions) {
    this.listener = options.listener;
    this.fuel = options.fuel;
    this.fullFuel = options.fuel;
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
      completeContainer(v);
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
  /** A class that an edit did away with. */
  forgetSubclass(cls: PyClass): void {
    for (const base of cls.bases) {
      const known = this.subclasses.get(base);
      const i = known === undefined ? -1 : known.indexOf(cls);
      if (i >= 0) known!.splice(i, 1);
    }
    this.subclasses.delete(cls);
  }
  /** `__dict__`: live. */
  instanceDict(object: PyObject): PyDict {
    return dictOf(object);
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

  /** Calls host code. A fault of ours inside it costs this call, which is then unknown, not the whole run. */
  private host(callable: NativeFunction, args: Value[], kwargs: Keywords): Value {
    try {
      return callable.call(this, args, kwargs);
    } catch (e) {
      if (!(e instanceof TypeError || e instanceof ReferenceError)) throw e;
      const tensor = callable.name.startsWith('torch.') || callable.name.startsWith('Tensor.');
      return this.gap(callable.name, `a fault of the analysis: ${e.message}`, tensor ? 'tensor' : 'any');
    }
  }

  // ------------------------------------------------------------ calling
  /** A frame to run, or the result when no Python code has to. */
  enter(callable: Value, args: Value[], kwargs: Keywords): Frame | Value {
    if (callable instanceof PyFunction) {
      if (callable.doubt !== null) this.gap('decorator', callable.doubt, 'tensor');
      const frame = makeFrame(callable, args, kwargs);
      const { code } = callable;
      if (code.isGenerator || code.isAsync) {
        frame.isGeneratorFrame = true;
        return new PyGenerator(frame, callable.name, code.isAsync && !code.isGenerator);
      }
      return frame;
    }
    // most host code has no parameters to leave unknown
    if (callable instanceof NativeFunction && !callable.takesOthers && kwargs?.has(anyOther) === true)
      return this.callUnknown(kwargs.get(anyOther) as Unknown, args, kwargs);
    if (callable instanceof NativeFunction) {
      this.burn();
      return this.settle(this.host(callable, args, kwargs));
    }
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
    if (frame instanceof Frame) return frame.whenDone(result.exit, result.unwind);
    return result.exit === null ? frame : result.exit(frame);
  }

  private callUnknown(callable: Unknown, args: readonly Value[], kwargs: Keywords): Unknown {
    const place = this.place();
    // a call that takes or surely gives a tensor is work nobody counted
    const tensor = (v: Value): boolean =>
      v instanceof Unknown ? v.kind === 'tensor' : v instanceof PyObject && classOf(v).name === 'Tensor';
    const work = args.some(tensor) || (kwargs !== null && [...kwargs.values()].some(tensor));
    this.listener.gap('call', callable.why, place, work);
    // `model.to(device)`
    if (callable instanceof UnknownModel && !work) return new UnknownModel(callable.why, place);
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
    if (frame.code.file.internal) return;
    this.listener.ran?.(frame.code);
    this.imports.dependencies.ran(frame.code);
  }

  /** Drops whatever was running. */
  rest(): void {
    this.frames.length = 0;
    this.branchDepth = 0;
    this.nesting = 0;
    this.imports.running = 0;
    this.imports.dependencies.rest();
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
      tracePlace(e, f);
      const b = f.blocks.pop();
      if (b !== undefined) {
        f.sp = b.sp;
        f.stack[f.sp++] = materialise(this, e);
        f.pc = b.handler;
        return;
      }
      if (e instanceof Answered && e.frame === f) {
        f.sp = 0;
        f.stack[f.sp++] = e.value;
        f.pc = f.code.ops.length - 2; // every function ends in RETURN
        return;
      }
      this.frames.pop();
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
        case Op.LOAD_GLOBAL:
          stack[f.sp++] = this.global(f, f.code.names[arg]!);
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
            for (const [k, v] of d.entries.values())
              kwargs.set(typeof k === 'string' ? k : k instanceof Unknown ? anyOther : this.str(k), v);
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
        case Op.POP:
          f.sp--;
          break;
        case Op.DUP:
          stack[f.sp] = stack[f.sp - 1]!;
          f.sp++;
          break;
        case Op.JUMP:
          if (arg <= pc) {
            this.burn();
            if (this.loops !== null && ops[arg] !== Op.FOR_ITER) {
              const end = loopEnd(f.code, arg);
              if (this.loops.turn(f, arg, end, null)) {
                f.pc = end;
                break;
              }
            }
          }
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
          {
            const iterable = stack[f.sp - 1]!;
            const it = iterator(this, iterable);
            stack[f.sp - 1] = it;
            this.loops?.opened(it, iterable);
          }
          break;
        case Op.FOR_ITER: {
          this.burn();
          const it = stack[f.sp - 1]!;
          const stops = this.loops?.turn(f, pc, arg, it);
          const v = stops ? undefined : it instanceof PyIterator ? it.next(this) : this.natives.nextOf(it);
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
        case Op.RETURN: {
          const r = this.leave(f, stack[--f.sp]!, base);
          if (r !== undefined) return r;
          f = this.frames[this.frames.length - 1]!;
          ops = f.code.ops;
          stack = f.stack;
          break;
        }
        case Op.YIELD:
          if (generator !== f) raise('SyntaxError', "'yield' outside function");
          this.yieldedValue = stack[--f.sp]!;
          this.frames.pop();
          return yielded;
        case Op.YIELD_FROM: {
          if (generator !== f) raise('SyntaxError', "'yield' outside function");
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
        default:
          execute(this, f, ops[pc]! as Op, arg);
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

  global(f: Frame, name: string): Value {
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
