/**
 * Suppression comments, in one place: `# eco: ignore[ECO100] reason` on a line of the
 * finding (or alone on the line above it), `# eco: ignore-file[ECO100,ECO102] reason`
 * anywhere. Without brackets every rule is meant. Each remembers what it silenced, so that
 * one that silences nothing can be told (ECO900).
 */
import type { Comment } from '../syntax/ast.js';
import { selected } from './selectors.js';

/** The rule about suppressions themselves: silenced only by its own name. */
export const suppressionRule = 'ECO900';

export interface NamedCode {
  /** As written. */
  readonly name: string;
  /** What it stands for; empty when there is no such rule. */
  readonly codes: readonly string[];
  /** Offsets of the name. */
  readonly start: number;
  readonly end: number;
}

export interface Suppression {
  /** Offsets of the suppression: of the comment, or of the part of it from `# eco:` up to the next `#`. */
  readonly start: number;
  readonly end: number;
  /** Rules it names; empty: all. */
  readonly names: readonly NamedCode[];
  readonly wholeFile: boolean;
  readonly reason: string;
  /** 0-based lines it speaks for. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Codes of the findings it silenced. */
  readonly used: Set<string>;
}

const pattern = /#\s*eco:\s*ignore(-file)?(?:\[([^\]]*)\])?([^#]*)/i;

export function readSuppressions(comments: readonly Comment[], text: string): Suppression[] {
  const found: Suppression[] = [];
  let line = 0;
  let counted = 0;
  for (const comment of comments) {
    const match = pattern.exec(comment.text);
    if (match === null) continue;
    for (; counted < comment.start; counted++) if (text.charCodeAt(counted) === 10) line++;
    const before = text.slice(text.lastIndexOf('\n', comment.start - 1) + 1, comment.start);
    const isAlone = before.trim() === '';
    const start = comment.start + match.index;
    const list = match[2];
    found.push({
      start,
      end: start + match[0].trimEnd().length,
      names: list === undefined ? [] : namesIn(list, start + match[0].indexOf('[') + 1),
      wholeFile: match[1] !== undefined,
      reason: (match[3] ?? '').trim(),
      firstLine: line,
      lastLine: isAlone ? line + 1 : line,
      used: new Set(),
    });
  }
  return found;
}

function namesIn(list: string, start: number): NamedCode[] {
  return [...list.matchAll(/[^\s,][^,]*/g)].map((match) => {
    const name = match[0].trimEnd();
    const at = start + match.index;
    return { name, codes: selected(name)?.codes ?? [], start: at, end: at + name.length };
  });
}

/** True when a comment silences the finding; the comment remembers. */
export function isSuppressed(
  code: string,
  firstLine: number,
  lastLine: number,
  suppressions: readonly Suppression[],
): boolean {
  let isSilent = false;
  for (const suppression of suppressions) {
    const isMeant =
      suppression.names.length === 0
        ? code !== suppressionRule
        : suppression.names.some((one) => one.codes.includes(code));
    if (!isMeant) continue;
    if (!suppression.wholeFile && (suppression.firstLine > lastLine || suppression.lastLine < firstLine)) continue;
    suppression.used.add(code);
    isSilent = true;
  }
  return isSilent;
}

/** Rules that must run to tell whether suppressions are used; null: all. */
export function rulesNamed(suppressions: readonly Suppression[]): ReadonlySet<string> | null {
  if (suppressions.some((one) => one.names.length === 0)) return null;
  return new Set(suppressions.flatMap((one) => one.names.flatMap((name) => name.codes)));
}
