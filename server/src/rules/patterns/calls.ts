/** Calls of a file with what they call, and their arguments by name. */
import type { Call, Expr } from '../../syntax/ast.js';
import type { ModuleIndex, Scope } from '../semantic/moduleIndex.js';
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
  return everyScope(index).flatMap((scope) =>
    scope.calls.map((call) => ({ call, scope, name: qualifiedName(call.func, index, scope) })),
  );
}

/** Calls of methods of that name, whatever the object is. */
export function methodCalls(index: ModuleIndex, ...names: readonly string[]): readonly MethodCall[] {
  const byName = index.once(callsByMethod);
  if (names.length === 1) return byName.get(names[0] as string) ?? [];
  return names.flatMap((name) => byName.get(name) ?? []).sort((a, b) => a.at - b.at);
}

export interface MethodCall extends FoundCall {
  readonly object: Expr;
  /** Its place among the calls of the file. */
  readonly at: number;
}

function callsByMethod(index: ModuleIndex): ReadonlyMap<string, readonly MethodCall[]> {
  const byName = new Map<string, MethodCall[]>();
  everyCall(index).forEach((found, at) => {
    const { func } = found.call;
    if (func.type !== 'Attribute') return;
    const entry = { ...found, object: func.value, at };
    const others = byName.get(func.attr);
    if (others === undefined) byName.set(func.attr, [entry]);
    else others.push(entry);
  });
  return byName;
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
