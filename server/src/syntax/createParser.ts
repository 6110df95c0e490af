/** Makes a Parser: picks a back end, parses chunks, recovers from a parser that failed. */
import { isMainThread } from 'node:worker_threads';
import type { TopStatement } from './ast.js';
import type { Backend } from './backend/backend.js';
import { createNativeBackend } from './backend/native.js';
import { createWasmBackend } from './backend/wasm.js';
import { type LoweredChunk, lowerChunk } from './lower/chunk.js';
import type { Parser, ParserOptions } from './parser.js';
import { joinsStatements, Pieces, parseWhole } from './pieces.js';
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
  /** From the text alone: pieces are looked at when the whole does not parse, or when they are kept from before. */
  const lower = (text: string, reuse: Reuse, pieces?: Pieces): LoweredChunk => {
    const whole = pieces === undefined ? parseWhole(backend, text) : null;
    const isWhole = whole !== null && !whole.hasError && !joinsStatements(whole, text);
    const flat = isWhole ? whole : (pieces ?? new Pieces()).parse(backend, text);
    if (pieces === undefined) return lowerChunk(flat, text, reuse);
    return pieces.members.lower(() => lowerChunk(flat, text, reuse, pieces.members));
  };
  const parseChunk: ChunkParser = (text, reuse, pieces) => {
    try {
      return lower(text, reuse, pieces);
    } catch (error) {
      pieces?.forget();
      log(`The parser failed (${firstLine(error)}); starting it anew.`);
    }
    try {
      backend.recreate();
      return lower(text, () => undefined);
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

/** A chunk as one Error statement, for text that no parser could take. */
function unparsed(text: string, message: string): LoweredChunk {
  const node = { type: 'Error', start: 0, end: text.length, message } as const;
  const statement: TopStatement = { start: 0, length: text.length, node, defines: null, text };
  const problems = [{ start: 0, end: text.length, message }];
  return { statements: [{ offset: 0, statement }], comments: [], problems, hasError: true };
}
