/** An expression looked at through the names that hold its parts. */
import type { Expr, Stmt } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';

/** The expression that a name stands for, when one plain assignment can reach it; else the node itself. */
export function standsFor(node: Expr, scope: Scope, depth = 0): Expr {
  if (node.type !== 'Name' || depth > 6) return node;
  const definition = scope.flow.single(node);
  if (definition === null || definition.value === null || definition.captured) return node;
  if (definition.kind === 'assign') return standsFor(definition.value, scope, depth + 1);
  // q, k = self.q(x), self.k(x)
  const [at] = definition.path;
  const isDisplay = definition.kind === 'unpack' && definition.value.type === 'Tuple' && definition.path.length === 1;
  const part =
    isDisplay && definition.value.type === 'Tuple' && at !== undefined ? definition.value.elts[at] : undefined;
  return part === undefined || part.type === 'Starred' ? node : standsFor(part, scope, depth + 1);
}

/** As `standsFor`, for a name that is read here alone: its assignment can go when the expression goes. */
export function standsForAlone(node: Expr, scope: Scope, gone: Stmt[]): Expr {
  if (node.type !== 'Name') return node;
  const definition = scope.flow.single(node);
  if (definition?.kind !== 'assign' || definition.value === null || definition.captured || definition.uses.size !== 1) {
    return node;
  }
  const { stmt } = definition;
  if (stmt?.type !== 'Assign' || stmt.targets.length !== 1) return node;
  gone.push(stmt);
  return definition.value;
}

/** A name, or attributes and constant subscripts of one: reading it twice gives the same. */
export function isSteady(node: Expr): boolean {
  if (node.type === 'Name') return true;
  if (node.type === 'Attribute') return isSteady(node.value);
  if (node.type === 'Subscript')
    return isSteady(node.value) && (node.slice.type === 'Constant' || isSteady(node.slice));
  return false;
}

/** True when the statement stands in the same list of statements as the other one. */
export function standsBeside(stmt: Stmt, other: Stmt, index: ModuleIndex): boolean {
  return index.blockOf(stmt)?.includes(other) === true;
}
