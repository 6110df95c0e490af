/**
 * The Parser port: text in, `ModuleTree` out. Two back ends implement it (native
 * tree-sitter and web-tree-sitter); nothing above this room knows which one runs.
 */
import type { ModuleTree } from './ast.js';

/** One replacement in the previous text, in UTF-16 offsets. */
export interface TextEdit {
  readonly start: number;
  readonly oldEnd: number;
  readonly newText: string;
}

/** A parsed file that can be edited and re-parsed incrementally. Not shared between documents. */
export interface ParsedFile {
  readonly text: string;
  readonly tree: ModuleTree;
  /**
   * Applies edits in order (each against the text left by the one before) and re-parses.
   * Top-level statements whose text did not change keep their `TopStatement` object (identity), with `start` moved.
   */
  edit(edits: readonly TextEdit[]): void;
  /** Frees the back end's tree. The `tree` stays readable. */
  dispose(): void;
}

export interface Parser {
  readonly backend: 'native' | 'wasm';
  /** Never throws: text that does not parse gives a tree with `problems` and `Error` nodes. */
  open(text: string): ParsedFile;
  /** One-off parse without keeping a tree for editing. */
  parse(text: string): ModuleTree;
  dispose(): void;
}

export interface ParserOptions {
  /**
   * `auto` tries native first; `wasm` and `native` force one. `native` fails when it does not load.
   * Default: `auto` in the main thread, `wasm` in a worker thread.
   */
  readonly backend?: 'auto' | 'native' | 'wasm';
  /** Folder that holds `web-tree-sitter.wasm` and `tree-sitter-python.wasm`. Default: beside the running bundle, else node_modules. */
  readonly wasmFolder?: string;
  readonly log?: (message: string) => void;
}
