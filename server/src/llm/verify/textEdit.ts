/** A proposal as text: stays in its range, adds only plain imports, changes no structure, brings in nothing that acts. */
import { forEachChild, type Node } from '../../rules/semantic/walk.js';
import type { ModuleTree, Stmt } from '../../syntax/ast.js';
import type { Parser } from '../../syntax/parser.js';
import { hasHidden } from '../safety/invisible.js';
import { redacted } from '../safety/redact.js';
import type { Proposal } from '../tasks/tasks.js';

export interface LineRange {
  /** 1-based, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
}

export type EditedText =
  | {
      readonly ok: true;
      readonly text: string;
      readonly edits: readonly { readonly start: number; readonly end: number; readonly newText: string }[];
    }
  | { readonly ok: false; readonly reasons: readonly string[] };

/** Modules whose import acts on nothing. */
const plainModules = new Set([
  'torch',
  'math',
  'functools',
  'itertools',
  'typing',
  'collections',
  'dataclasses',
  'contextlib',
  'einops',
  'numpy',
  '__future__',
]);
/** A module under another name would pass by what follows. */
const usualAliases = new Set(['numpy as np', 'torch.nn as nn', 'torch.nn.functional as F', 'functional as F']);
/** Calls and names that reach outside of the computation. */
const acting =
  /^(?:os|sys|subprocess|shutil|socket|pathlib|requests|urllib|http|ftplib|smtplib|ctypes|pickle|marshal|importlib|builtins|multiprocessing|threading|asyncio|signal|tempfile|glob|io|webbrowser|code|pty|platform|getpass)(?:\.|$)|^(?:open|eval|getattr|exec|compile|__import__|input|globals|locals|vars|setattr|delattr|breakpoint|exit|quit|help|memoryview)$|^torch\.(?:load|save|hub|jit\.load|package|utils\.(?:cpp_extension|model_zoo)|ops\.load_library|classes|distributed|multiprocessing)(?:\.|$)|\.(?:tofile|fromfile|load_library|load_state_dict_from_url)$|^(?:np|numpy)\.(?:load|save|savez|fromfile|memmap|loadtxt|savetxt|genfromtxt)/;

export function applyProposal(
  parser: Parser,
  text: string,
  range: LineRange,
  proposal: Pick<Proposal, 'edits' | 'imports'>,
): EditedText {
  const reasons: string[] = [];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const starts = lineStarts(text);
  const lineCount = starts.length;
  const edits: { start: number; end: number; newText: string }[] = [];
  for (const edit of proposal.edits) {
    const { startLine, endLine } = edit;
    if (endLine < startLine) reasons.push(`lines ${startLine} to ${endLine} are no range`);
    else if (startLine < range.startLine || endLine > range.endLine)
      reasons.push(`lines ${startLine} to ${endLine} lie outside of lines ${range.startLine} to ${range.endLine}`);
    else if (endLine > lineCount) reasons.push(`the file has ${lineCount} lines, not ${endLine}`);
    if (hasHidden(edit.newText)) reasons.push('the new text holds invisible characters');
    if (edit.newText.includes(redacted) || /⟦U\+|‹‹‹|›››|\(address removed\)/.test(edit.newText))
      reasons.push('the new text holds a placeholder of ours, not code');
    if (reasons.length > 0) continue;
    const start = starts[startLine - 1]!;
    const end = endLine < lineCount ? starts[endLine]! : text.length;
    const body = edit.newText.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n').join(eol);
    const last = endLine < lineCount || text.endsWith('\n') ? eol : '';
    edits.push({ start, end, newText: edit.newText.trim() === '' ? '' : body + last });
  }
  edits.sort((a, b) => a.start - b.start);
  if (edits.some((edit, i) => i > 0 && edit.start < edits[i - 1]!.end)) reasons.push('the edits overlap');
  if (reasons.length > 0) return { ok: false, reasons: [...new Set(reasons)] };

  const before = parser.parse(text);
  const imports = newImports(parser, before, text, proposal.imports);
  if (!imports.ok) return imports;
  if (imports.lines.length > 0) {
    const at = importPlace(before, text);
    if (at > edits[0]!.start && at <= edits[edits.length - 1]!.end)
      return { ok: false, reasons: ['the imports do not stand before the edit'] };
    edits.push({ start: at, end: at, newText: imports.lines.map((line) => line + eol).join('') });
    edits.sort((a, b) => a.start - b.start);
  }
  let edited = '';
  let at = 0;
  for (const edit of edits) {
    edited += text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  edited += text.slice(at);
  if (edited === text) return { ok: false, reasons: ['nothing changes'] };

  const after = parser.parse(edited);
  if (after.problems.length > before.problems.length)
    return { ok: false, reasons: [`it does not parse: ${after.problems[0]?.message ?? 'syntax error'}`] };
  const structure = [outline(before), outline(withoutImports(after, imports.lines, edited))] as const;
  if (structure[0] !== structure[1])
    return { ok: false, reasons: ['it adds, removes or renames classes, functions or top-level statements'] };
  if (importCount(after) > importCount(before) + imports.lines.length)
    return { ok: false, reasons: ['it holds an import: imports are listed apart'] };
  const known = namesIn(before);
  const strangers = [...namesIn(after)].filter((name) => !known.has(name));
  const acts = strangers.filter((name) => acting.test(name));
  if (acts.length > 0)
    return {
      ok: false,
      reasons: [`it brings in ${acts.slice(0, 3).join(', ')}, which reach outside of the computation`],
    };
  const dunder = strangers.filter((name) => /(?:^|\.)__\w+__(?:\.|$)/.test(name));
  if (dunder.length > 0) return { ok: false, reasons: [`it brings in ${dunder[0]}`] };
  const addresses = (s: string): number => s.match(/[a-z][a-z0-9+.-]*:\/\/|\bcommand:|\bwww\./gi)?.length ?? 0;
  if (addresses(edited) > addresses(text)) return { ok: false, reasons: ['it brings in an address'] };
  return { ok: true, text: edited, edits };
}

function newImports(
  parser: Parser,
  before: ModuleTree,
  text: string,
  wanted: readonly string[],
): { ok: true; lines: readonly string[] } | { ok: false; reasons: readonly string[] } {
  const lines: string[] = [];
  const present = new Set(before.statements.map((s) => text.slice(s.start, s.start + s.length).trim()));
  const known = new Set(before.statements.flatMap(({ node }) => modulesOf(node)));
  for (const raw of wanted) {
    const line = raw.trim();
    if (line === '' || present.has(line)) continue;
    const tree = parser.parse(line);
    const node = tree.statements[0]?.node;
    const isImport =
      tree.problems.length === 0 &&
      tree.statements.length === 1 &&
      !line.includes('\n') &&
      (node?.type === 'Import' || node?.type === 'ImportFrom');
    if (!isImport || node === undefined)
      return { ok: false, reasons: [`"${line.slice(0, 60)}" is not one import statement`] };
    const modules = modulesOf(node);
    const strange = modules.find((m) => !plainModules.has(m) && !known.has(m));
    const alias =
      node.type === 'Import' || node.type === 'ImportFrom'
        ? node.names.find((a) => a.asname !== null && !usualAliases.has(`${a.name} as ${a.asname}`))
        : undefined;
    if (alias !== undefined) return { ok: false, reasons: [`it renames ${alias.name} to ${alias.asname}`] };
    if (strange !== undefined || modules.length === 0)
      return { ok: false, reasons: [`it imports ${strange ?? 'a relative module'}`] };
    lines.push(line);
  }
  return { ok: true, lines };
}

/** Top-level packages that an import names; none for a relative one. */
function modulesOf(node: Stmt): string[] {
  if (node.type === 'Import') return node.names.map((alias) => alias.name.split('.')[0]!);
  if (node.type === 'ImportFrom' && node.level === 0 && node.module !== null) return [node.module.split('.')[0]!];
  return [];
}

/** Behind the last import of the file's head. */
function importPlace(tree: ModuleTree, text: string): number {
  let at = 0;
  for (const [index, s] of tree.statements.entries()) {
    const isDocstring = index === 0 && s.node.type === 'Expr';
    if (!isDocstring && s.node.type !== 'Import' && s.node.type !== 'ImportFrom') break;
    const end = text.indexOf('\n', s.start + s.length);
    at = end < 0 ? text.length : end + 1;
  }
  return at;
}

function withoutImports(tree: ModuleTree, lines: readonly string[], text: string): Pick<ModuleTree, 'statements'> {
  const left = [...lines];
  return {
    statements: tree.statements.filter((s) => {
      const i = left.indexOf(text.slice(s.start, s.start + s.length).trim());
      if (i >= 0) left.splice(i, 1);
      return i < 0;
    }),
  };
}

/** Kinds and names of top-level statements, and of what classes hold. */
function outline(tree: Pick<ModuleTree, 'statements'>): string {
  const of = (node: Stmt): string => {
    if (node.type === 'FunctionDef') return `def ${node.name}/${node.decorators.length}`;
    if (node.type === 'ClassDef') return `class ${node.name}/${node.bases.length}{${node.body.map(of).join(';')}}`;
    return node.type;
  };
  return tree.statements.map((s) => of(s.node)).join('\n');
}

function importCount(tree: ModuleTree): number {
  let count = 0;
  const visit = (node: Node): void => {
    if (node.type === 'Import' || node.type === 'ImportFrom') count++;
    forEachChild(node, visit);
  };
  for (const { node } of tree.statements) visit(node);
  return count;
}

/** Dotted names that the code reads, and modules it imports. */
function namesIn(tree: ModuleTree): Set<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    const name = dotted(node);
    if (name !== null) names.add(name);
    if (node.type === 'Import' || node.type === 'ImportFrom') for (const m of modulesOf(node)) names.add(m);
    if (node.type === 'ImportFrom') for (const alias of node.names) names.add(`${node.module ?? ''}.${alias.name}`);
    forEachChild(node, visit);
  };
  for (const { node } of tree.statements) visit(node);
  return names;
}

function dotted(node: Node): string | null {
  if (node.type === 'Name') return node.id;
  if (node.type !== 'Attribute') return null;
  const inner = dotted(node.value);
  return inner === null ? `(…).${node.attr}` : `${inner}.${node.attr}`;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
    if (at + 1 < text.length) starts.push(at + 1);
  return starts;
}
