/**
 * What was worked out about a node, kept with its top-level statement: after a keystroke
 * the statements that did not change keep theirs, unless what names mean has changed.
 */
import type { Expr, TopStatement } from '../../syntax/ast.js';
import type { ModuleIndex, Scope, Stamp } from './moduleIndex.js';

interface Store<Value> {
  readonly stamp: Stamp;
  readonly values: Map<Expr, Value>;
}

export class Memo<Value> {
  private readonly byUnit = new WeakMap<TopStatement, Store<Value>>();
  private readonly byIndex = new WeakMap<ModuleIndex, Store<Value>>();
  private lastScope: Scope | null = null;
  private lastIndex: ModuleIndex | null = null;
  private lastValues: Map<Expr, Value> = new Map();

  constructor(private readonly work: (node: Expr, index: ModuleIndex, scope: Scope) => Value) {}

  get(node: Expr, index: ModuleIndex, scope: Scope): Value {
    // rules go through a function call by call
    if (scope !== this.lastScope || index !== this.lastIndex) {
      this.lastValues = this.storeOf(index, scope);
      this.lastScope = scope;
      this.lastIndex = index;
    }
    const values = this.lastValues;
    const known = values.get(node);
    if (known !== undefined) return known;
    const value = this.work(node, index, scope);
    values.set(node, value);
    return value;
  }

  private storeOf(index: ModuleIndex, scope: Scope): Map<Expr, Value> {
    const { unit } = scope;
    const known = unit === null ? this.byIndex.get(index) : this.byUnit.get(unit);
    if (known?.stamp === index.stamp) return known.values;
    const fresh = { stamp: index.stamp, values: new Map<Expr, Value>() };
    if (unit === null) this.byIndex.set(index, fresh);
    else this.byUnit.set(unit, fresh);
    return fresh.values;
  }
}
