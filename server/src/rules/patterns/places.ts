/** Where code stands: loops, forward methods, conditions. */
import type { Expr, Stmt } from '../../syntax/ast.js';
import { settledByStamp } from '../semantic/looks.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import { isModuleClass } from '../semantic/names.js';
import type { Scope } from '../semantic/parts.js';
import { type Node, walk } from '../semantic/walk.js';

export type Loop = Extract<Stmt, { type: 'For' | 'While' }>;

/** The innermost loop around a node inside its function; code in `else` of a loop is not in the loop. */
export function enclosingLoop(node: Node, scope: Scope, index: ModuleIndex): Loop | null {
  if (scope.node !== null && !hasLoop(scope.node)) return null;
  let child: Node = node;
  for (let current = index.parent(node); current !== null && current !== scope.node; current = index.parent(current)) {
    if ((current.type === 'For' || current.type === 'While') && current.body.includes(child as Stmt)) return current;
    if (current.type === 'FunctionDef' || current.type === 'ClassDef' || current.type === 'Lambda') return null;
    child = current;
  }
  return null;
}

const looping = new WeakMap<Node, boolean>();

/** Most functions have none, and are asked about each of their calls. */
function hasLoop(node: Node): boolean {
  let known = looping.get(node);
  if (known === undefined) {
    known = false;
    walk(node, ({ type }) => {
      known ||= type === 'For' || type === 'While';
    });
    looping.set(node, known);
  }
  return known;
}

/** An `if`, `except` or `match` between a node and its function (or `outer`). */
export function isConditional(node: Node, scope: Scope, index: ModuleIndex, outer: Node | null = null): boolean {
  for (
    let current = index.parent(node);
    current !== null && current !== scope.node && current !== outer;
    current = index.parent(current)
  ) {
    if (current.type === 'If' || current.type === 'IfExp' || current.type === 'Match') return true;
    if (
      current.type === 'Try' &&
      current.handlers.some((handler) => handler.body.some((stmt) => index.contains(stmt, node)))
    )
      return true;
  }
  return false;
}

/** The `forward` of an `nn.Module`. */
export function isForward(scope: Scope, index: ModuleIndex): boolean {
  return scope.name === 'forward' && isOfModule(scope, index);
}

/** A method of an `nn.Module` that has `self`. */
export function isModuleMethod(scope: Scope, index: ModuleIndex): boolean {
  return (scope.node?.args.args.length ?? 0) > 0 && isOfModule(scope, index);
}

function isOfModule(scope: Scope, index: ModuleIndex): boolean {
  const answer = (): boolean => scope.owner !== null && isModuleClass(scope.owner, index) === true;
  // the header of a class at the top is in the stamp; one inside another stands in a body
  return scope.isMethod && (scope.isOfTopClass ? settledByStamp(answer) : answer());
}

export function contains(node: Node, test: (inner: Node) => boolean): boolean {
  let found = false;
  walk(node, (inner) => {
    if (!found && test(inner)) found = true;
    return !found;
  });
  return found;
}

/** `self.<name>` as text when the expression is a plain name or attribute chain; null otherwise. */
export function dotted(node: Expr): string | null {
  if (node.type === 'Name') return node.id;
  if (node.type !== 'Attribute') return null;
  const base = dotted(node.value);
  return base === null ? null : `${base}.${node.attr}`;
}
