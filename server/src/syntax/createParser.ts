/** Makes a Parser: picks a back end, parses chunks, recovers from a parser that failed. */
import { isMainThread } from 'node:worker_threads';
import type { TopStatement } from './ast.js';
import type { Backend, SyntaxTree } from './backend/backend.js';
import { createNativeBackend } from './backend/native.js';
import { createWasmBackend } from './backend/wasm.js';
import type { LiveChunk } from './liveChunk.js';
import { type LoweredChunk, lowerChunk } from './lower/chunk.js';
import { FlatTree } from './lower/flatTree.js';
import type { Parser, ParserOptions } from './parser.js';
import { type ChunkParser, parseText, type Reuse, SourceFile } from './sourceFile.js';

/**
 * @throws with backend `native` when the native packages do not load, and in any mode
 * when no back end starts; the message names the cause and the remedy.
 */
export async function createParser(options: ParserOptions = {}): Promise<Parser> {
  const log = options.log ?? (() => {});
  const backend = await chooseBackend(options, log);
  log(`Python parser: ${backend.name} tree-sitter.`);
  return parserOn(backend, log);
}

/** A parser over a given back end. */
export function parserOn(backend: Backend, log: (message: string) => void): Parser {
  const flat = new FlatTree();
  const parseChunk: ChunkParser = (text, reuse, live) => {
    const whole = () => lowerWhole(backend, flat, text, reuse);
    const lower = live === undefined ? whole : () => lowerLive(backend, live, text, reuse);
    try {
      return lower();
    } catch (error) {
      log(`The parser failed (${firstLine(error)}); starting it anew.`);
    }
    try {
      backend.recreate();
      return lowerWhole(backend, flat, text, () => undefined);
    } catch (error) {
      log(`The parser failed again (${firstLine(error)}); this part of the file is not analysed.`);
      return unparsed(text, `The parser failed: ${firstLine(error)}`);
    }
  };
  return {
    backend: backend.name,
    open: (text) => new SourceFile(text, parseChunk),
    parse: (text) => parseText(text, parseChunk),
    dispose: () => backend.dispose(),
  };
}

async function chooseBackend(options: ParserOptions, log: (message: string) => void): Promise<Backend> {
  // A worker thread can be ended at any moment, and a native call that this interrupts aborts the whole process.
  const wanted = options.backend ?? (isMainThread ? 'auto' : 'wasm');
  if (wanted !== 'wasm') {
    try {
      return createNativeBackend();
    } catch (error) {
      const reason = firstLine(error);
      if (wanted === 'native') {
        throw new Error(
          `The native parser does not load (${reason}). Use backend "wasm", or build it with "npm run native".`,
        );
      }
      log(`The native parser does not load (${reason}); using WebAssembly.`);
    }
  }
  try {
    return await createWasmBackend(options.wasmFolder);
  } catch (error) {
    throw new Error(
      `The WebAssembly parser does not start (${firstLine(error)}). Reinstall the extension, or raise the memory limit.`,
    );
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
}

/** Parses and lowers a chunk from its text alone. */
function lowerWhole(backend: Backend, flat: FlatTree, text: string, reuse: Reuse): LoweredChunk {
  let tree: SyntaxTree | undefined;
  try {
    tree = backend.parse(text, null);
    const hasError = tree.hasError;
    tree.walk((cursor) => flat.fill(cursor, text, hasError));
    return lowerChunk(flat, text, hasError, hasError ? () => undefined : reuse);
  } finally {
    tree?.release();
  }
}

/** Parses and lowers a chunk that replaces the one last edited. */
function lowerLive(
  backend: Backend,
  live: { chunk: LiveChunk; before: string },
  text: string,
  reuse: Reuse,
): LoweredChunk {
  try {
    const { flat, hasError } = live.chunk.parse(backend, text, live.before);
    return lowerChunk(flat, text, hasError, hasError ? () => undefined : reuse);
  } catch (error) {
    // The kept tree may be what the parser choked on.
    live.chunk.release();
    throw error;
  }
}

/** A chunk as one Error statement, for text that no parser could take. */
function unparsed(text: string, message: string): LoweredChunk {
  const node = { type: 'Error', start: 0, end: text.length, message } as const;
  const statement: TopStatement = { start: 0, length: text.length, node, text };
  const problems = [{ start: 0, end: text.length, message }];
  return { statements: [{ offset: 0, statement }], comments: [], problems, hasError: true };
}
