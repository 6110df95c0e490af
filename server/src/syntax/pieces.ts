/**
 * The syntax tree of a chunk put together from those of its pieces: the header of a class or a
 * function, and each statement of its body, parsed on its own. While a chunk is being typed in, only the
 * piece under the cursor is parsed; and what does not parse there leaves the others as they are.
 *
 * Without errors the result is what parsing the whole chunk gives; with errors it is the tree of the chunk.
 */
import type { Backend } from './backend/backend.js';
import { type Body, bodyOf } from './chunks.js';
import { type FlatComment, FlatTree, type FlatView } from './lower/flatTree.js';
import { Kind } from './lower/kinds.js';
import { isStatement } from './lower/statements.js';
import { Members } from './members.js';

/** What stands before a piece, so that its indentation is that of a block. */
const wrapper = 'if 1:\n';
/** A definition shorter than this, in characters, is a piece of its own. */
const shortest = 400;
/** The body of a header that is parsed alone. */
const placeholder = 'pass\n';

const scratch = new FlatTree();

/** Parses a text as it is. @throws when the back end does. */
export function parseWhole(backend: Backend, text: string): FlatTree {
  const tree = backend.parse(text);
  try {
    const { hasError } = tree;
    tree.walk((cursor) => scratch.fill(cursor, text, hasError));
    return scratch;
  } finally {
    tree.release();
  }
}

/**
 * Whether a tree joins what stand as statements of a body on lines of their own: tree-sitter takes `x = a.` and the
 * line below it for one statement, where Python sees an error. The pieces of such a text say so.
 */
export function joinsStatements(flat: FlatView, text: string): boolean {
  const starts = new Set<number>();
  for (let node = 0; node < flat.count; node++) if (isStatement(flat.kind[node])) starts.add(flat.start[node]);
  const isJoined = (from: number, to: number): boolean => {
    const body = to - from < shortest ? null : bodyOf(text.slice(from, to));
    if (body === null) return false;
    return body.starts.some((start, i) => {
      const at = from + start;
      return !starts.has(at + body.indent.length) || isJoined(at, from + (body.starts[i + 1] ?? to - from));
    });
  };
  return isJoined(0, text.length);
}

/** Flat trees of the pieces of the chunk that was last parsed with it, and the nodes of its methods. */
export class Pieces {
  readonly members = new Members();
  private kept = new Map<string, FlatView>();
  private used = new Map<string, FlatView>();

  /** The tree of a chunk. @throws when the back end does; nothing is kept then. */
  parse(backend: Backend, text: string): FlatView {
    this.used = new Map();
    try {
      return this.piece(backend, '', text);
    } finally {
      this.kept = this.used;
    }
  }

  forget(): void {
    this.kept = new Map();
    this.members.forget();
  }

  private piece(backend: Backend, before: string, text: string): FlatView {
    const key = before + text;
    return this.remembered(key, () => {
      const body = text.length < shortest ? null : bodyOf(text);
      const joined = body === null ? null : this.joined(backend, before, text, body);
      return joined ?? parseWhole(backend, key).copy();
    });
  }

  private remembered(key: string, make: () => FlatView): FlatView {
    const tree = this.used.get(key) ?? this.kept.get(key) ?? make();
    this.used.set(key, tree);
    return tree;
  }

  /** null when the header does not parse: where its body belongs is not known then. */
  private joined(backend: Backend, before: string, text: string, { indent, starts }: Body): FlatView | null {
    const key = before + text.slice(0, starts[0]) + indent + placeholder;
    const head = this.remembered(key, () => parseWhole(backend, key).copy());
    const open = openBlocks(head);
    if (open === null) return null;
    const pieces = starts.map((start, i) =>
      this.piece(backend, wrapper, text.slice(start, starts[i + 1] ?? text.length)),
    );
    // the parser ends a string at the quote on another line, where the scan ends it with its line
    if (pieces.some(leavesBlock)) return null;
    const join = new Join(head, open, pieces);
    for (const [i, piece] of pieces.entries()) join.add(piece, before.length + starts[i]);
    return join.end(before + text);
  }
}

/** Whether what parsed goes on behind the wrapper's block: then the scan and the parser see other statements. */
function leavesBlock({ next, count, hasError }: FlatView): boolean {
  return !hasError && count > 1 && next[1] !== count;
}

/** The way from the root down to the block whose only statement is the placeholder at the end; null when there is none. */
function openBlocks({ kind, next, count, hasError }: FlatView): number[] | null {
  if (hasError) return null;
  const path = [0];
  for (let node = 0; ; ) {
    let last = -1;
    for (let child = node + 1; child < next[node]; child = next[child]) last = child;
    if (last < 0 || next[last] !== count) return null;
    if (kind[last] === Kind.PassStatement) return kind[node] === Kind.Block && last === node + 1 ? path : null;
    path.push(last);
    node = last;
  }
}

