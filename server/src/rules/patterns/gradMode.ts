/** Where autograd is switched off: context managers, decorators, callers. */
import type { Expr, Stmt } from '../../syntax/ast.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import { qualifiedName } from '../semantic/names.js';
import type { Scope } from '../semantic/parts.js';
import type { Node } from '../semantic/walk.js';

const off = /(^|\.)(no_grad|inference_mode|_no_grad|disable_grad)$/;

/** `torch.no_grad()`, `torch.inference_mode`, `set_grad_enabled(False)`; an expression as its argument counts: someone thought of it. */
export function switchesGradOff(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  const callee = node.type === 'Call' ? node.func : node;
  const written = index.source(callee).replace(/\s/g, '');
  const name = qualifiedName(callee, index, scope) ?? written;
  if (off.test(name)) {
    const first = node.type === 'Call' ? node.args[0] : undefined;
    return !(first?.type === 'Constant' && first.value === false);
  }
  if (/(^|\.)set_grad_enabled$/.test(name)) {
    const first = node.type === 'Call' ? node.args[0] : undefined;
    return !(first?.type === 'Constant' && first.value === true);
  }
  // `@eval_mode()`, `with self.inference_context():` of the project's own: their names say so
  return /no_?grad|inference|eval_?mode/i.test(name);
}

/** True when the code at `node` runs with autograd off as far as this file shows: a block, a decorator, or every caller. */
export function isGradOff(node: Node, scope: Scope, index: ModuleIndex, depth = 0): boolean {
  for (let current: Node | null = node; current !== null && current !== scope.node; current = index.parent(current)) {
    if (current.type === 'With' && current.items.some((item) => switchesGradOff(item.contextExpr, index, scope)))
      return true;
  }
  if (switchedOffBefore(scope, node, index)) return true;
  if (scope.node === null) return false;
  if (scope.node.decorators.some((decorator) => switchesGradOff(decorator, index, scope))) return true;
  if (scope.parent !== null && isGradOff(scope.node, scope.parent, index, depth + 1)) return true;
  if (depth > 6) return false;
  const callers = callersOf(scope, index);
  return callers.length > 0 && callers.every((caller) => isGradOff(caller.node, caller.scope, index, depth + 1));
}

/** `torch.set_grad_enabled(False)` as a statement of the function or of the module. */
function switchedOffBefore(scope: Scope, node: Node, index: ModuleIndex): boolean {
  for (const where of scope === index.top ? [scope] : [scope, index.top]) {
    for (const call of where.calls) {
      if (!/(^|\.)set_grad_enabled$/.test(qualifiedName(call.func, index, where) ?? '')) continue;
      const holder = index.parent(call);
      const argument = call.args[0];
      const isStatement = holder?.type === 'Expr' && argument?.type === 'Constant' && argument.value === false;
      if (isStatement && (where !== scope || index.range(call).start < index.range(node).start)) return true;
    }
  }
  return false;
}

/** Calls in this file that can only be calls of the function. */
export function callersOf(scope: Scope, index: ModuleIndex): { node: Node; scope: Scope }[] {
  const found: { node: Node; scope: Scope }[] = [];
  for (const call of index.calls) {
    const { func } = call;
    const isPlain = scope.owner === null && func.type === 'Name' && func.id === scope.name;
    const isMethod = scope.owner !== null && func.type === 'Attribute' && func.attr === scope.name;
    if (!isPlain && !isMethod) continue;
    const where = index.scopeOf(call);
    if (where !== scope) found.push({ node: call, scope: where });
  }
  return found;
}

/** The statements of a function's body, or of the module. */
export function bodyOf(scope: Scope, index: ModuleIndex): readonly Stmt[] {
  return scope.node?.body ?? index.tree.statements.map((statement) => statement.node);
}
