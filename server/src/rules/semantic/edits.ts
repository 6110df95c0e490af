/**
 * Edits that leave valid code: whole statements go with their line, comments stay,
 * an import is added once and where PEP 8 wants it.
 */
import type { Expr, Stmt } from '../../syntax/ast.js';
import type { OffsetEdit } from '../types.js';
import type { ModuleIndex } from './moduleIndex.js';
import type { Scope } from './parts.js';
import type { Node } from './walk.js';

export function replaceNode(node: Node, newText: string, index: ModuleIndex): OffsetEdit {
  return { ...index.range(node), newText };
}

/** Source of an expression, in parentheses unless it is a name, literal, call, attribute or subscript. */
export function operand(node: Expr, index: ModuleIndex): string {
  const text = index.source(node);
  const isAtom = ['Name', 'Constant', 'Call', 'Attribute', 'Subscript', 'List', 'Dict', 'Set', 'ListComp'].includes(
    node.type,
  );
  return isAtom && !(node.type === 'Constant' && typeof node.value === 'number') ? text : parenthesised(text);
}

function parenthesised(text: string): string {
  return `(${text})`;
}

/**
 * Source of an expression as an argument of a call: tuples and generator expressions in
 * parentheses. A comment inside would swallow what follows it when lines are joined, so
 * the line breaks of the source are kept.
 */
export function argumentText(node: Expr, index: ModuleIndex): string {
  const text = index.source(node);
  return (node.type === 'Tuple' && !text.startsWith('(')) || node.type === 'NamedExpr' || node.type === 'Yield'
    ? parenthesised(text)
    : text;
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

export function indentationAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

export function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/**
 * Removes a simple statement that stands on lines of its own. A comment behind it stays,
 * on a line of its own. Null when another statement shares the line (`a = 1; b = 2`) or
 * when it is the only statement of its block.
 */
export function removeStatement(stmt: Stmt, index: ModuleIndex): OffsetEdit | null {
  return removeStatements([stmt], index)?.[0] ?? null;
}

/** As `removeStatement`, for several: null when a block would be left empty. */
export function removeStatements(stmts: readonly Stmt[], index: ModuleIndex): OffsetEdit[] | null {
  const gone = new Set<Stmt>(stmts);
  const edits: OffsetEdit[] = [];
  for (const stmt of stmts) {
    const block = index.blockOf(stmt);
    if (block === null || block.every((other) => gone.has(other))) return null;
    const edit = wholeLines(stmt, index);
    if (edit === null) return null;
    edits.push(edit);
  }
  return edits;
}

function wholeLines(stmt: Stmt, index: ModuleIndex): OffsetEdit | null {
  const { text } = index;
  const range = index.range(stmt);
  const start = lineStart(text, range.start);
  const end = lineEnd(text, range.end);
  if (text.slice(start, range.start).trim() !== '') return null;
  const behind = text.slice(range.end, end).trim();
  const comments = index.tree.comments.filter((comment) => comment.start >= range.start && comment.end <= end);
  if (behind !== '' && !behind.startsWith('#')) return null;
  const indentation = text.slice(start, range.start);
  const newline = newlineOf(text);
  const kept = comments.map((comment) => `${indentation}${comment.text.trimEnd()}${newline}`).join('');
  return { start, end: Math.min(end + 1, text.length), newText: kept };
}

/** Where a decorator for a function goes, and its indentation. */
export function decoratorInsertion(
  stmt: Extract<Stmt, { type: 'FunctionDef' }>,
  decorator: string,
  index: ModuleIndex,
): OffsetEdit {
  const { text } = index;
  // Above the function itself and below the decorators there are: the innermost wraps the function alone
  const last = stmt.decorators.at(-1);
  const search = last === undefined ? index.range(stmt).start : index.range(last).end;
  const from = last === undefined ? lineStart(text, search) : Math.min(lineEnd(text, search) + 1, text.length);
  const indentation = indentationAt(text, index.range(stmt).start);
  return { start: from, end: from, newText: `${indentation}${decorator}${newlineOf(text)}` };
}

/** Name by which `qualified` (`torch.nn.functional`) can be used in this scope, if it is imported. */
export function importedAs(qualified: string, index: ModuleIndex, scope: Scope): string | null {
  const isVisible = (local: string): boolean => {
    const bindings = scope.flow.definitionsOf(local);
    if (bindings.length > 0 && scope !== index.top) return bindings.every((binding) => binding.kind === 'import');
    const top = index.topDefinitions(local);
    return top.length > 0 && top.every((definition) => definition.kind === 'import');
  };
  for (const [local, target] of index.imports) if (target === qualified && isVisible(local)) return local;
  // `import torch` makes `torch.nn.functional` usable, `from torch import nn` makes `nn.functional` usable
  const parts = qualified.split('.');
  for (let keep = parts.length - 1; keep > 0; keep--) {
    const prefix = parts.slice(0, keep).join('.');
    for (const [local, target] of index.imports) {
      if (target === prefix && isVisible(local)) return `${local}.${parts.slice(keep).join('.')}`;
    }
  }
  return null;
}

/** The usual short name of a module. */
const usual: Record<string, { statement: string; name: string }> = {
  'torch.nn.functional': { statement: 'import torch.nn.functional as F', name: 'F' },
  'torch.nn': { statement: 'from torch import nn', name: 'nn' },
  torch: { statement: 'import torch', name: 'torch' },
};

/** A name for a module in this scope, and the edit that imports it when it is not imported yet. */
export function ensureImport(
  qualified: string,
  index: ModuleIndex,
  scope: Scope,
): { name: string; edits: OffsetEdit[] } {
  const known = importedAs(qualified, index, scope);
  if (known !== null) return { name: known, edits: [] };
  const entry = usual[qualified] ?? { statement: `import ${qualified}`, name: qualified };
  const at = importPosition(index);
  return {
    name: entry.name,
    edits: [{ start: at.offset, end: at.offset, newText: at.before + entry.statement + at.after }],
  };
}

/** After the last top-level import, else after the docstring and `__future__` imports, else at the top. */
export function importPosition(index: ModuleIndex): { offset: number; before: string; after: string } {
  const { text, tree } = index;
  const newline = newlineOf(text);
  let anchor: number | null = null;
  for (const statement of tree.statements) {
    const { node } = statement;
    const isDocstring =
      anchor === null && node.type === 'Expr' && node.value.type === 'Constant' && node.value.kind === 'str';
    if (node.type === 'Import' || node.type === 'ImportFrom' || isDocstring) anchor = statement.start + node.end;
    else if (anchor !== null) break;
    else break;
  }
  if (anchor === null) return { offset: 0, before: '', after: newline };
  const end = lineEnd(text, anchor);
  if (end === text.length) return { offset: end, before: newline, after: newline };
  return { offset: end + 1, before: '', after: newline };
}

/** True when the name is read anywhere in the scope outside the given nodes. */
export function isReadOutside(name: string, inside: readonly Node[], scope: Scope, index: ModuleIndex): boolean {
  for (const definition of scope.flow.definitions) {
    if (definition.name !== name) continue;
    if (definition.captured) return true;
    for (const use of definition.uses) if (!inside.some((node) => index.contains(node, use))) return true;
  }
  return false;
}
