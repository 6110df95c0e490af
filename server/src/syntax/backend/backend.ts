/**
 * What the lowering needs from a tree-sitter binding. The native and the web binding
 * both satisfy these shapes as they are; what differs (loading, null results, freeing)
 * is hidden by the two back ends.
 */

/** A position in a syntax tree that moves along it. Offsets are UTF-16 code units. */
export interface Cursor {
  readonly nodeType: string;
  readonly nodeTypeId: number;
  readonly nodeIsNamed: boolean;
  readonly nodeIsMissing: boolean;
  readonly startIndex: number;
  readonly endIndex: number;
  gotoFirstChild(): boolean;
  gotoNextSibling(): boolean;
  gotoParent(): boolean;
}

/** A syntax tree. `release` must be called once: the web back end's memory is not garbage collected. */
export interface SyntaxTree {
  readonly hasError: boolean;
  /** Runs `visit` with a cursor on the root; the cursor is freed afterwards. */
  walk<T>(visit: (cursor: Cursor) => T): T;
  release(): void;
}

/** A parser that may be thrown away and made anew after a failure. */
export interface Backend {
  readonly name: 'native' | 'wasm';
  /** May throw (for example when the wasm heap is exhausted); the caller then calls `recreate` and tries again. */
  parse(text: string): SyntaxTree;
  recreate(): void;
  dispose(): void;
}
