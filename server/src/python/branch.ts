/**
 * Branches that cannot be decided. A side that raises counts as not taken (forwards are full
 * of checks); otherwise both sides run and their effects are joined, so the rest of the run
 * happens once, and what ran is kept as alternatives.
 */
import { Answered, PyRaise } from './errors.js';
import type { Frame } from './frame.js';
import { type Machine, reached, whyOf } from './machine.js';
import { Cell } from './objects.js';
import { type HeapObserver, heap, PyDict, PyList, type PyObject, PyTuple, Unknown, type Value } from './values.js';

/** Nested undecided branches beyond this take their first side only. */
const depthLimit = 4;
/** So many calls of one function at once, in undecided branches, are a recursion that what is unknown would have ended. */
const callLimit = 12;

class Journal implements HeapObserver {
  readonly undo = new Map<PyObject, () => void>();
  readonly before = new Map<PyObject, Contents>();
  constructor(private readonly outer: HeapObserver | null) {}
  touch(object: PyObject): void {
    if (!this.undo.has(object)) {
      this.undo.set(object, object.snapshot());
      this.before.set(object, contents(object));
    }
    this.outer?.touch(object);
  }
}

interface State {
  readonly pc: number;
  readonly stack: Value[];
  readonly locals: (Value | undefined)[];
  readonly blocks: Frame['blocks'];
  readonly handled: Frame['handled'];
}

function save(f: Frame): State {
  return {
    pc: f.pc,
    stack: f.stack.slice(0, f.sp),
    locals: f.locals.slice(),
    blocks: f.blocks.slice(),
    handled: f.handled.slice(),
  };
}

function restore(f: Frame, s: State): void {
  f.pc = s.pc;
  f.sp = s.stack.length;
  for (let i = 0; i < s.stack.length; i++) f.stack[i] = s.stack[i]!;
  f.locals = s.locals.slice();
  f.blocks = s.blocks.slice();
  f.handled = s.handled.slice();
}

type Outcome =
  | { readonly kind: 'join'; readonly state: State }
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'raise'; readonly error: PyRaise };

/**
 * `f` stands just after the conditional jump at `pc`. Leaves it at the join (gives undefined), or
 * gives the frame's return value when it returned.
 */
