/**
 * The native back end: node-tree-sitter. Optional: its prebuilt binary needs a newer
 * libstdc++ than many hosts have, so a failure to load is an ordinary answer.
 */
import { createRequire } from 'node:module';
import type { Backend, Cursor, SyntaxTree } from './backend.js';

interface NativeTree {
  readonly rootNode: { readonly hasError: boolean };
  walk(): Cursor;
}
interface NativeParser {
  setLanguage(language: unknown): void;
  parse(text: string, previous: undefined, options: { bufferSize: number }): NativeTree;
}

class NativeSyntaxTree implements SyntaxTree {
  constructor(readonly tree: NativeTree) {}
  get hasError(): boolean {
    return this.tree.rootNode.hasError;
  }
  walk<T>(visit: (cursor: Cursor) => T): T {
    return visit(this.tree.walk());
  }
  /** Freed with the JavaScript object; the binding has no explicit delete. */
  release(): void {}
}

/** @throws when the native packages are not installed or do not load on this host. */
export function createNativeBackend(): Backend {
  // `createRequire` keeps the bundler from looking at the packages. In the CommonJS
  // bundle `import.meta.url` is empty and `__filename` is the bundle itself.
  const load = createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
  const NativeParserClass = load('tree-sitter') as new () => NativeParser;
  const python: unknown = load('tree-sitter-python');
  const make = () => {
    const parser = new NativeParserClass();
    parser.setLanguage(python);
    return parser;
  };
  let parser = make();
  return {
    name: 'native',
    parse(text) {
      // The default buffer is 32 kB of text per read; one read of the whole text is faster.
      const options = { bufferSize: Math.max(1024, text.length * 2 + 2) };
      return new NativeSyntaxTree(parser.parse(text, undefined, options));
    },
    recreate() {
      parser = make();
    },
    dispose() {},
  };
}
