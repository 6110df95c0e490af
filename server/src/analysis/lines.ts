/** Offsets to lines and columns, and back. */
import type { Position, Range } from './model.js';

const tables = new Map<string, Int32Array>();

function starts(text: string): Int32Array {
  let t = tables.get(text);
  if (t === undefined) {
    const out: number[] = [0];
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) out.push(i + 1);
    t = Int32Array.from(out);
    // the text of a file changes with each keystroke: keep the latest few
    if (tables.size > 64) tables.clear();
    tables.set(text, t);
  }
  return t;
}

/** 0-based line and UTF-16 column. */
export function positionAt(text: string, offset: number): Position {
  const t = starts(text);
  let low = 0;
  let high = t.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (t[mid]! <= offset) low = mid;
    else high = mid - 1;
  }
  return { line: low, column: offset - t[low]! };
}

export function offsetAt(text: string, line: number, column: number): number {
  const t = starts(text);
  if (line >= t.length) return text.length;
  return Math.min(t[line]! + column, line + 1 < t.length ? t[line + 1]! : text.length);
}

export function rangeAt(text: string, start: number, end: number): Range {
  return { start: positionAt(text, start), end: positionAt(text, end) };
}