/** Puts pieces behind one another into the innermost open block of a header. */
class Join {
  private readonly kind: Uint16Array<ArrayBuffer>;
  private readonly start: Int32Array<ArrayBuffer>;
  private readonly stop: Int32Array<ArrayBuffer>;
  private readonly next: Int32Array<ArrayBuffer>;
  private count = 0;
  private hasError = false;
  private readonly missing = new Map<number, string>();
  private readonly comments: FlatComment[];
  private last = -1;

  constructor(
    head: FlatView,
    private readonly open: readonly number[],
    pieces: readonly FlatView[],
  ) {
    // what is broken may take a node more for each it has
    const room = pieces.reduce((sum, piece) => sum + piece.count * (piece.hasError ? 2 : 1), head.count);
    this.kind = new Uint16Array(room);
    this.start = new Int32Array(room);
    this.stop = new Int32Array(room);
    this.next = new Int32Array(room);
    // all but the placeholder
    this.copy(head, 0, head.count - 1, 0);
    this.comments = [...head.comments];
  }

  /** Nodes `[first, end)` of another tree; what they hold must be among them. */
  private copy(from: FlatView, first: number, end: number, shift: number): void {
    const { kind, start, stop, next, count } = this;
    const offset = count - first;
    for (let node = first; node < end; node++) {
      const at = node + offset;
      kind[at] = from.kind[node];
      start[at] = from.start[node] + shift;
      stop[at] = from.end[node] + shift;
      next[at] = from.next[node] + offset;
    }
    this.count = end + offset;
    if (from.missing.size === 0) return;
    for (const [node, what] of from.missing) if (node >= first && node < end) this.missing.set(node + offset, what);
  }

  /** Adds what a piece says; `at` is its offset in the result. */
  add(piece: FlatView, at: number): void {
    const shift = at - wrapper.length;
    for (const { start, end } of piece.comments) this.comments.push({ start: start + shift, end: end + shift });
    this.hasError ||= piece.hasError;
    this.inside(piece, 0, shift);
  }

  /** Adds the parts of a node of the wrapper that belong to the piece. */
  private inside(piece: FlatView, parent: number, shift: number): void {
    const { kind, start, end, next } = piece;
    for (let child = parent + 1; child < next[parent]; child = next[child]) {
      if (parent === 0 || kind[parent] === Kind.IfStatement) {
        // the wrapper itself
        if (child === 1 && kind[child] === Kind.IfStatement) this.inside(piece, child, shift);
        else if (parent === 1 && kind[child] === Kind.Block) this.inside(piece, child, shift);
        else if (piece.hasError && end[child] > wrapper.length) this.broken(piece, child, shift);
      } else if (isStatement(kind[child]) || (kind[child] === Kind.Error && start[child] >= wrapper.length)) {
        this.last = this.count;
        this.copy(piece, child, next[child], shift);
      } else if (piece.hasError && end[child] > wrapper.length) this.broken(piece, child, shift);
    }
  }

  /** What does not parse, without what it took of the wrapper, as an error in the block. */
  private broken(piece: FlatView, node: number, shift: number): void {
    const at = this.count++;
    this.last = at;
    this.kind[at] = Kind.Error;
    this.start[at] = Math.max(piece.start[node], wrapper.length) + shift;
    this.stop[at] = piece.end[node] + shift;
    const within = (parent: number): void => {
      for (let child = parent + 1; child < piece.next[parent]; child = piece.next[child]) {
        if (piece.start[child] >= wrapper.length) this.copy(piece, child, piece.next[child], shift);
        else if (piece.end[child] > wrapper.length) within(child);
      }
    };
    if (piece.start[node] >= wrapper.length && piece.kind[node] !== Kind.Error)
      this.copy(piece, node, piece.next[node], shift);
    else within(node);
    this.next[at] = this.count;
  }

  end(text: string): FlatView {
    const { kind, start, stop, next, count, last, missing, comments, hasError } = this;
    for (const node of this.open) next[node] = count;
    const block = this.open[this.open.length - 1];
    if (last >= 0) start[block] = start[block + 1];
    let end = last < 0 ? start[block] : Math.max(start[block], stop[last]);
    if (last >= 0 && kind[last] !== Kind.Error) end = FlatTree.throughSemicolon(text, end);
    for (const node of this.open) stop[node] = node === 0 ? text.length : end;
    return { kind, start, end: stop, next, count, missing, comments, hasError };
  }
}
