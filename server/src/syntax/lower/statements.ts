/** Statements: simple ones here, compound ones in compound.ts. */
import type { Alias, BinaryOperator, Expr, Stmt } from '../ast.js';
import { isCompound, lowerCompound } from './compound.js';
import type { Context } from './context.js';
import { identifierText, lowerExpression } from './expressions.js';
import { Kind, operatorText } from './kinds.js';

/** Whether a node stands where a statement does. */
export function isStatement(kind: Kind): boolean {
  return kind >= Kind.AssertStatement && kind <= Kind.WithStatement;
}

/** Lowers the statements of a block, or of a region that did not parse, in order. */
export function lowerBody(c: Context, node: number): Stmt[] {
  const body: Stmt[] = [];
  for (const [first, last] of statementRuns(c, node)) body.push(lowerRun(c, first, last));
  return body;
}

export function lowerRun(c: Context, first: number, last: number): Stmt {
  if (first === last && isStatement(c.kind(first))) return lowerStatement(c, first);
  return { type: 'Error', start: c.startOf(first), end: c.endOf(last), message: 'This did not parse.' };
}

/**
 * The children of a block as `[first, last]` node pairs: a statement each, or a run of
 * nodes that did not parse. Whole statements inside an ERROR node count as statements.
 */
export function statementRuns(c: Context, node: number): [number, number][] {
  const runs: [number, number][] = [];
  let open: [number, number] | null = null;
  const visit = (parent: number, broken: boolean) => {
    const { next } = c.flat;
    for (let child = parent + 1; child < next[parent]; child = next[child]) {
      const kind = c.kind(child);
      if (isStatement(kind)) {
        open = null;
        runs.push([child, child]);
      } else if (kind === Kind.Error || (broken && kind === Kind.Block)) {
        if (c.flat.start[child] === c.flat.end[child]) continue;
        if (next[child] === child + 1) extend(child);
        visit(child, true);
      } else if (broken) {
        extend(child);
      }
    }
  };
  const extend = (child: number) => {
    if (c.flat.end[child] === c.flat.start[child]) return;
    if (open === null) {
      open = [child, child];
      runs.push(open);
    } else open[1] = child;
  };
  visit(node, c.kind(node) === Kind.Error);
  return runs;
}

export function lowerStatement(c: Context, node: number): Stmt {
  const kind = c.kind(node);
  const start = c.startOf(node);
  const end = c.endOf(node);
  if (isCompound(kind)) return lowerCompound(c, node);
  switch (kind) {
    case Kind.PassStatement:
      return { type: 'Pass', start, end };
    case Kind.BreakStatement:
      return { type: 'Break', start, end };
    case Kind.ContinueStatement:
      return { type: 'Continue', start, end };
    case Kind.ExpressionStatement:
      return lowerExpressionStatement(c, node);
    default:
  }
  if (c.isBroken(node)) return c.error(node);
  const parts = c.named(node);
  switch (kind) {
    case Kind.ReturnStatement:
      return { type: 'Return', start, end, value: parts.length > 0 ? lowerExpression(c, parts[0]) : null };
    case Kind.AssertStatement: {
      const [test, msg] = parts.map((part) => lowerExpression(c, part));
      if (test === undefined) return c.error(node);
      return { type: 'Assert', start, end, test, msg: msg ?? null };
    }
    case Kind.DeleteStatement:
      return lowerDelete(c, node);
    case Kind.RaiseStatement:
      return lowerRaise(c, node);
    case Kind.GlobalStatement:
    case Kind.NonlocalStatement: {
      const names = parts.map((part) => identifierText(c, part));
      return { type: kind === Kind.GlobalStatement ? 'Global' : 'Nonlocal', start, end, names };
    }
    case Kind.ImportStatement:
      return { type: 'Import', start, end, names: parts.map((part) => lowerAlias(c, part)) };
    case Kind.ImportFromStatement:
    case Kind.FutureImportStatement:
      return lowerImportFrom(c, node);
    case Kind.TypeAliasStatement:
      return lowerTypeAlias(c, node);
    case Kind.PrintStatement:
      return lowerPrint(c, node);
    case Kind.ExecStatement:
      c.report(c.flat.start[node], c.flat.end[node], 'Python 2 statement: `exec` is a function, write exec(…).');
      return c.error(node, 'A Python 2 exec statement.');
    default:
      return c.error(node);
  }
}

