/**
 * The chunk last edited in a file, with its syntax tree kept for the next keystroke.
 * Incremental parsing is used only between trees without errors: error recovery depends
 * on history, and a file's tree must depend on its text alone.
 */
import type { Backend, InputEdit, SyntaxTree } from './backend/backend.js';
import { type Change, FlatTree } from './lower/flatTree.js';

export class LiveChunk {
  private text: string | null = null;
  private tree: SyntaxTree | null = null;
  /** The kept tree's flat form, and a spare one to fill next. */
  private flat = new FlatTree();
  private spare = new FlatTree();

  /** Parses `text`, from the kept tree when it was that of `before`. The flat tree is valid until the next call. */
  parse(backend: Backend, text: string, before: string): { flat: FlatTree; hasError: boolean } {
    const incremental = this.text === before ? this.reparse(backend, before, text) : false;
    if (!incremental) this.parseAfresh(backend, text);
    const hasError = (this.tree as SyntaxTree).hasError;
    if (hasError) this.release();
    return { flat: this.flat, hasError };
  }

  release(): void {
    const { tree } = this;
    this.tree = null;
    this.text = null;
    tree?.release();
  }

  private parseAfresh(backend: Backend, text: string): void {
    this.release();
    const tree = backend.parse(text, null);
    this.tree = tree;
    this.text = text;
    const { hasError } = tree;
    tree.walk((cursor) => this.flat.fill(cursor, text, hasError));
  }

  private reparse(backend: Backend, before: string, text: string): boolean {
    const kept = this.tree;
    if (kept === null) return false;
    const { edit, change } = difference(before, text);
    kept.edit(edit);
    const tree = backend.parse(text, kept);
    this.release();
    if (tree.hasError) {
      tree.release();
      return false;
    }
    this.tree = tree;
    this.text = text;
    const earlier = this.flat;
    this.flat = this.spare;
    this.spare = earlier;
    tree.walk((cursor) => this.flat.fill(cursor, text, false, earlier, change));
    return true;
  }
}

/** The smallest single replacement that turns one text into the other. */
function difference(before: string, after: string): { edit: InputEdit; change: Change } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < most - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail++;
  }
  const oldEnd = before.length - tail;
  const newEnd = after.length - tail;
  const edit = {
    startIndex: start,
    oldEndIndex: oldEnd,
    newEndIndex: newEnd,
    startPosition: pointAt(before, start),
    oldEndPosition: pointAt(before, oldEnd),
    newEndPosition: pointAt(after, newEnd),
  };
  return { edit, change: { start, newEnd, shift: newEnd - oldEnd } };
}

function pointAt(text: string, offset: number): { row: number; column: number } {
  let row = 0;
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row++;
    line = at + 1;
  }
  return { row, column: offset - line };
}
