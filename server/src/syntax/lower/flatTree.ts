/**
 * A syntax tree copied once, in preorder, into flat integer arrays. One cursor pass
 * pays for every binding call; the lowering then reads plain memory and can look at
 * children in any order. Arrays are reused between parses.
 */
import type { Cursor } from '../backend/backend.js';
import { Kind, kindOf } from './kinds.js';

/** Kinds whose children the lowering never reads. */
const leaves = new Set<Kind>([
  Kind.Identifier,
  Kind.Integer,
  Kind.Float,
  Kind.True,
  Kind.False,
  Kind.None,
  Kind.Ellipsis,
  Kind.PassStatement,
  Kind.BreakStatement,
  Kind.ContinueStatement,
  Kind.StringStart,
  Kind.StringContent,
  Kind.StringEnd,
  Kind.ImportPrefix,
  Kind.WildcardImport,
  Kind.TypeConversion,
]);

/**
 * Kinds that end where their last part ends, as in CPython. The grammar lets them run
 * on over comments that follow.
 */
const endsWithLastPart = new Set<Kind>([
  Kind.Block,
  Kind.CaseClause,
  Kind.ClassDefinition,
  Kind.DecoratedDefinition,
  Kind.ElifClause,
  Kind.ElseClause,
  Kind.ExceptClause,
  Kind.FinallyClause,
  Kind.ForStatement,
  Kind.FunctionDefinition,
  Kind.IfStatement,
  Kind.MatchStatement,
  Kind.TryStatement,
  Kind.WhileStatement,
  Kind.WithStatement,
]);

const semicolon = /[ \t\f]*;/y;

export interface FlatComment {
  readonly start: number;
  readonly end: number;
}

/** A flat tree as the lowering reads it. */
export interface FlatView {
  readonly kind: ArrayLike<Kind>;
  readonly start: ArrayLike<number>;
  readonly end: ArrayLike<number>;
  readonly next: ArrayLike<number>;
  readonly count: number;
  /** Nodes the parser invented (zero width) to go on. */
  readonly missing: ReadonlyMap<number, string>;
  readonly comments: readonly FlatComment[];
  readonly hasError: boolean;
}

export class FlatTree implements FlatView {
  kind = new Uint16Array(4096);
  start = new Int32Array(4096);
  end = new Int32Array(4096);
  /** Index just past a node's subtree; the first child of `n` is `n + 1` when `next[n] > n + 1`. */
  next = new Int32Array(4096);
  count = 0;
  hasError = false;
  readonly missing = new Map<number, string>();
  readonly comments: FlatComment[] = [];
  /** By the grammar's 16-bit id; -1 until a node of that id was met. */
  private readonly kindById = new Int16Array(65536).fill(-1);

  /** As it is now, in arrays of its own. */
  copy(): FlatView {
    const { kind, start, end, next, count, missing, comments, hasError } = this;
    return {
      kind: kind.slice(0, count),
      start: start.slice(0, count),
      end: end.slice(0, count),
      next: next.slice(0, count),
      count,
      missing: new Map(missing),
      comments: comments.slice(),
      hasError,
    };
  }

  /** A block ends with the `;` after its last statement, as in CPython. */
  static throughSemicolon(text: string, end: number): number {
    semicolon.lastIndex = end;
    return semicolon.test(text) ? semicolon.lastIndex : end;
  }

  private grow(): void {
    const size = this.kind.length * 2;
    const kind = new Uint16Array(size);
    kind.set(this.kind);
    this.kind = kind;
    for (const name of ['start', 'end', 'next'] as const) {
      const grown = new Int32Array(size);
      grown.set(this[name]);
      this[name] = grown;
    }
  }

  private learn(cursor: Cursor, id: number): Kind {
    const kind = kindOf(cursor.nodeType, cursor.nodeIsNamed);
    this.kindById[id] = kind;
    return kind;
  }

  private close(node: number, last: number, text: string): void {
    this.next[node] = this.count;
    if (last >= 0 && endsWithLastPart.has(this.kind[node]) && this.kind[last] !== Kind.Error) {
      let end = Math.max(this.end[last], this.start[node]);
      if (this.kind[node] === Kind.Block) end = FlatTree.throughSemicolon(text, end);
      this.end[node] = end;
    }
  }

  /**
   * Copies the tree under the cursor. Offsets of plain punctuation are left zero: nothing reads them.
   * @param hasError whether the tree holds errors; only then are missing nodes looked for
   */
  fill(cursor: Cursor, text: string, hasError: boolean): void {
    this.count = 0;
    this.hasError = hasError;
    this.missing.clear();
    this.comments.length = 0;
    const open: number[] = [];
    /** For each open node its last named child so far, or -1. */
    const lastPart: number[] = [];
    for (;;) {
      const id = cursor.nodeTypeId;
      const known = this.kindById[id];
      const kind: Kind = known >= 0 ? known : this.learn(cursor, id);
      if (kind === Kind.Comment) {
        this.comments.push({ start: cursor.startIndex, end: cursor.endIndex });
      } else if (kind !== Kind.LineContinuation) {
        const node = this.count++;
        if (node >= this.kind.length) this.grow();
        this.kind[node] = kind;
        let descend = false;
        if (hasError || (kind > Kind.Token && kind < Kind.TokenAs)) {
          this.start[node] = cursor.startIndex;
          this.end[node] = cursor.endIndex;
          descend = kind < Kind.TokenAs && kind !== Kind.Token && !leaves.has(kind);
          if (kind === Kind.String) descend = hasError || isFormatString(text, this.start[node]);
          if (hasError && this.start[node] === this.end[node] && cursor.nodeIsMissing) {
            this.missing.set(node, cursor.nodeType);
            descend = false;
          }
        } else {
          this.start[node] = 0;
          this.end[node] = 0;
        }
        this.next[node] = node + 1;
        if (kind !== Kind.Token && kind < Kind.TokenAs) lastPart[open.length - 1] = node;
        if (descend && cursor.gotoFirstChild()) {
          open.push(node);
          lastPart[open.length - 1] = -1;
          continue;
        }
      }
      while (open.length > 0 && !cursor.gotoNextSibling()) {
        cursor.gotoParent();
        this.close(open.pop() as number, lastPart[open.length], text);
      }
      if (open.length === 0) return;
    }
  }
}

/** Whether the string literal at `start` has an `f` in its prefix. */
function isFormatString(text: string, start: number): boolean {
  for (let i = start; i < start + 3; i++) {
    const c = text.charCodeAt(i);
    if (c === 34 || c === 39) return false;
    if (c === 102 || c === 70) return true;
  }
  return false;
}
