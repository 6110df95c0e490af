/** From the engine's plain data to LSP's types. Both count 0-based lines and UTF-16 columns. */
import { DiagnosticSeverity, type Range, type TextEdit } from 'vscode-languageserver/node';
import type { EditReport, Range as EngineRange, Severity } from '../analysis/model.js';

export function toRange(range: EngineRange): Range {
  return {
    start: { line: range.start.line, character: range.start.column },
    end: { line: range.end.line, character: range.end.column },
  };
}

export function toEdit(edit: EditReport): TextEdit {
  return { range: toRange(edit.range), newText: edit.newText };
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export function toSeverity(severity: Severity): DiagnosticSeverity {
  return severities[severity];
}

/** Do two ranges share a place? Touching counts: a cursor at the end of a word is on it. */
export function overlap(a: Range, b: Range): boolean {
  return !before(a.end, b.start) && !before(b.end, a.start);
}

function before(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
