/** Calls of a file with what they call, and their arguments by name. */
import type { Call, Expr } from '../../syntax/ast.js';
import type { ModuleIndex, Scope, Stamp } from '../semantic/moduleIndex.js';
import { qualifiedName } from '../semantic/names.js';

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
  return everyScope(index).flatMap((scope) => foundIn(scope, index).calls);
}

interface ScopeCalls {
  readonly stamp: Stamp;
  readonly calls: readonly FoundCall[];
  readonly byMethod: ReadonlyMap<string, readonly MethodCall[]>;
}

/** Kept with the scope as long as names mean the same. */
const callsOfScope = new WeakMap<Scope, ScopeCalls>();

function foundIn(scope: Scope, index: ModuleIndex): ScopeCalls {
  const known = callsOfScope.get(scope);
  if (known?.stamp === index.stamp) return known;
  const calls = scope.calls.map((call) => ({ call, scope, name: qualifiedName(call.func, index, scope) }));
  const byMethod = new Map<string, MethodCall[]>();
  for (const one of calls) {
    const { func } = one.call;
    if (func.type !== 'Attribute') continue;
    const entry = { ...one, object: func.value };
    const others = byMethod.get(func.attr);
    if (others === undefined) byMethod.set(func.attr, [entry]);
    else others.push(entry);
  }
  const own = { stamp: index.stamp, calls, byMethod };
  callsOfScope.set(scope, own);
  return own;
}

/** Calls of methods of that name, whatever the object is, function by function. */
export function methodCalls(index: ModuleIndex, ...names: readonly string[]): readonly MethodCall[] {
  return everyScope(index).flatMap((scope) => {
    const { byMethod } = foundIn(scope, index);
    return names.flatMap((name) => byMethod.get(name) ?? []);
  });
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
