/**
 * What was worked out about a node, kept with its function: after a keystroke the functions that did not change
 * keep theirs, unless what names mean has changed. What was found by looking at the class of a function as well is
 * kept with the top-level statement.
 */
import type { Expr, TopStatement } from '../../syntax/ast.js';
import { lookOutside, withinFunction } from './looks.js';
import type { ModuleIndex, Stamp } from './moduleIndex.js';
import type { Scope } from './parts.js';

interface Store<Value> {
  readonly stamp: Stamp;
  readonly values: Map<Expr, Value>;
}

type Stores<Key extends object, Value> = WeakMap<Key, Store<Value>>;

export class Memo<Value> {
  private readonly byScope: Stores<Scope, Value> = new WeakMap();
  private readonly byUnit: Stores<TopStatement, Value> = new WeakMap();
  /** Of code that the module runs itself. */
  private readonly byTopUnit: Stores<TopStatement, Value> = new WeakMap();
  private readonly byIndex: Stores<ModuleIndex, Value> = new WeakMap();
  private lastScope: Scope | null = null;
  private lastIndex: ModuleIndex | null = null;
  private ofScope: Map<Expr, Value> = new Map();
  private ofUnit: Map<Expr, Value> = new Map();

  constructor(private readonly work: (node: Expr, index: ModuleIndex, scope: Scope) => Value) {}

  get(node: Expr, index: ModuleIndex, scope: Scope): Value {
    if (scope.node === null) return this.getAtTop(node, index, scope);
    // rules go through a function call by call
    if (scope !== this.lastScope || index !== this.lastIndex) {
      this.ofScope = store(this.byScope, scope, index.stamp);
      this.ofUnit = store(this.byUnit, index.holderOf(scope.node), index.stamp);
      this.lastScope = scope;
      this.lastIndex = index;
    }
    const { ofScope, ofUnit } = this;
    const own = ofScope.get(node);
    if (own !== undefined) return own;
    const known = ofUnit.get(node);
    if (known !== undefined) {
      lookOutside();
      return known;
    }
    const { value, isWithin } = withinFunction(() => index.settled(() => this.work(node, index, scope)));
    (isWithin ? ofScope : ofUnit).set(node, value);
    return value;
  }

  private getAtTop(node: Expr, index: ModuleIndex, scope: Scope): Value {
    const unit = index.holderOf(node);
    // the stamp does not say between which others an expression statement stands
    const values =
      unit.node.type === 'Expr' ? store(this.byIndex, index, index.stamp) : store(this.byTopUnit, unit, index.stamp);
    const known = values.get(node);
    if (known !== undefined) return known;
    const value = index.settled(() => this.work(node, index, scope));
    values.set(node, value);
    return value;
  }
}

function store<Key extends object, Value>(stores: Stores<Key, Value>, key: Key, stamp: Stamp): Map<Expr, Value> {
  const known = stores.get(key);
  if (known?.stamp === stamp) return known.values;
  const fresh = { stamp, values: new Map<Expr, Value>() };
  stores.set(key, fresh);
  return fresh.values;
}