export function branchUndecided(vm: Machine, f: Frame, pc: number, condition: Value): Value | undefined {
  const info = f.code.branches.get(pc);
  const target = f.code.ops[pc + 1]!;
  const why = whyOf(condition);
  if (info?.loop === true) {
    // the body once, then out
    f.loopsTaken ??= new Set();
    if (f.loopsTaken.has(pc)) {
      f.loopsTaken.delete(pc);
      f.pc = target;
    } else {
      f.loopsTaken.add(pc);
      vm.listener.assumption(`loop while ${why}: one turn`, 'loop', vm.place());
    }
    return undefined;
  }
  if (vm.branchDepth > 0 && !f.isGeneratorFrame && callsOf(vm, f) > callLimit) {
    vm.listener.gap('condition', `rests on ${why}; so does where its recursion ends`, vm.place(), false);
    return new Unknown(why, vm.place());
  }
  if (info === undefined || vm.branchDepth >= depthLimit || f.isGeneratorFrame) {
    vm.listener.assumption(`condition on ${why}: taken as true`, 'branch', vm.place());
    vm.listener.gap('condition', `rests on ${why} and is taken as true`, vm.place(), false);
    return undefined;
  }
  const popsValue = f.code.ops[pc]! >= 0 && isOrPop(f, pc);
  const start = save(f);
  const begun = heap.now;
  const since = { objects: begun, parts: heap.parts };
  const recorder = vm.listener.branch?.();
  vm.branchDepth++;
  try {
    const first = explore(vm, f, info.join, () => {
      if (popsValue) f.sp--;
    });
    recorder?.side();
    const firstAfter = new Map<PyObject, () => void>();
    for (const o of first.journal.undo.keys()) firstAfter.set(o, o.snapshot());
    const firstValues = new Map([...first.journal.undo.keys()].map((o) => [o, contents(o)]));
    for (const back of first.journal.undo.values()) back();
    restore(f, start);
    const second = explore(vm, f, info.join, () => {
      f.pc = target;
    });
    recorder?.side();
    const a = first.outcome;
    let b = second.outcome;
    // a call further down gives an unknown value on one side: so it does on both
    for (const side of [a, b]) {
      if (side.kind !== 'raise' || !(side.error instanceof Answered)) continue;
      recorder?.end('second');
      throw side.error;
    }
    if (a.kind === 'raise' && b.kind === 'raise') {
      recorder?.end('second');
      throw b.error;
    }
    if (a.kind === 'raise') {
      recorder?.end('second');
      vm.listener.assumption(
        `condition on ${why}: the side that raises ${a.error.instance?.cls.name ?? a.error.typeName} is not taken`,
        'branch',
        vm.place(),
      );
      return settle(f, b);
    }
    if (b.kind === 'raise') {
      recorder?.end('first');
      vm.listener.assumption(
        `condition on ${why}: the side that raises ${b.error.instance?.cls.name ?? b.error.typeName} is not taken`,
        'branch',
        vm.place(),
      );
      for (const back of second.journal.undo.values()) back();
      for (const forward of firstAfter.values()) forward();
      return settle(f, a);
    }
    recorder?.end('both');
    vm.listener.gap('branch', `the condition rests on ${why}: both sides are counted`, vm.place(), false);
    // what only the second side wrote is, after the first, as it was before
    for (const [o, was] of second.journal.before) if (!firstValues.has(o)) firstValues.set(o, was);
    if (joinHeap(firstValues, why, begun))
      vm.listener.gap('condition', `rests on ${why}; what one side adds is taken as there`, vm.place(), false, since);
    if (a.kind === 'join' && b.kind === 'join') {
      restore(f, joinStates(a.state, b.state, why));
      return undefined;
    }
    if (a.kind === 'return' && b.kind === 'return') return joinValues(a.value, b.value, why);
    // one side returned: the other runs on to its own return, then the results meet
    const open = a.kind === 'join' ? a : (b as Outcome & { kind: 'join' });
    restore(f, open.state);
    const rest = explore(vm, f, -2, () => {});
    if (rest.outcome.kind === 'raise') throw rest.outcome.error;
    b = rest.outcome;
    const returned = a.kind === 'return' ? a.value : (second.outcome as Outcome & { kind: 'return' }).value;
    return joinValues(returned, (b as Outcome & { kind: 'return' }).value, why);
  } finally {
    vm.branchDepth--;
  }
}

/** How many calls of `f`'s code are running, `f` among them. */
function callsOf(vm: Machine, f: Frame): number {
  return vm.frames.reduce((n, g) => n + (g.code === f.code ? 1 : 0), 0);
}

function isOrPop(f: Frame, pc: number): boolean {
  // JUMP_IF_*_OR_POP leave their value on the stack when they jump
  return f.code.ops[pc]! > popJumpIfTrue;
}

import { Op } from './bytecode.js';

const popJumpIfTrue: number = Op.POP_JUMP_IF_TRUE;

/** Runs frame `f` (on top of the stack) until `join`, its return or an exception. */
function explore(vm: Machine, f: Frame, join: number, enter: () => void): { outcome: Outcome; journal: Journal } {
  const outer = heap.observer;
  const journal = new Journal(outer);
  heap.observer = journal;
  const depth = vm.frames.length - 1;
  const { exit, unwind } = f;
  f.exit = null;
  f.unwind = null;
  try {
    enter();
    const r = vm.loop(depth, null, join === -2 ? -1 : join);
    if (r === reached) return { outcome: { kind: 'join', state: save(f) }, journal };
    return { outcome: { kind: 'return', value: r as Value }, journal };
  } catch (e) {
    if (!(e instanceof PyRaise)) throw e;
    return { outcome: { kind: 'raise', error: e }, journal };
  } finally {
    heap.observer = outer;
    f.exit = exit;
    f.unwind = unwind;
    // the frame may have been popped by its return or by the exception
    vm.frames.length = depth;
    vm.frames.push(f);
  }
}

/** Continues with a single outcome. */
function settle(f: Frame, o: Outcome): Value | undefined {
  if (o.kind === 'return') return o.value;
  if (o.kind === 'join') restore(f, o.state);
  return undefined;
}

