/** State of one lowering: the flat tree, its text, and the base that positions are relative to. */
import type { ErrorNode } from '../ast.js';
import type { Members } from '../members.js';
import type { FlatView } from './flatTree.js';
import { Kind } from './kinds.js';

/**
 * Nesting deeper than this becomes an Error node. CPython refuses 200 nested parentheses;
 * the limit here leaves room for long operator chains and keeps every later room's recursion bounded.
 */
export const maxDepth = 400;

export class Context {
  /** Offset in `text` of the top-level statement being lowered. */
  base = 0;
  depth = 0;
  /** How many problems were reported. */
  reports = 0;
  /** Nodes whose last part was taken from them, with the ends that this leaves; see `cut`. */
  private readonly cuts = new Map<number, number>();
  constructor(
    /** Not to be written to: what an edit leaves unchanged is copied from it. */
    readonly flat: FlatView,
    readonly text: string,
    private readonly onProblem: (start: number, end: number, message: string) => void,
    /** Methods whose nodes may go on. */
    readonly members: Members | null = null,
  ) {}

  /** Reports a problem that the grammar accepts or the lowering found; offsets are those of `text`. */
  report(start: number, end: number, message: string): void {
    this.reports++;
    this.onProblem(start, end, message);
  }
  kind(node: number): Kind {
    return this.flat.kind[node];
  }
  startOf(node: number): number {
    return this.flat.start[node] - this.base;
  }
  endOf(node: number): number {
    const cut = this.cuts.size === 0 ? undefined : this.cuts.get(node);
    return (cut ?? this.flat.end[node]) - this.base;
  }
  /** From here on a node ends where `last`, a node inside it, ends: what follows is lowered apart. */
  cut(node: number, last: number): void {
    this.cuts.set(node, this.flat.end[last]);
  }
  isCut(node: number): boolean {
    return this.cuts.has(node);
  }
  source(node: number): string {
    return this.text.slice(this.flat.start[node], this.flat.end[node]);
  }
  next(node: number): number {
    return this.flat.next[node];
  }

  /** Whether a direct child did not parse or was invented by the parser. */
  isBroken(node: number): boolean {
    const { kind, next, missing } = this.flat;
    for (let child = node + 1; child < next[node]; child = next[child]) {
      if (kind[child] === Kind.Error || missing.has(child)) return true;
    }
    return false;
  }

  /** Whether all of a subtree parsed, and it ends where the parser says. */
  isSound(node: number): boolean {
    const { kind, next, missing, hasError } = this.flat;
    if (this.cuts.size > 0) return false;
    if (!hasError) return true;
    for (let inner = node; inner < next[node]; inner++) if (kind[inner] === Kind.Error) return false;
    for (const inner of missing.keys()) if (inner >= node && inner < next[node]) return false;
    return true;
  }

  /** The named children (tokens left out), in order. */
  named(node: number): number[] {
    const { kind, next } = this.flat;
    const children: number[] = [];
    for (let child = node + 1; child < next[node]; child = next[child]) {
      if (kind[child] !== Kind.Token && kind[child] < Kind.TokenAs) children.push(child);
    }
    return children;
  }

  /** The first child of a kind, or -1. */
  find(node: number, wanted: Kind): number {
    const { kind, next } = this.flat;
    for (let child = node + 1; child < next[node]; child = next[child]) if (kind[child] === wanted) return child;
    return -1;
  }

  /** Relative end of a tuple whose last element is `node`: through a trailing comma, as in CPython. */
  endThroughComma(node: number): number {
    const trailing = /\s*,/y;
    trailing.lastIndex = this.flat.end[node];
    return (trailing.test(this.text) ? trailing.lastIndex : this.flat.end[node]) - this.base;
  }

  error(node: number, message = 'This did not parse.'): ErrorNode {
    return { type: 'Error', start: this.startOf(node), end: this.endOf(node), message };
  }
}
