/**
 * Suppression comments, in one place: `# eco: ignore[ECO100] reason` on a line of the
 * finding (or alone on the line above it), `# eco: ignore-file[ECO100,ECO102] reason`
 * anywhere. Without brackets every rule is meant.
 */
import type { Comment } from '../syntax/ast.js';

export interface Suppression {
  readonly start: number;
  readonly end: number;
  /** Upper-case codes; empty: all. */
  readonly codes: readonly string[];
  readonly wholeFile: boolean;
  readonly reason: string;
  /** 0-based lines it speaks for; empty for a whole file. */
  readonly firstLine: number;
  readonly lastLine: number;
}

const pattern = /#\s*eco:\s*ignore(-file)?(?:\[([^\]]*)\])?\s*(.*)$/i;

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
    found.push({
      start: comment.start,
      end: comment.end,
      codes: (match[2] ?? '')
        .split(',')
        .map((code) => code.trim().toUpperCase())
        .filter((code) => code !== ''),
      wholeFile: match[1] !== undefined,
      reason: (match[3] ?? '').trim(),
      firstLine: line,
      lastLine: isAlone ? line + 1 : line,
    });
  }
  return found;
}

export function isSuppressed(
  code: string,
  firstLine: number,
  lastLine: number,
  suppressions: readonly Suppression[],
): boolean {
  return suppressions.some((suppression) => {
    if (suppression.codes.length > 0 && !suppression.codes.includes(code)) return false;
    return suppression.wholeFile || (suppression.firstLine <= lastLine && suppression.lastLine >= firstLine);
  });
}
