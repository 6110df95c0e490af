/** Values that a built model and its module hold, read from expressions without running anything. */
import { lookup } from '../python/classes.js';
import { PyFunction } from '../python/objects.js';
import { BoundMethod, PyDict, PyInstance, PyList, type Value } from '../python/values.js';
import type { Expr } from '../syntax/ast.js';
import { isModule } from '../torch/moduleClass.js';
import { member } from './modelHints.js';
import { children } from './modelParts.js';

export class LiveNames {
  /** `hides`: a local name that stands for something else. */
  constructor(
    private readonly f: PyFunction,
    private readonly self: PyInstance | null,
    private readonly hides: (name: string) => boolean,
  ) {}

  readonly locals = new Map<string, Value>();
  /** Loop variables and how far they count. */
  readonly counters = new Map<string, number>();

  /** Turns of `enumerate(self.tables)`, `range(len(self.tables))`, `range(4)`. */
  count(iter: Expr): number | null {
    if (iter.type !== 'Call' || iter.func.type !== 'Name' || iter.args.length !== 1) return null;
    const of = iter.args[0]!;
    const size = (e: Expr): number | null => {
      const v = this.value(e);
      return v instanceof PyInstance && isModule(v) ? children(v).length : v instanceof PyList ? v.items.length : null;
    };
    if (iter.func.id === 'enumerate') return size(of);
    if (iter.func.id !== 'range') return null;
    return of.type === 'Call' && of.func.type === 'Name' && of.func.id === 'len' && of.args[0] !== undefined
      ? size(of.args[0])
      : this.number(of);
  }

  number(e: Expr): number | null {
    if (e.type === 'Constant' && typeof e.value === 'number') return e.value;
    if (e.type === 'UnaryOp' && e.op === '-') {
      const n = this.number(e.operand);
      return n === null ? null : -n;
    }
    if (e.type === 'BinOp') {
      const a = this.number(e.left);
      const b = this.number(e.right);
      if (a === null || b === null) return null;
      return e.op === '*'
        ? a * b
        : e.op === '+'
          ? a + b
          : e.op === '-'
            ? a - b
            : e.op === '//'
              ? Math.floor(a / b)
              : null;
    }
    const v = this.value(e);
    return typeof v === 'number' ? v : null;
  }

  /** A value that the model or the module's globals hold, read without running anything. */
  value(e: Expr): Value | undefined {
    if (e.type === 'Name') {
      if (e.id === 'self' && this.self !== null) return this.self;
      return this.locals.get(e.id) ?? (this.hides(e.id) ? undefined : this.f.globals.ns.get(e.id));
    }
    if (e.type === 'Attribute') {
      const of = this.value(e.value);
      if (!(of instanceof PyInstance)) return undefined;
      const own = of.attrs?.get(e.attr);
      if (own !== undefined) return own;
      for (const table of ['_modules', '_parameters', '_buffers']) {
        const v = member(of.attrs?.get(table), e.attr);
        if (v !== undefined) return v;
      }
      const method = lookup(of.cls, e.attr);
      return method instanceof PyFunction ? new BoundMethod(of, method) : undefined;
    }
    if (e.type === 'Subscript') {
      const of = this.value(e.value);
      const at = e.slice.type === 'Constant' ? e.slice.value : undefined;
      if (of instanceof PyInstance && isModule(of)) {
        const list = children(of);
        return typeof at === 'number' ? list.at(at)?.[1] : (list.find(([n]) => n === at)?.[1] ?? list[0]?.[1]);
      }
      if (of instanceof PyList && typeof at === 'number') return of.items.at(at);
      if (of instanceof PyDict && typeof at === 'string') return of.entries.get(at)?.[1];
    }
    return undefined;
  }
}
