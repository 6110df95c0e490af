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
  /** Of code that the module runs itself. */
  private readonly byTopUnit = new WeakMap<TopStatement, Store<Value>>();
  private readonly byIndex = new WeakMap<ModuleIndex, Store<Value>>();
  private lastScope: Scope | null = null;
  private lastIndex: ModuleIndex | null = null;
  private lastValues: Map<Expr, Value> = new Map();

  constructor(private readonly work: (node: Expr, index: ModuleIndex, scope: Scope) => Value) {}

  get(node: Expr, index: ModuleIndex, scope: Scope): Value {
    // rules go through a function call by call
    if (scope !== this.lastScope || index !== this.lastIndex || scope.unit === null) {
      this.lastValues = this.storeOf(node, index, scope);
      this.lastScope = scope;
      this.lastIndex = index;
    }
    const values = this.lastValues;
    const known = values.get(node);
    if (known !== undefined) return known;
    const value = index.settled(() => this.work(node, index, scope));
    values.set(node, value);
    return value;
  }

  private storeOf(node: Expr, index: ModuleIndex, scope: Scope): Map<Expr, Value> {
    const unit = scope.unit ?? index.unitOf(node);
    // the stamp does not say between which others an expression statement stands
    if (scope.unit === null && unit.node.type === 'Expr') return store(this.byIndex, index, index.stamp);
    return store(scope.unit === null ? this.byTopUnit : this.byUnit, unit, index.stamp);
  }
}

function store<Key extends object, Value>(
  stores: WeakMap<Key, Store<Value>>,
  key: Key,
  stamp: Stamp,
): Map<Expr, Value> {
  const known = stores.get(key);
  if (known?.stamp === stamp) return known.values;
  const fresh = { stamp, values: new Map<Expr, Value>() };
  stores.set(key, fresh);
  return fresh.values;
}
