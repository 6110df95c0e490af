/** Repeated measurements and what a benchmark hands to the report. */
import { writeFileSync } from 'node:fs';

export interface Row {
  readonly what: string;
  /** Milliseconds, in the order measured; empty when skipped. */
  readonly samples: readonly number[];
  /** A figure in place of times. */
  readonly value?: string;
  readonly note?: string;
  readonly skipped?: string;
  /** Upper bounds in ms that the project wants, for median and 95th percentile. */
  readonly wanted?: { readonly median?: number; readonly p95?: number };
}

export interface Section {
  readonly title: string;
  readonly text: string;
  readonly rows: readonly Row[];
}

/** Nearest-rank quantile. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))];
}

export interface Effort {
  /** Runs wanted. */
  readonly times: number;
  /** Runs before them that are not counted: the just-in-time compiler sees to the code. */
  readonly warmUp?: number;
  /** Stops earlier once this much has passed and three runs are done. */
  readonly budgetMs: number;
}

export const quick = process.env.BENCH_QUICK === '1';

/** What a program that serves messages does between two of them; without it weak references hold what they named. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

/** What a collection leaves, of this thread. */
export function heapInUse(): string {
  global.gc?.();
  return mb(process.memoryUsage().heapUsed);
}

/** Times `action` again and again, each in a task of its own; it may give back the part of it that counts, in ms. */
export async function repeat(
  effort: Effort,
  action: (i: number) => number | undefined | Promise<number | undefined>,
): Promise<number[]> {
  const samples: number[] = [];
  const times = quick ? Math.min(effort.times, 3) : effort.times;
  const before = quick ? 0 : (effort.warmUp ?? 0);
  for (let i = 0; i < before; i++) {
    await action(i);
    await nextTask();
  }
  const begin = performance.now();
  for (let i = before; i < before + times; i++) {
    const start = performance.now();
    const counted = await action(i);
    samples.push(counted ?? performance.now() - start);
    await nextTask();
    if (samples.length >= 3 && performance.now() - begin > effort.budgetMs) break;
  }
  return samples;
}

/** A row, or the reason why it could not be measured. */
export async function row(what: string, measure: () => Promise<Omit<Row, 'what'>>): Promise<Row> {
  try {
    const made = await measure();
    const shown = made.skipped ?? made.value ?? `median ${quantile(made.samples, 0.5).toFixed(1)} ms`;
    console.log(`  ${what}: ${shown}`);
    return { what, ...made };
  } catch (error) {
    const skipped = error instanceof Error ? error.message.split('\n')[0] : String(error);
    console.log(`  ${what}: skipped: ${skipped}`);
    return { what, samples: [], skipped };
  }
}

/** Hands the sections to the runner. */
export function report(sections: readonly Section[]): void {
  const path = process.env.BENCH_RESULT;
  if (path !== undefined) writeFileSync(path, JSON.stringify(sections));
}
