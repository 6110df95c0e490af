/** Code that `torch.compile` runs, as far as the file shows. */
import type { Call, Expr } from '../../syntax/ast.js';
import { methodNamed } from '../semantic/classes.js';
import { isSelf, type ModuleIndex } from '../semantic/moduleIndex.js';
import { qualifiedName } from '../semantic/names.js';
import type { Scope } from '../semantic/parts.js';
import { callsNamed, isConstant, keywordOf, methodCalls } from './calls.js';
import { modelClass } from './modelCalls.js';

/** The functions that are compiled: decorated, passed to `torch.compile`, or `forward` of a compiled model, with the methods it calls. */
export function compiledScopes(index: ModuleIndex): Set<Scope> {
  const found = new Set<Scope>();
  for (const scope of index.functions) {
    if (scope.node?.decorators.some((one) => isCompiler(one, index, index.top)) === true) found.add(scope);
  }
  for (const { call, scope, name } of [...callsNamed(index, /^torch\.compile$/), ...methodCalls(index, 'compile')]) {
    const isMethod = call.func.type === 'Attribute' && call.func.attr === 'compile' && call.args.length === 0;
    const target =
      name === 'torch.compile'
        ? call.args[0]
        : isMethod && call.func.type === 'Attribute'
          ? call.func.value
          : undefined;
    if (target === undefined || isConstant(keywordOf(call, 'fullgraph'), true)) continue;
    const compiled = functionOf(target, index, scope);
    if (compiled !== null) found.add(compiled);
  }
  for (const scope of [...found]) addMethods(scope, index, found, 0);
  return found;
}

function isCompiler(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  const callee = node.type === 'Call' ? node.func : node;
  if (node.type === 'Call' && isConstant(keywordOf(node, 'fullgraph'), true)) return false;
  // a model zoo has hundreds of decorators: most are told by their last word, or are functions of the file
  if (callee.type === 'Attribute' && callee.attr !== 'compile') return false;
  const binding = callee.type === 'Name' ? index.topBinding(callee.id) : null;
  if (binding === 'definition') return false;
  if (callee.type === 'Name' && binding === 'import') return index.imports.get(callee.id) === 'torch.compile';
  return qualifiedName(callee, index, scope) === 'torch.compile';
}

function functionOf(target: Expr, index: ModuleIndex, scope: Scope): Scope | null {
  if (target.type === 'Name') {
    const own = index.functionNamed(target.id);
    if (own !== null && !scope.flow.binds(target.id)) return index.functionScope(own);
  }
  const made = target.type === 'Call' ? classMade(target, index) : modelClass(target, index, scope);
  const forward = made === null ? null : methodNamed(made, 'forward', index);
  return forward === null ? null : index.functionScope(forward);
}

function classMade(call: Call, index: ModuleIndex) {
  let current: Expr = call;
  while (current.type === 'Call' && current.func.type === 'Attribute' && current.func.value.type === 'Call')
    current = current.func.value;
  return current.type === 'Call' && current.func.type === 'Name' ? index.classNamed(current.func.id) : null;
}

function addMethods(scope: Scope, index: ModuleIndex, found: Set<Scope>, depth: number): void {
  const owner = index.enclosingClass(scope);
  if (owner === null || depth > 3) return;
  for (const call of scope.calls) {
    if (call.func.type !== 'Attribute' || !isSelf(call.func.value, scope)) continue;
    const method = methodNamed(owner, call.func.attr, index);
    const inner = method === null ? null : index.functionScope(method);
    if (inner === null || found.has(inner)) continue;
    found.add(inner);
    addMethods(inner, index, found, depth + 1);
  }
}
