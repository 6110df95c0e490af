/** `--write-baseline FILE` and `--baseline FILE_OR_REF`: findings that are known are not told again. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import type { Engine, Target } from '../analysis/engine.js';
import type { AuditReport } from '../analysis/model.js';
import { type FileBaseline, fileBaseline, newFindings, parseBaseline, renderBaseline } from '../rules/baseline.js';
import { type Io, UsageError } from './io.js';
import { readText } from './project.js';
import { absolute, readSource } from './session.js';

/** What is known about a file; undefined: nothing. */
export type KnownFindings = (path: string) => FileBaseline | undefined;

export function renderReports(reports: readonly AuditReport[], file: string, io: Io): string {
  const folder = dirname(absolute(file, io));
  return renderBaseline(
    new Map(
      reports.map((report) => [
        pathIn(folder, report.file, io),
        fileBaseline(report.findings, readSource(report.file, io)),
      ]),
    ),
  );
}

/** The report without the findings that are known. */
export function withoutKnown(report: AuditReport, known: FileBaseline | undefined, io: Io): AuditReport {
  if (known === undefined) return report;
  return { ...report, findings: newFindings(report.findings, readSource(report.file, io), known) };
}

/** @throws UsageError when the file cannot be read or is no baseline. */
export function readBaseline(file: string, shown: string, io: Io): KnownFindings {
  const text = readText(file, io);
  if (text === null)
    throw new UsageError(`${shown}: no such baseline. Write it with "ecocompute audit --write-baseline".`);
  const answer = parseBaseline(text);
  if (!answer.ok) throw new UsageError(`${shown}: ${answer.message}.`);
  const folder = dirname(absolute(file, io));
  return (path) => answer.value.files[pathIn(folder, path, io)];
}

function pathIn(folder: string, path: string, io: Io): string {
  return relative(folder, absolute(path, io)).replaceAll('\\', '/');
}

/** True when the name is a file rather than a git revision. */
export function isFile(name: string, io: Io): boolean {
  return existsSync(absolute(name, io));
}

/**
 * Texts of files at a git revision; null: the file is not in it.
 * @throws UsageError when there is no such file and no such revision
 */
function textsAt(revision: string, paths: readonly string[], io: Io): ReadonlyMap<string, string | null> {
  const folderOf = (path: string): string => dirname(absolute(path, io));
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64e6 });
  const known = new Set<string>();
  const texts = new Map<string, string | null>();
  for (const path of paths) {
    const folder = folderOf(path);
    try {
      // a revision that begins with a dash would be read as a flag
      if (revision.startsWith('-')) throw new Error(revision);
      if (!known.has(folder)) git(folder, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`);
      known.add(folder);
    } catch {
      throw new UsageError(`--baseline ${revision}: no such file, and no such git revision of ${path}.`);
    }
    try {
      texts.set(path, git(folder, 'show', `${revision}:./${basename(path)}`));
    } catch {
      texts.set(path, null);
    }
  }
  return texts;
}

/**
 * What was there at a git revision: each file's text of then, audited among the files of now.
 * @throws UsageError when there is no such revision
 */
export function knownAt(
  revision: string,
  paths: readonly string[],
  targetOf: (path: string) => Target,
  engine: Engine,
  io: Io,
): KnownFindings {
  const texts = textsAt(revision, paths, io);
  return (path) => {
    const text = texts.get(path) ?? null;
    if (text === null) return undefined;
    const file = absolute(path, io);
    engine.open(file, text, 0);
    try {
      return fileBaseline(engine.withSavings(file, targetOf(path)).findings, text);
    } finally {
      engine.close(file);
    }
  };
}
