/** Which names a node binds where it stands, told without following control flow. */
import type { Expr } from '../../syntax/ast.js';
import { type Node, walk } from './walk.js';

/** Calls `add` with every name that `Flow` may define at the node itself (its children are asked on their own). */
export function eachBoundName(node: Node, add: (name: string) => void): void {
  switch (node.type) {
    case 'Assign':
      for (const target of node.targets) eachTarget(target, add);
      return;
    case 'AnnAssign':
    case 'AugAssign':
    case 'For':
      eachTarget(node.target, add);
      return;
    case 'With':
      for (const { optionalVars } of node.items) if (optionalVars !== null) eachTarget(optionalVars, add);
      return;
    case 'Import':
    case 'ImportFrom':
      for (const { asname, name } of node.names) add(asname ?? name.split('.')[0] ?? name);
      return;
    case 'FunctionDef':
    case 'ClassDef':
      add(node.name);
      return;
    case 'NamedExpr':
      add(node.target.id);
      return;
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
    case 'DictComp':
      for (const { target } of node.generators)
        walk(target, (inner) => {
          if (inner.type === 'Name') add(inner.id);
        });
      return;
    default:
  }
}

function eachTarget(target: Expr, add: (name: string) => void): void {
  if (target.type === 'Name') add(target.id);
  else if (target.type === 'Tuple' || target.type === 'List')
    for (const element of target.elts) eachTarget(element, add);
  else if (target.type === 'Starred') eachTarget(target.value, add);
}
