/** Offsets to lines and columns, and back. */
import { lineAt, lineStarts } from '../syntax/lineStarts.js';
import type { Position, Range } from './model.js';

/** 0-based line and UTF-16 column. */
export function positionAt(text: string, offset: number): Position {
  const starts = lineStarts(text);
  const line = lineAt(starts, offset);
  return { line, column: offset - starts[line]! };
}

export function offsetAt(text: string, line: number, column: number): number {
  const t = lineStarts(text);
  if (line >= t.length) return text.length;
  return Math.min(t[line]! + column, line + 1 < t.length ? t[line + 1]! : text.length);
}

export function rangeAt(text: string, start: number, end: number): Range {
  return { start: positionAt(text, start), end: positionAt(text, end) };
}
