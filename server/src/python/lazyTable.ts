/**
 * The lazy-module idiom of library packages: `if TYPE_CHECKING: <imports> else: sys.modules[__name__] = _LazyModule(…)`.
 * What type checkers see is what the lazy module gives, so its imports stand in for the table, one statement per name:
 * a package with hundreds of models loads the one that is asked for.
 */
import type { Expr, ModuleTree, Stmt, TopStatement } from '../syntax/ast.js';

/** `TYPE_CHECKING`, `typing.TYPE_CHECKING`, also with `or` another switch. */
function isForCheckers(test: Expr): boolean {
  if (test.type === 'Name') return test.id === 'TYPE_CHECKING';
  if (test.type === 'Attribute') return test.attr === 'TYPE_CHECKING';
  return test.type === 'BoolOp' && test.op === 'or' && test.values.some(isForCheckers);
}

const isLazy = (s: TopStatement): boolean =>
  s.defines === null &&
  s.text.includes('sys.modules[__name__]') &&
  s.node.type === 'If' &&
  isForCheckers(s.node.test) &&
  s.node.orelse.length > 0;

export function withLazyTable(tree: ModuleTree): ModuleTree {
  if (!tree.statements.some(isLazy)) return tree;
  const statements = tree.statements.flatMap((s) => {
    if (!isLazy(s) || s.node.type !== 'If') return [s];
    return s.node.body
      .flatMap(perName)
      .map((node): TopStatement => ({ start: s.start, length: s.length, text: s.text, defines: null, node }));
  });
  return { ...tree, statements };
}

/** An import of many names as imports of one; the condition around it stays around each. */
function perName(node: Stmt): Stmt[] {
  switch (node.type) {
    case 'ImportFrom':
      return node.names.map((a) => ({ ...node, names: [a] }));
    case 'If':
      return node.orelse.length > 0 ? [node] : node.body.flatMap(perName).map((s) => ({ ...node, body: [s] }));
    case 'Try':
      return node.orelse.length === 0 ? [node] : node.orelse.flatMap(perName).map((s) => ({ ...node, orelse: [s] }));
    default:
      return [node];
  }
}
