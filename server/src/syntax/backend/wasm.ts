/**
 * The WebAssembly back end: web-tree-sitter with the grammar's own wasm file. Works on
 * every host; its trees live outside the garbage collector and are deleted by `release`.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Language, Parser, type Tree } from 'web-tree-sitter';
import type { Backend, Cursor, SyntaxTree } from './backend.js';

class WasmSyntaxTree implements SyntaxTree {
  constructor(readonly tree: Tree) {}
  get hasError(): boolean {
    return this.tree.rootNode.hasError;
  }
  walk<T>(visit: (cursor: Cursor) => T): T {
    const cursor = this.tree.walk();
    try {
      return visit(cursor);
    } finally {
      cursor.delete();
    }
  }
  release(): void {
    this.tree.delete();
  }
}

/** The engine's and the grammar's wasm files: a given folder, the bundle's own, or node_modules. */
function locateWasm(folder: string | undefined): { engine: string; grammar: string } {
  const here = typeof __filename === 'string' ? __filename : fileURLToPath(import.meta.url);
  const beside = folder ?? dirname(here);
  const bundled = {
    engine: join(beside, 'web-tree-sitter.wasm'),
    grammar: join(beside, 'tree-sitter-python.wasm'),
  };
  if (existsSync(bundled.engine) && existsSync(bundled.grammar)) return bundled;
  if (folder !== undefined) {
    throw new Error(
      `${folder} lacks web-tree-sitter.wasm or tree-sitter-python.wasm; run "npm run build" to copy them.`,
    );
  }
  const { resolve } = createRequire(here);
  return {
    engine: resolve('web-tree-sitter/tree-sitter.wasm'),
    grammar: resolve('tree-sitter-python/tree-sitter-python.wasm'),
  };
}

let engineReady: Promise<void> | undefined;
let grammarReady: Promise<Language> | undefined;

/** One copy of the engine per process: two copies corrupt each other. */
async function loadGrammar(folder: string | undefined): Promise<Language> {
  const { engine, grammar } = locateWasm(folder);
  engineReady ??= Parser.init({ locateFile: () => engine });
  await engineReady;
  grammarReady ??= Language.load(grammar);
  return grammarReady;
}

/** @throws when the wasm files are missing or WebAssembly cannot start (for example under a tight memory limit). */
export async function createWasmBackend(folder: string | undefined): Promise<Backend> {
  let language: Language;
  try {
    language = await loadGrammar(folder);
  } catch (error) {
    engineReady = undefined;
    grammarReady = undefined;
    throw error;
  }
  const make = () => {
    const parser = new Parser();
    parser.setLanguage(language);
    return parser;
  };
  let parser = make();
  return {
    name: 'wasm',
    parse(text) {
      const tree = parser.parse(text);
      if (tree === null) throw new Error('The parser gave no tree.');
      return new WasmSyntaxTree(tree);
    },
    recreate() {
      try {
        parser.delete();
      } catch {
        // A parser that trapped may not be deletable; it is abandoned.
      }
      parser = make();
    },
    dispose() {
      parser.delete();
    },
  };
}
