/** Calls of a file with what they call, and their arguments by name. */
import type { Call, Expr } from '../../syntax/ast.js';
import type { ModuleIndex, Stamp } from '../semantic/moduleIndex.js';
import { qualifiedName } from '../semantic/names.js';
import type { Part, Scope } from '../semantic/parts.js';

export function everyScope(index: ModuleIndex): readonly Scope[] {
  return index.once(allScopes);
}

function allScopes(index: ModuleIndex): readonly Scope[] {
  return [...index.functions, index.top];
}

export interface FoundCall {
  readonly call: Call;
  readonly scope: Scope;
  /** Qualified name of what is called; null when it is not an import. */
  readonly name: string | null;
}

export function everyCall(index: ModuleIndex): readonly FoundCall[] {
  return index.once(allCalls);
}

function allCalls(index: ModuleIndex): readonly FoundCall[] {
  const own = index.parts.flatMap((part) => part.scopes.flatMap((scope) => foundIn(scope, index)));
  return own.concat(index.parts.flatMap((part) => foundAtTop(part, index)));
}

interface Kept<Value> {
  readonly stamp: Stamp;
  readonly values: readonly Value[];
}

const callsOfScope = new WeakMap<Scope, Kept<FoundCall>>();

/** The calls of one function; kept with its scope as long as names mean the same. */
export function foundIn(scope: Scope, index: ModuleIndex): readonly FoundCall[] {
  const known = callsOfScope.get(scope);
  if (known?.stamp === index.stamp) return known.values;
  const values = scope.calls.map((call) => ({ call, scope, name: qualifiedName(call.func, index, scope) }));
  callsOfScope.set(scope, { stamp: index.stamp, values });
  return values;
}

const namesAtTop = new WeakMap<Part, Kept<string | null>>();

/** The calls of one statement that the module runs itself. */
export function foundAtTop(part: Part, index: ModuleIndex): readonly FoundCall[] {
  const calls = part.ownCalls;
  if (calls.length === 0) return [];
  const scope = index.top;
  let names = namesAtTop.get(part);
  // the stamp does not say between which others an expression statement stands
  if (names?.stamp !== index.stamp || part.unit.node.type === 'Expr') {
    names = { stamp: index.stamp, values: calls.map((call) => qualifiedName(call.func, index, scope)) };
    namesAtTop.set(part, names);
  }
  const { values } = names;
  return calls.map((call, at) => ({ call, scope, name: values[at] ?? null }));
}

/** Calls of what has one of these qualified names, in the order of `everyCall`. */
export function callsNamed(index: ModuleIndex, names: RegExp): readonly FoundCall[] {
  const found: Placed<FoundCall>[] = [];
  for (const [name, calls] of index.once(sortedCalls).byName) if (names.test(name)) found.push(...calls);
  return found.sort((a, b) => a.at - b.at).map(({ found }) => found);
}

/** Calls of methods of that name, whatever the object is, function by function. */
export function methodCalls(index: ModuleIndex, ...names: readonly string[]): readonly MethodCall[] {
  const { byMethod } = index.once(sortedCalls);
  const found = names.flatMap((name) => byMethod.get(name) ?? []);
  if (names.length > 1) found.sort((a, b) => a.scopeAt - b.scopeAt);
  return found.map(({ found }) => found);
}

interface Placed<Found> {
  readonly found: Found;
  /** Place among all calls. */
  readonly at: number;
  /** Place of the function among all; the module's own code is the last. */
  readonly scopeAt: number;
}

interface SortedCalls {
  readonly byName: ReadonlyMap<string, readonly Placed<FoundCall>[]>;
  readonly byMethod: ReadonlyMap<string, readonly Placed<MethodCall>[]>;
}

function sortedCalls(index: ModuleIndex): SortedCalls {
  const byName = new Map<string, Placed<FoundCall>[]>();
  const byMethod = new Map<string, Placed<MethodCall>[]>();
  let at = 0;
  let scopeAt = 0;
  let last: Scope | null = null;
  for (const found of everyCall(index)) {
    const { call, scope, name } = found;
    at++;
    if (scope !== last) scopeAt++;
    last = scope;
    if (name !== null) addTo(byName, name, { found, at, scopeAt });
    if (call.func.type === 'Attribute')
      addTo(byMethod, call.func.attr, { found: { call, scope, name, object: call.func.value }, at, scopeAt });
  }
  return { byName, byMethod };
}

function addTo<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const own = lists.get(key);
  if (own === undefined) lists.set(key, [value]);
  else own.push(value);
}

export interface MethodCall extends FoundCall {
  readonly object: Expr;
}

export function keywordOf(call: Call, ...names: readonly string[]): Expr | null {
  return call.keywords.find((keyword) => keyword.arg !== null && names.includes(keyword.arg))?.value ?? null;
}

/** By position, else by any of its names. */
export function argumentOf(call: Call, position: number, ...names: readonly string[]): Expr | null {
  const given = call.args[position];
  return given !== undefined && given.type !== 'Starred' ? given : keywordOf(call, ...names);
}

/** Every argument can be seen: no `*args`, no `**kwargs`. */
export function isPlainCall(call: Call): boolean {
  return call.args.every((arg) => arg.type !== 'Starred') && call.keywords.every((keyword) => keyword.arg !== null);
}

export function isConstant(node: Expr | null | undefined, value: boolean | null | string): boolean {
  return node?.type === 'Constant' && node.value === value;
}

/** The method's name when the call is `object.method(...)`; null for plain functions. */
export function methodName(call: Call): string | null {
  return call.func.type === 'Attribute' ? call.func.attr : null;
}
