/**
 * Typing, seeded: after every edit of a real file the analysis that was brought along must say what an
 * analysis from nothing says, and rest on the same tree. Edits are mostly such that the code still runs.
 */
import { defaultTarget } from '../../server/src/analysis/createEngine.js';
import { DocumentAnalysis } from '../../server/src/analysis/documentAnalysis.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import type { Parser } from '../../server/src/syntax/parser.js';
import type { Program } from '../../server/src/trace/program.js';
import { Sources } from '../../server/src/trace/sources.js';
import type { SourceText } from './corpus.js';
import { type Edit, random } from './mutate.js';

type Next = () => number;
const below = (next: Next, n: number): number => Math.floor(next() * n);

function lineAt(text: string, i: number): { start: number; end: number } {
  const start = text.lastIndexOf('\n', i - 1) + 1;
  const end = text.indexOf('\n', i);
  return { start, end: end < 0 ? text.length : end + 1 };
}

/** One change as a person makes it: a number, a line, a character, a small expression. */
export function typedEdit(text: string, next: Next): Edit {
  const at = below(next, text.length);
  const line = lineAt(text, at);
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  switch (below(next, 10)) {
    case 0:
    case 1:
    case 2: {
      const m = match(/(?<![\w.])\d+(?![\w.])/g);
      if (m === null) break;
      const n = Number(m[0]);
      const values = [n + 1, n * 2, Math.max(1, n >> 1), 8, 1];
      return { start: m.index, oldEnd: m.index + m[0].length, newText: String(values[below(next, values.length)]) };
    }
    case 3: {
      const m = match(/(?<=[\w)])\n/g);
      if (m === null) break;
      return { start: m.index, oldEnd: m.index, newText: [' * 1.0', ' + 0', ' // 1', ' '][below(next, 4)]! };
    }
    case 4:
      return { start: line.start, oldEnd: line.end, newText: '' };
    case 5:
      return { start: line.end, oldEnd: line.end, newText: text.slice(line.start, line.end) };
    case 6: {
      const m = match(/\bTrue\b|\bFalse\b/g);
      if (m === null) break;
      return { start: m.index, oldEnd: m.index + m[0].length, newText: m[0] === 'True' ? 'False' : 'True' };
    }
    case 7: {
      const m = match(/\breturn /g);
      if (m === null) break;
      return { start: m.index + 7, oldEnd: m.index + 7, newText: '1 * ' };
    }
    case 8:
      return { start: at, oldEnd: at + 1, newText: '' };
    default:
  }
  return { start: at, oldEnd: at, newText: ['x', '0', ' ', '.', '\n', '#'][below(next, 6)]! };
}

export interface Difference {
  readonly file: string;
  readonly seed: number;
  readonly step: number;
  readonly edit: Edit;
  readonly what: string;
}

const said = (a: DocumentAnalysis): string[] => [
  ...a.entries.map((e) => JSON.stringify(e.report)),
  ...a.findings().map((f) => JSON.stringify([f.code, f.start, f.end, f.message, f.fix])),
];

/** The statements as text: a tree that an edit left wrong need not show in what is said about this file. */
const treeOf = (sources: Sources, file: string): string =>
  JSON.stringify(
    sources.get(file)?.tree.statements.map((s) => [s.start, s.node]),
    (_, v) => (typeof v === 'bigint' ? `${v}n` : v),
  );

/** Steps of one run: what edits make endless then ends soon. */
const fewSteps = 60_000;

/**
 * Types `edits` times into a file; every fifth edit is taken back. Gives the first difference, null when there is none.
 * What is remembered takes no steps, so a large model may end within few of them brought along and not from nothing:
 * `fuel` of the engine's own tells such a difference from the others.
 */
export function typeInto(
  parser: Parser,
  { name, text: original }: SourceText,
  sitePackages: readonly string[],
  seed: number,
  edits: number,
  fuel = fewSteps,
): Difference | null {
  const next = random(seed);
  const file = `/typed/${name}`;
  const kept = new Sources(parser, nodeFiles);
  const scratch = new Sources(parser, nodeFiles);
  const analyse = (sources: Sources, program: Program | null): DocumentAnalysis =>
    new DocumentAnalysis({
      file,
      sources,
      environment: { pythonPath: [], sitePackages },
      target: defaultTarget,
      fuel,
      cancelled: () => false,
      program,
    });
  let text = original;
  kept.openDocument(file, text, 1);
  let program = analyse(kept, null).program;
  let undo: Edit | null = null;
  try {
    for (let step = 1; step <= edits; step++) {
      const edit: Edit = step % 5 === 0 && undo !== null ? undo : typedEdit(text, next);
      undo = {
        start: edit.start,
        oldEnd: edit.start + edit.newText.length,
        newText: text.slice(edit.start, edit.oldEnd),
      };
      text = text.slice(0, edit.start) + edit.newText + text.slice(edit.oldEnd);
      kept.change(file, [edit], step + 1);
      scratch.openDocument(file, text, step + 1);
      const brought = analyse(kept, program);
      program = brought.program;
      const a = [...said(brought), treeOf(kept, file)];
      const b = [...said(analyse(scratch, null)), treeOf(scratch, file)];
      const i = b.findIndex((x, k) => x !== a[k]);
      if (i >= 0 || a.length !== b.length) {
        const k = i < 0 ? b.length : i;
        return { file: name, seed, step, edit, what: `brought along: ${a[k]}\nfrom nothing:  ${b[k]}` };
      }
    }
    return null;
  } finally {
    kept.dispose();
    scratch.dispose();
  }
}