function joinStates(a: State, b: State, why: string): State {
  const stack = b.stack.map((v, i) => (i < a.stack.length ? joinValues(a.stack[i]!, v, why) : v));
  const locals = b.locals.map((v, i) => {
    const u = a.locals[i];
    if (v === undefined || u === undefined) return v ?? u;
    return joinValues(u, v, why);
  });
  return { pc: b.pc, stack, locals, blocks: b.blocks, handled: b.handled };
}

/** How two host objects of one kind join; other rooms add theirs (tensors of equal shape). */
export const joiners: ((a: PyObject, b: PyObject, why: string) => Value | undefined)[] = [];

const undecided = 'depends on an undecided condition';

export function joinValues(a: Value, b: Value, why: string): Value {
  if (a === b) return a;
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    if (a instanceof Unknown) return a;
    if (b instanceof Unknown) return b;
    if (a instanceof PyTuple && b instanceof PyTuple && a.items.length === b.items.length) {
      return new PyTuple(a.items.map((v, i) => joinValues(v, b.items[i]!, why)));
    }
    if (a instanceof PyList && b instanceof PyList && a.items.length === b.items.length) {
      return new PyList(a.items.map((v, i) => joinValues(v, b.items[i]!, why)));
    }
    for (const j of joiners) {
      const v = j(a, b, why);
      if (v !== undefined) return v;
    }
  }
  const kind =
    typeof a === 'number' && typeof b === 'number'
      ? 'int'
      : typeof a === 'boolean' && typeof b === 'boolean'
        ? 'bool'
        : 'any';
  const reason = why.startsWith(undecided) ? why : `${undecided} (${why})`;
  return new Unknown(reason, null, kind, [a, b]);
}

type Contents = {
  attrs: Map<string, Value> | null;
  items: Value[] | null;
  entries: Map<unknown, Value> | null;
  value: Value | undefined;
};

function contents(o: PyObject): Contents {
  return {
    attrs: o.attrs === null ? null : new Map(o.attrs),
    items: o instanceof PyList ? o.items.slice() : null,
    entries: o instanceof PyDict ? new Map([...o.entries].map(([k, e]) => [k, e[1]])) : null,
    value: o instanceof Cell ? o.value : undefined,
  };
}

/** Whether something of an object, old or new, is there after one side only. */
function isOneSided(o: PyObject, was: Contents): boolean {
  const now = contents(o);
  const differ = (a: Map<unknown, Value> | null, b: Map<unknown, Value> | null): boolean =>
    a !== null && b !== null && (a.size !== b.size || [...a.keys()].some((k) => !b.has(k)));
  return differ(was.attrs, now.attrs) || differ(was.entries, now.entries) || was.items?.length !== now.items?.length;
}

/**
 * The heap holds the second side's state: meets it with what the first left.
 * @returns whether objects older than the branch (`begun`) have something that is there on one side only
 */
function joinHeap(first: ReadonlyMap<PyObject, Contents>, why: string, begun: number): boolean {
  let oneSided = false;
  for (const [o, was] of first) {
    oneSided ||= o.serial < begun && isOneSided(o, was);
    if (o.attrs !== null && was.attrs !== null) {
      for (const [k, v] of was.attrs) {
        const now = o.attrs.get(k);
        o.attrs.set(k, now === undefined ? v : joinValues(v, now, why));
      }
    }
    if (o instanceof PyList && was.items !== null) {
      if (o.items.length === was.items.length) o.items = o.items.map((v, i) => joinValues(was.items![i]!, v, why));
      else if (was.items.length > o.items.length) o.items = was.items;
    }
    if (o instanceof PyDict && was.entries !== null) {
      for (const [k, v] of was.entries) {
        const e = o.entries.get(k as never);
        if (e !== undefined) e[1] = joinValues(v, e[1], why);
        else o.writable.set(k as never, [k as Value, v]);
      }
    }
    if (o instanceof Cell)
      o.value =
        was.value === undefined || o.value === undefined ? (o.value ?? was.value) : joinValues(was.value, o.value, why);
  }
  return oneSided;
}
