/** The programs that PyTorch has judged (record.py), and what our analysis says of a text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultTarget } from '../../server/src/analysis/createEngine.js';
import { DocumentAnalysis } from '../../server/src/analysis/documentAnalysis.js';
import type { RuleFinding } from '../../server/src/rules/types.js';
import type { Parser } from '../../server/src/syntax/parser.js';
import type { FilePort } from '../../server/src/trace/files.js';
import { Sources } from '../../server/src/trace/sources.js';

export interface Recorded {
  readonly type: string;
  readonly message: string;
  /** 1-based, the innermost line of the program in PyTorch's traceback. */
  readonly line: number;
}

export interface Program {
  readonly name: string;
  readonly text: string;
  /** null: it runs. */
  readonly recorded: Recorded | null;
}

export function programsIn(folder: string): Program[] {
  const { programs } = JSON.parse(readFileSync(join(folder, 'recorded.json'), 'utf8')) as {
    programs: Record<string, Recorded | null>;
  };
  return readdirSync(folder)
    .filter((name) => name.endsWith('.py'))
    .sort()
    .flatMap((file) => {
      const parts = readFileSync(join(folder, file), 'utf8')
        .split(/^# --- (.+)\n/m)
        .slice(1);
      return parts.flatMap((heading, i) => {
        if (i % 2 === 1) return [];
        const name = `${file.slice(0, -3)}/${heading}`;
        const recorded = programs[name];
        if (recorded === undefined) throw new Error(`${name} is not recorded: run test/shapes/record.py`);
        return [{ name, text: parts[i + 1]!, recorded }];
      });
    });
}

/** The same program without the call at its end: the inputs must then be guessed. */
export const withoutCall = (text: string): string => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`;

const noFiles: FilePort = { read: () => null, isDirectory: () => false, list: () => [] };

export interface ShapeErrors {
  readonly findings: readonly RuleFinding[];
  readonly entries: number;
  /** Entries whose run ended in an exception, whichever. */
  readonly failed: number;
}

/** ECO8xx findings of one file. `text` null: the file is read through `files`. */
export function shapeErrorsOf(
  parser: Parser,
  file: string,
  text: string | null,
  files: FilePort = noFiles,
  sitePackages: readonly string[] = [],
  torchVersion: readonly [number, number] | null = null,
): ShapeErrors {
  const sources = new Sources(parser, files);
  if (text !== null) sources.openDocument(file, text, 1);
  const analysis = new DocumentAnalysis({
    file,
    sources,
    environment: { pythonPath: [], sitePackages, torchVersion },
    target: defaultTarget,
    fuel: 5_000_000,
    cancelled: () => false,
  });
  return {
    findings: analysis.findings().filter((f) => f.code.startsWith('ECO8')),
    entries: analysis.entries.length,
    failed: analysis.entries.filter((e) => e.trace.error !== null).length,
  };
}

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
