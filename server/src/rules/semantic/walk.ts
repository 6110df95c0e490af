/**
 * Children of an AST node in source order. Helper records without a `type`
 * (keywords, comprehensions, handlers …) are passed through: a visitor sees only
 * expressions and statements.
 */
import type { Arguments, Comprehension, Expr, Pattern, Stmt } from '../../syntax/ast.js';

export type Node = Expr | Stmt;

type Visit = (child: Node) => void;

function one(child: Node | null, visit: Visit): void {
  if (child !== null) visit(child);
}

function all(children: readonly (Node | null)[], visit: Visit): void {
  for (let at = 0; at < children.length; at++) {
    const child = children[at];
    if (child !== null && child !== undefined) visit(child);
  }
}

export function forEachChild(node: Node, visit: Visit): void {
  switch (node.type) {
    case 'Attribute':
    case 'Starred':
    case 'Await':
    case 'YieldFrom':
      visit(node.value);
      return;
    case 'Subscript':
      visit(node.value);
      visit(node.slice);
      return;
    case 'Call':
      visit(node.func);
      all(node.args, visit);
      for (const keyword of node.keywords) visit(keyword.value);
      return;
    case 'BinOp':
      visit(node.left);
      visit(node.right);
      return;
    case 'UnaryOp':
      visit(node.operand);
      return;
    case 'BoolOp':
      all(node.values, visit);
      return;
    case 'Compare':
      visit(node.left);
      all(node.comparators, visit);
      return;
    case 'IfExp':
      visit(node.body);
      visit(node.test);
      visit(node.orelse);
      return;
    case 'Lambda':
      forEachArgument(node.args, visit);
      visit(node.body);
      return;
    case 'Tuple':
    case 'List':
    case 'Set':
      all(node.elts, visit);
      return;
    case 'Dict':
      node.values.forEach((value, index) => {
        one(node.keys[index] ?? null, visit);
        visit(value);
      });
      return;
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
      visit(node.elt);
      forEachGenerator(node.generators, visit);
      return;
    case 'DictComp':
      visit(node.key);
      visit(node.value);
      forEachGenerator(node.generators, visit);
      return;
    case 'JoinedStr':
      all(node.values, visit);
      return;
    case 'FormattedValue':
      visit(node.value);
      one(node.formatSpec, visit);
      return;
    case 'Slice':
      one(node.lower, visit);
      one(node.upper, visit);
      one(node.step, visit);
      return;
    case 'NamedExpr':
      visit(node.target);
      visit(node.value);
      return;
    case 'Yield':
    case 'Return':
      one(node.value, visit);
      return;
    case 'FunctionDef':
      all(node.decorators, visit);
      forEachArgument(node.args, visit);
      one(node.returns, visit);
      all(node.body, visit);
      return;
    case 'ClassDef':
      all(node.decorators, visit);
      all(node.bases, visit);
      for (const keyword of node.keywords) visit(keyword.value);
      all(node.body, visit);
      return;
    case 'Delete':
      all(node.targets, visit);
      return;
    case 'Assign':
      all(node.targets, visit);
      visit(node.value);
      return;
    case 'AugAssign':
      visit(node.target);
      visit(node.value);
      return;
    case 'AnnAssign':
      visit(node.target);
      visit(node.annotation);
      one(node.value, visit);
      return;
    case 'For':
      visit(node.target);
      visit(node.iter);
      all(node.body, visit);
      all(node.orelse, visit);
      return;
    case 'While':
    case 'If':
      visit(node.test);
      all(node.body, visit);
      all(node.orelse, visit);
      return;
    case 'With':
      for (const item of node.items) {
        visit(item.contextExpr);
        one(item.optionalVars, visit);
      }
      all(node.body, visit);
      return;
    case 'Match':
      visit(node.subject);
      for (const branch of node.cases) {
        forEachPatternExpression(branch.pattern, visit);
        one(branch.guard, visit);
        all(branch.body, visit);
      }
      return;
    case 'Raise':
      one(node.exc, visit);
      one(node.cause, visit);
      return;
    case 'Try':
      all(node.body, visit);
      for (const handler of node.handlers) {
        one(handler.exceptionType, visit);
        all(handler.body, visit);
      }
      all(node.orelse, visit);
      all(node.finalbody, visit);
      return;
    case 'Assert':
      visit(node.test);
      one(node.msg, visit);
      return;
    case 'Expr':
      visit(node.value);
      return;
    case 'TypeAlias':
      visit(node.name);
      visit(node.value);
      return;
    default:
      return;
  }
}

/** Annotations and defaults of parameters. */
export function forEachArgument(args: Arguments, visit: (child: Expr) => void): void {
  for (const arg of allParameters(args)) {
    if (arg.annotation !== null) visit(arg.annotation);
    if (arg.default !== null) visit(arg.default);
  }
}

/** Every parameter in the order of the signature. */
export function allParameters(args: Arguments) {
  const list = [...args.posonlyargs, ...args.args];
  if (args.vararg !== null) list.push(args.vararg);
  list.push(...args.kwonlyargs);
  if (args.kwarg !== null) list.push(args.kwarg);
  return list;
}

function forEachGenerator(generators: readonly Comprehension[], visit: (child: Expr) => void): void {
  for (const generator of generators) {
    visit(generator.target);
    visit(generator.iter);
    for (const test of generator.ifs) visit(test);
  }
}

function forEachPatternExpression(pattern: Pattern, visit: (child: Expr) => void): void {
  switch (pattern.type) {
    case 'MatchValue':
      visit(pattern.value);
      return;
    case 'MatchSequence':
    case 'MatchOr':
      for (const inner of pattern.patterns) forEachPatternExpression(inner, visit);
      return;
    case 'MatchMapping':
      for (const key of pattern.keys) visit(key);
      for (const inner of pattern.patterns) forEachPatternExpression(inner, visit);
      return;
    case 'MatchClass':
      visit(pattern.cls);
      for (const inner of [...pattern.patterns, ...pattern.kwdPatterns]) forEachPatternExpression(inner, visit);
      return;
    case 'MatchAs':
      if (pattern.pattern !== null) forEachPatternExpression(pattern.pattern, visit);
      return;
    default:
      return;
  }
}

/** Depth first; `enter` returning false skips the children. */
export function walk(node: Node, enter: (node: Node) => unknown): void {
  if (enter(node) === false) return;
  forEachChild(node, (child) => walk(child, enter));
}
