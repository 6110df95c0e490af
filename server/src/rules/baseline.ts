/**
 * A baseline: the findings that a project has accepted, so that only new ones are told. A finding is known by its
 * file, its rule and the text of its line without indentation, counted: it survives when lines move and when the code
 * around it is indented. Plain data that people can read and merge.
 */
import * as z from 'zod';

/** Counts by rule and line, of one file. */
export type FileBaseline = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Baseline {
  readonly version: 1;
  /** By path, relative to the baseline's folder, with `/`. */
  readonly files: Readonly<Record<string, FileBaseline>>;
}

/** What a finding is known by. */
export interface Located {
  readonly rule: string;
  readonly range: { readonly start: { readonly line: number; readonly column: number } };
}

const schema = z.object({
  version: z.literal(1),
  files: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.int().min(1)))),
});

/** @returns the baseline, or a sentence on what is wrong with the text. */
export function parseBaseline(text: string): { ok: true; value: Baseline } | { ok: false; message: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, message: `not valid JSON (${error instanceof Error ? error.message : String(error)})` };
  }
  const answer = schema.safeParse(json);
  if (answer.success) return { ok: true, value: answer.data };
  const issue = answer.error.issues[0];
  return {
    ok: false,
    message: `not a baseline: ${[...(issue?.path ?? []), ''].join(': ')}${issue?.message ?? ''}; write it again with --write-baseline`,
  };
}

export function fileBaseline(findings: readonly Located[], text: string): FileBaseline {
  const lines = text.split('\n');
  const counts: Record<string, Record<string, number>> = {};
  for (const { rule, range } of [...findings].sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))) {
    const line = normalised(lines[range.start.line]);
    counts[rule] ??= {};
    const own = counts[rule];
    own[line] = (own[line] ?? 0) + 1;
  }
  return counts;
}

/** The text of a baseline: files and rules in order, so that a change of one finding is a change of one line. */
export function renderBaseline(files: ReadonlyMap<string, FileBaseline>): string {
  const known = [...files].filter(([, file]) => Object.keys(file).length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const baseline: Baseline = { version: 1, files: Object.fromEntries(known) };
  return `${JSON.stringify(baseline, null, 2)}\n`;
}

/** The findings that the baseline does not have; of equal ones those further down are new. */
export function newFindings<F extends Located>(
  findings: readonly F[],
  text: string,
  known: FileBaseline | undefined,
): F[] {
  if (known === undefined) return [...findings];
  const lines = text.split('\n');
  const left = new Map<string, number>();
  for (const [rule, counts] of Object.entries(known))
    for (const [line, count] of Object.entries(counts)) left.set(`${rule} ${line}`, count);
  return findings.filter(({ rule, range }) => {
    const key = `${rule} ${normalised(lines[range.start.line])}`;
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

function normalised(line: string | undefined): string {
  return (line ?? '').trim().replace(/\s+/g, ' ');
}
