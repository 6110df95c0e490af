/** A tensor on its way from a parameter through a function, and the shape algebra that leads back to it. */
import { PyFunction } from '../python/objects.js';
import { BoundMethod, PyInstance, type Value } from '../python/values.js';
import type { Expr } from '../syntax/ast.js';
import type { DTypeName } from '../torch/dtype.js';
import type { Back } from './layerDemands.js';
import type { Hint } from './modelHints.js';
import type { DimNames } from './shapeHints.js';

export interface Usage {
  /** Dimensions with a leading `*` when the rank is open; null: nothing is known. */
  dims: DimNames | null;
  dtype: DTypeName | null;
  /** The layer that takes it first. */
  hint: Hint | null;
  /** The least rank that subscripts and `size(i)` need. */
  leastRank: number;
  /** `t[:, None]` makes it a column: one number per item, unless a layer says more. */
  isVector: boolean;
  /** What is read from it by name, when it is a dict. */
  keys: Map<string, Usage>;
  /** What it is unpacked into, when it is a tuple or list. */
  items: Usage[];
}

export interface Flow {
  readonly back: Back;
  readonly into: Usage;
  /** Nothing happened to it yet. */
  readonly whole: boolean;
}

export function blank(): Usage {
  return { dims: null, dtype: null, hint: null, leastRank: 0, isVector: false, keys: new Map(), items: [] };
}

export function start(into: Usage): Flow {
  return { back: (d) => d, into, whole: true };
}

export function step(from: Flow, back: Back): Flow {
  return {
    back: (after) => {
      const d = back(after);
      return d === null ? null : from.back(d);
    },
    into: from.into,
    whole: false,
  };
}

/** Two statements on one shape: numbers win over names, known ranks over open ones. */
export function mergeDims(a: DimNames | null, b: DimNames | null): DimNames | null {
  if (a === null || b === null) return a ?? b;
  const open = (d: DimNames): boolean => d[0] === '*';
  if (open(a) && !open(b)) return mergeDims(b, a);
  if (open(b)) {
    const tail = b.slice(1);
    if (open(a)) return a.length >= b.length ? a : b;
    if (tail.length > a.length) return a;
    const head = a.slice(0, a.length - tail.length);
    return [...head, ...a.slice(head.length).map((d, i) => better(d, tail[i]!))];
  }
  return a.length === b.length ? a.map((d, i) => better(d, b[i]!)) : a;
}

export function better(a: string, b: string): string {
  if (/^\d+$/.test(a)) return a;
  return /^\d+$/.test(b) || a === '_' ? b : a;
}

/** The function under decorators that keep it as `__wrapped__`. */
export function unwrapped(f: PyFunction): PyFunction {
  let at = f;
  for (let guard = 0; guard < 8; guard++) {
    const inner = at.attrs?.get('__wrapped__');
    if (!(inner instanceof PyFunction)) break;
    at = inner;
  }
  return at;
}

export function functionOf(v: Value | undefined): { f: PyFunction; self: PyInstance | null; skip: number } | null {
  if (v instanceof PyFunction) return { f: unwrapped(v), self: null, skip: 0 };
  if (v instanceof BoundMethod && v.func instanceof PyFunction)
    return { f: unwrapped(v.func), self: v.self instanceof PyInstance ? v.self : null, skip: 1 };
  return null;
}

/** `x` of `x.shape`, `x.size()`. */
export function shapeOf(e: Expr): Expr | null {
  if (e.type === 'Starred') return shapeOf(e.value);
  if (e.type === 'Attribute' && e.attr === 'shape') return e.value;
  if (e.type === 'Call' && e.args.length === 0 && e.func.type === 'Attribute' && e.func.attr === 'size')
    return e.func.value;
  return null;
}

/** `x` of `x.dim()`, `x.ndim`, `len(x.shape)`. */
export function rankOf(e: Expr): Expr | null {
  if (e.type === 'Attribute' && e.attr === 'ndim') return e.value;
  if (e.type !== 'Call') return null;
  if (e.func.type === 'Attribute' && /^(dim|ndimension)$/.test(e.func.attr)) return e.func.value;
  if (e.func.type === 'Name' && e.func.id === 'len' && e.args[0] !== undefined) return shapeOf(e.args[0]);
  return null;
}

export function constants(args: readonly Expr[]): number[] | null {
  const out: number[] = [];
  for (const a of args) {
    if (a.type === 'Constant' && typeof a.value === 'number') out.push(a.value);
    else if (
      a.type === 'UnaryOp' &&
      a.op === '-' &&
      a.operand.type === 'Constant' &&
      typeof a.operand.value === 'number'
    )
      out.push(-a.operand.value);
    else return null;
  }
  return out;
}

/** An open rank filled up to `rank` dimensions. */
export function expanded(dims: DimNames, rank: number): DimNames {
  if (dims[0] !== '*') return dims;
  const tail = dims.slice(1);
  const missing = Math.max(0, rank - tail.length);
  return [...Array.from({ length: missing }, (_v, i) => (i === 0 ? 'B' : 'length')), ...tail];
}

export function swapped(flow: Flow, a: number, b: number): Flow {
  return step(flow, (after) => {
    const least = Math.max(a, b) + 1;
    const d = [...expanded(after, Math.max(least, after.length, 3))];
    const i = a < 0 ? d.length + a : a;
    const j = b < 0 ? d.length + b : b;
    if (d[i] === undefined || d[j] === undefined) return null;
    [d[i], d[j]] = [d[j]!, d[i]!];
    return d;
  });
}

export function removed(after: DimNames, at: number): DimNames {
  const d = after[0] === '*' ? after : [...after];
  const i = at < 0 ? d.length + at : at;
  return d.filter((_x, k) => k !== i || d[0] === '*');
}
