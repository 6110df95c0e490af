/** Putting statements under a `with`. */
import type { Stmt } from '../../syntax/ast.js';
import { indentationAt, lineEnd, lineStart, newlineOf } from '../semantic/edits.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import type { OffsetEdit } from '../types.js';

/** Statements of one block that follow each other go under `with context:`; null when their lines cannot simply move to the right. */
export function wrapInWith(stmts: readonly Stmt[], context: string, index: ModuleIndex): OffsetEdit[] | null {
  const { text } = index;
  const [first, last] = [stmts[0], stmts.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (!stmts.every((stmt) => ['Assign', 'AnnAssign', 'Expr', 'AugAssign'].includes(stmt.type))) return null;
  const range = { start: index.range(first).start, end: index.range(last).end };
  const start = lineStart(text, range.start);
  const behind = text.slice(range.end, lineEnd(text, range.end)).trim();
  if (text.slice(start, range.start).trim() !== '' || (behind !== '' && !behind.startsWith('#'))) return null;
  if (/'''|"""|\\\r?\n/.test(text.slice(range.start, range.end))) return null;
  const indentation = indentationAt(text, range.start);
  const step = indentation.includes('\t') ? '\t' : '    ';
  const edits: OffsetEdit[] = [
    { start, end: start, newText: `${indentation}with ${context}:${newlineOf(text)}${step}` },
  ];
  for (let at = text.indexOf('\n', range.start); at >= 0 && at < range.end; at = text.indexOf('\n', at + 1)) {
    if (text.slice(at + 1, lineEnd(text, at + 1)).trim() !== '')
      edits.push({ start: at + 1, end: at + 1, newText: step });
  }
  return edits;
}
