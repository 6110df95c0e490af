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

/** Flat trees of the pieces of the chunk that was last parsed with it. */
export class Pieces {
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
  }

  private piece(backend: Backend, before: string, text: string): FlatView {
    const key = before + text;
    const known = this.used.get(key) ?? this.kept.get(key);
    if (known !== undefined) {
      this.used.set(key, known);
      return known;
    }
    const body = text.length < shortest ? null : bodyOf(text);
    const made = (body === null ? null : this.joined(backend, before, text, body)) ?? parseWhole(backend, key).copy();
    this.used.set(key, made);
    return made;
  }

  /** null when the header does not parse: where its body belongs is not known then. */
  private joined(backend: Backend, before: string, text: string, { indent, starts }: Body): FlatView | null {
    const key = before + text.slice(0, starts[0]) + indent + placeholder;
    const head = this.used.get(key) ?? this.kept.get(key) ?? parseWhole(backend, key).copy();
    this.used.set(key, head);
    const open = openBlocks(head);
    if (open === null) return null;
    const join = new Join(head, open);
    for (const [i, start] of starts.entries()) {
      const piece = this.piece(backend, wrapper, text.slice(start, starts[i + 1] ?? text.length));
      join.add(piece, before.length + start);
    }
    return join.end(before + text);
  }
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
  private kind: Kind[] = [];
  private start: number[] = [];
  private stop: number[] = [];
  private next: number[] = [];
  private hasError = false;
  private readonly missing = new Map<number, string>();
  private readonly comments: FlatComment[];
  private last = -1;

  constructor(
    head: FlatView,
    private readonly open: readonly number[],
  ) {
    // all but the placeholder
    for (let node = 0; node < head.count - 1; node++) this.copy(head, node, 0, 0);
    this.comments = [...head.comments];
  }

  private copy(from: FlatView, node: number, shift: number, offset: number): void {
    this.kind.push(from.kind[node]);
    this.start.push(from.start[node] + shift);
    this.stop.push(from.end[node] + shift);
    this.next.push(from.next[node] + offset);
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
      } else if (isStatement(kind[child]) || (kind[child] === Kind.Error && start[child] >= wrapper.length))
        this.part(piece, child, shift);
      else if (piece.hasError && end[child] > wrapper.length) this.broken(piece, child, shift);
    }
  }

  /** A node with all that is in it, as a part of the block. */
  private part(piece: FlatView, node: number, shift: number): void {
    this.last = this.kind.length;
    this.subtree(piece, node, shift);
  }

  private subtree(piece: FlatView, node: number, shift: number): void {
    const offset = this.kind.length - node;
    for (let n = node; n < piece.next[node]; n++) {
      const missing = piece.missing.get(n);
      if (missing !== undefined) this.missing.set(n + offset, missing);
      this.copy(piece, n, shift, offset);
    }
  }

  /** What does not parse, without what it took of the wrapper, as an error in the block. */
  private broken(piece: FlatView, node: number, shift: number): void {
    const at = this.kind.length;
    this.last = at;
    this.kind.push(Kind.Error);
    this.start.push(Math.max(piece.start[node], wrapper.length) + shift);
    this.stop.push(piece.end[node] + shift);
    this.next.push(at + 1);
    const within = (parent: number): void => {
      for (let child = parent + 1; child < piece.next[parent]; child = piece.next[child]) {
        if (piece.start[child] >= wrapper.length) this.subtree(piece, child, shift);
        else if (piece.end[child] > wrapper.length) within(child);
      }
    };
    if (piece.start[node] >= wrapper.length && piece.kind[node] !== Kind.Error) this.subtree(piece, node, shift);
    else within(node);
    this.next[at] = this.kind.length;
  }

  end(text: string): FlatView {
    const { kind, start, stop, next, last } = this;
    const count = kind.length;
    for (const node of this.open) next[node] = count;
    const block = this.open[this.open.length - 1];
    if (last >= 0) start[block] = start[block + 1];
    let end = last < 0 ? start[block] : Math.max(start[block], stop[last]);
    if (last >= 0 && kind[last] !== Kind.Error) end = FlatTree.throughSemicolon(text, end);
    for (const node of this.open) stop[node] = node === 0 ? text.length : end;
    return {
      kind: Uint16Array.from(kind),
      start: Int32Array.from(start),
      end: Int32Array.from(stop),
      next: Int32Array.from(next),
      count,
      missing: this.missing,
      comments: this.comments,
      hasError: this.hasError,
    };
  }
}
