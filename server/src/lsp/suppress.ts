/** The edit that silences a rule on one line: `# eco: ignore[ECO100]`, added to a comment of that kind when there is one. */
import type { Range, TextEdit } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';

const IGNORE = /#\s*eco:\s*ignore\[([^\]]*)\]/;

/** Null where a comment cannot stand: before a line continuation. */
export function suppressionEdit(document: TextDocument, line: number, rule: string): TextEdit | null {
  const text = lineText(document, line);
  if (text.endsWith('\\')) return null;
  const found = IGNORE.exec(text);
  if (found) {
    const codes = found[1]
      .split(',')
      .map((code) => code.trim())
      .filter((code) => code !== '');
    if (codes.includes(rule)) return null;
    const start = found.index + found[0].length - found[1].length - 1;
    return { range: span(line, start, start + found[1].length), newText: [...codes, rule].join(', ') };
  }
  return { range: span(line, text.trimEnd().length, text.length), newText: `  # eco: ignore[${rule}]` };
}

function lineText(document: TextDocument, line: number): string {
  const range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
  return document.getText(range).replace(/[\r\n]+$/, '');
}

function span(line: number, start: number, end: number): Range {
  return { start: { line, character: start }, end: { line, character: end } };
}
