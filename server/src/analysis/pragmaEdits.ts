/** The edit that writes down the inputs of a model: a pragma comment in or above its definition, replaced or new. */
import type { ModuleTree } from '../syntax/ast.js';
import type { EntryPoint } from '../trace/entries.js';
import { parsePragma } from '../trace/inputSpec.js';
import { rangeAt } from './lines.js';
import type { EditReport } from './model.js';

export function pragmaEdits(
  { text, tree }: { readonly text: string; readonly tree: ModuleTree },
  { start, end }: EntryPoint,
  spec: string,
): EditReport[] {
  const line = `# eco: ${spec}`;
  const pragmas = tree.comments.map(parsePragma).filter((p) => p !== null);
  const old =
    pragmas.find((p) => p.start >= start && p.end <= end) ??
    pragmas.find((p) => p.end <= start && text.slice(p.end, start).trim() === '');
  if (old !== undefined) return [{ range: rangeAt(text, old.start, old.end), newText: line }];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return [{ range: rangeAt(text, start, start), newText: `${line}${eol}` }];
}
