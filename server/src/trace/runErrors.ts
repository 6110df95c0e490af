/** What ended a run, as a trace says it. */
import { Aborted, PyRaise } from '../python/errors.js';
import { describe } from '../python/exceptions.js';
import { raisedAt } from '../python/traceback.js';
import { noteError } from './failures.js';
import type { Program } from './program.js';
import type { Trace } from './trace.js';

const aborts: Readonly<Record<Aborted['reason'], readonly [string, string]>> = {
  fuel: ['FuelExhausted', 'the code runs longer than the analysis allows'],
  memory: ['MemoryExhausted', 'the code makes more objects than the analysis allows'],
  depth: ['RecursionError', 'the code nests deeper than the analysis allows'],
  cancelled: ['Cancelled', 'the run was cancelled'],
};

export function fail(p: Program, e: unknown): NonNullable<Trace['error']> {
  if (e instanceof PyRaise) return noteError({ ...describe(p.machine, e), place: raisedAt(e) }, e);
  if (e instanceof Aborted) {
    const [type, message] = aborts[e.reason];
    return { type, message, place: p.machine.place() };
  }
  throw e;
}

/** "needs argument cfg", from the exception that building it raised. */
export function missingOf(error: NonNullable<Trace['error']>): string {
  const m = /missing \d+ required (?:positional|keyword-only) arguments?: (.*)$/.exec(error.message);
  if (error.type === 'TypeError' && m !== null) {
    const names = [...m[1]!.matchAll(/'([^']+)'/g)].map((x) => x[1]!);
    return `needs argument${names.length > 1 ? 's' : ''} ${names.join(', ')}`;
  }
  return `${error.type}: ${error.message}`;
}
