/** Dated results of full runs: `--result FILE` writes what `docs/accuracy.md` prints. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Result {
  /** The npm script. */
  readonly command: string;
  /** What was counted, in a few words. */
  readonly what: string;
  readonly seed: number | null;
  readonly passed: number;
  readonly failed: number;
}

/** Writes the result when the command line asks for it. */
export function keepResult(result: Result): void {
  const i = process.argv.indexOf('--result');
  const file = i < 0 ? undefined : process.argv[i + 1];
  if (file === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(file, `${JSON.stringify({ ...result, date }, null, 2)}\n`);
}