/** An expression, several with commas (a tuple), or an assignment. */
function lowerExpressionStatement(c: Context, node: number): Stmt {
  const start = c.startOf(node);
  const end = c.endOf(node);
  const parts = c.named(node);
  const [first] = parts;
  if (first === undefined || c.isBroken(node)) return c.error(node);
  if (c.kind(first) === Kind.Assignment) return lowerAssignment(c, first);
  if (c.kind(first) === Kind.AugmentedAssignment) return lowerAugmented(c, first);
  if (parts.length === 1 && c.find(node, Kind.TokenComma) < 0) {
    return { type: 'Expr', start, end, value: lowerExpression(c, first) };
  }
  const elts = parts.map((part) => lowerExpression(c, part));
  return { type: 'Expr', start, end, value: { type: 'Tuple', start, end, elts } };
}

/** `a = b = value`, `a: T`, `a: T = value`. With a hole in it, the targets are known and the value is not. */
function lowerAssignment(c: Context, node: number): Stmt {
  const start = c.startOf(node);
  const end = c.endOf(node);
  const targets: Expr[] = [];
  let at = node;
  for (;;) {
    const parts = c.named(at);
    const annotation = c.find(at, Kind.Type);
    if (parts.length === 0 || c.kind(parts[0]) === Kind.Error) return c.error(node);
    if (annotation >= 0 && at === node) {
      const values = parts.slice(2);
      const value = c.isBroken(at) ? c.error(at) : values.length > 0 ? lowerExpression(c, values[0]) : null;
      const target = lowerExpression(c, parts[0]);
      return { type: 'AnnAssign', start, end, target, annotation: lowerExpression(c, annotation), value };
    }
    targets.push(lowerExpression(c, parts[0]));
    if (c.isBroken(at) || parts.length < 2) return { type: 'Assign', start, end, targets, value: c.error(at) };
    const right = parts[1];
    if (c.kind(right) !== Kind.Assignment) {
      return { type: 'Assign', start, end, targets, value: lowerExpression(c, right) };
    }
    at = right;
  }
}

function lowerAugmented(c: Context, node: number): Stmt {
  const [target, value] = c.named(node);
  if (value === undefined || c.isBroken(node)) return c.error(node);
  const op = operatorText(c.kind(c.next(target)))?.slice(0, -1) as BinaryOperator;
  return {
    type: 'AugAssign',
    start: c.startOf(node),
    end: c.endOf(node),
    target: lowerExpression(c, target),
    op,
    value: lowerExpression(c, value),
  };
}

function lowerDelete(c: Context, node: number): Stmt {
  const [list] = c.named(node);
  if (list === undefined) return c.error(node);
  const targets = c.kind(list) === Kind.ExpressionList ? c.named(list) : [list];
  const lowered = targets.map((part) => lowerExpression(c, part));
  return { type: 'Delete', start: c.startOf(node), end: c.endOf(node), targets: lowered };
}

function lowerRaise(c: Context, node: number): Stmt {
  const parts = c.named(node).map((part) => lowerExpression(c, part));
  const hasCause = c.find(node, Kind.TokenFrom) >= 0;
  const exc = parts[0] ?? null;
  return {
    type: 'Raise',
    start: c.startOf(node),
    end: c.endOf(node),
    exc,
    cause: hasCause ? (parts[1] ?? null) : null,
  };
}

function dottedText(c: Context, node: number): string {
  return c
    .named(node)
    .map((part) => identifierText(c, part))
    .join('.');
}

