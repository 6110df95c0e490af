/** The engine's file port on a real file system: UTF-8 text, bounded in size. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { FilePort } from '../analysis/engine.js';

/** Larger files are data or generated code, not source. */
const MAX_BYTES = 4_000_000;

export const nodeFiles: FilePort = {
  read(path) {
    let bytes: Buffer;
    try {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (!stat?.isFile()) return null;
      if (stat.size > MAX_BYTES) {
        throw new TooLarge(
          `${path} is ${(stat.size / 1e6).toFixed(1)} MB; files over ${MAX_BYTES / 1e6} MB are not read`,
        );
      }
      bytes = readFileSync(path);
    } catch (error) {
      if (error instanceof TooLarge) throw error;
      return null;
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new Error(`${path} is not UTF-8 text; save it as UTF-8`);
    }
  },
  isDirectory(path) {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  },
  list(path) {
    try {
      return readdirSync(path).sort();
    } catch {
      return [];
    }
  },
};

class TooLarge extends Error {}