function lowerAlias(c: Context, node: number): Alias {
  const start = c.startOf(node);
  const end = c.endOf(node);
  if (c.kind(node) !== Kind.AliasedImport) return { start, end, name: dottedText(c, node), asname: null };
  const [name, alias] = c.named(node);
  return { start, end, name: dottedText(c, name), asname: alias === undefined ? null : identifierText(c, alias) };
}

function lowerImportFrom(c: Context, node: number): Stmt {
  const start = c.startOf(node);
  const end = c.endOf(node);
  const parts = c.named(node);
  if (c.kind(node) === Kind.FutureImportStatement) {
    const names = parts.map((part) => lowerAlias(c, part));
    return { type: 'ImportFrom', start, end, module: '__future__', names, level: 0 };
  }
  const [source, ...imported] = parts;
  let module: string | null = null;
  let level = 0;
  if (source !== undefined && c.kind(source) === Kind.RelativeImport) {
    for (const part of c.named(source)) {
      if (c.kind(part) === Kind.ImportPrefix) level = c.source(part).replace(/[^.]/g, '').length;
      else module = dottedText(c, part);
    }
  } else if (source !== undefined) module = dottedText(c, source);
  const names = imported.map((part) =>
    c.kind(part) === Kind.WildcardImport
      ? { start: c.startOf(part), end: c.endOf(part), name: '*', asname: null }
      : lowerAlias(c, part),
  );
  return { type: 'ImportFrom', start, end, module, names, level };
}

/** `type X = …`. `type(a).b = …` has the same beginning and is an assignment to what the built-in returns. */
function lowerTypeAlias(c: Context, node: number): Stmt {
  const start = c.startOf(node);
  const end = c.endOf(node);
  const [left, right] = c.named(node);
  if (right === undefined) return c.error(node);
  const name = lowerExpression(c, left);
  const value = lowerExpression(c, right);
  if (/[A-Za-z_\u0080-\uffff]/.test(c.text[c.flat.start[left]])) {
    // `type X[T] = …` reads as a subscript; the alias is `X`.
    return { type: 'TypeAlias', start, end, name: name.type === 'Subscript' ? name.value : name, value };
  }
  const target = callOfType(name, start);
  return target === null ? c.error(node) : { type: 'Assign', start, end, targets: [target], value };
}

/** Puts the word `type` at `start` before the leftmost part of a chain: `(a).b` becomes `type(a).b`. */
function callOfType(chain: Expr, start: number): Expr | null {
  if (chain.type === 'Attribute' || chain.type === 'Subscript') {
    const value =
      chain.value.start > chain.start || chain.value.type === 'Tuple' ? null : callOfType(chain.value, start);
    if (value !== null) return { ...chain, start, value };
    const func: Expr = { type: 'Name', start, end: start + 'type'.length, id: 'type' };
    const args = chain.value.type === 'Tuple' ? chain.value.elts : [chain.value];
    return { ...chain, start, value: { type: 'Call', start, end: chain.value.end + 1, func, args, keywords: [] } };
  }
  return null;
}

/** `print >>f, x` is an expression in Python 3 (a tuple); any other print statement is Python 2. */
function lowerPrint(c: Context, node: number): Stmt {
  const start = c.startOf(node);
  const end = c.endOf(node);
  const [chevron, ...rest] = c.named(node);
  if (chevron === undefined || c.kind(chevron) !== Kind.Chevron) {
    c.report(c.flat.start[node], c.flat.end[node], 'Python 2 statement: `print` is a function, write print(…).');
    return c.error(node, 'A Python 2 print statement.');
  }
  const left: Expr = { type: 'Name', start, end: start + 'print'.length, id: 'print' };
  const right = lowerExpression(c, c.named(chevron)[0]);
  const shift: Expr = { type: 'BinOp', start, end: right.end, left, op: '>>', right };
  if (rest.length === 0 && c.find(node, Kind.TokenComma) < 0) return { type: 'Expr', start, end, value: shift };
  const elts = [shift, ...rest.map((part) => lowerExpression(c, part))];
  return { type: 'Expr', start, end, value: { type: 'Tuple', start, end, elts } };
}
