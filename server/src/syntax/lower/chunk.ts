/** Lowers one parsed chunk to top-level statements, comments and problems. */
import type { Comment, SyntaxProblem, TopStatement } from '../ast.js';
import type { Members } from '../members.js';
import { Context } from './context.js';
import type { FlatView } from './flatTree.js';
import { Kind } from './kinds.js';
import { lowerRun, statementRuns } from './statements.js';

/** A chunk's results. Offsets are relative to the chunk's first character, except inside statements. */
export interface LoweredChunk {
  /** Statements with their offsets in the chunk; `TopStatement.start` is set by the file that holds them. */
  readonly statements: readonly { readonly offset: number; readonly statement: TopStatement }[];
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
  readonly hasError: boolean;
}

/**
 * Lowers every statement of `flat`; `reuse` may answer with the earlier object of an unchanged statement, if all
 * parsed; methods that `members` knows keep their nodes.
 */
export function lowerChunk(
  flat: FlatView,
  text: string,
  reuse: (statementText: string) => TopStatement | undefined,
  members: Members | null = null,
): LoweredChunk {
  const { hasError } = flat;
  const problems: SyntaxProblem[] = [];
  const context = new Context(flat, text, (start, end, message) => problems.push({ start, end, message }), members);
  const statements: { offset: number; statement: TopStatement }[] = [];
  for (const [first, last] of statementRuns(context, 0)) {
    const start = flat.start[first];
    const end = flat.end[last];
    const statementText = text.slice(start, end);
    let statement = hasError ? undefined : reuse(statementText);
    if (statement === undefined) {
      context.base = start;
      const node = lowerRun(context, first, last);
      statement = { start, length: end - start, node, defines: null, text: statementText };
    }
    statements.push({ offset: start, statement });
  }
  if (hasError) collectProblems(flat, text, problems);
  problems.sort((a, b) => a.start - b.start || a.end - b.end);
  const comments = flat.comments.map(({ start, end }) => {
    // the grammar's comment runs to the line feed: the carriage return is the line's end, not the comment's
    const last = text[end - 1] === '\r' ? end - 1 : end;
    return { start, end: last, text: text.slice(start, last) };
  });
  return { statements, comments, problems, hasError };
}

/** One problem for each outermost ERROR node and each missing token. */
function collectProblems(flat: FlatView, text: string, problems: SyntaxProblem[]): void {
  let covered = -1;
  for (let node = 0; node < flat.count; node++) {
    const start = flat.start[node];
    const end = flat.end[node];
    const missing = flat.missing.get(node);
    if (missing !== undefined) {
      const what = /^[a-z_]+$/.test(missing) ? missing.replaceAll('_', ' ') : `"${missing}"`;
      problems.push({ start, end, message: `Syntax error: ${what} is missing here.` });
    } else if (flat.kind[node] === Kind.Error && node >= covered) {
      covered = flat.next[node];
      problems.push({ start, end, message: `Syntax error near ${quoted(text.slice(start, end))}.` });
    }
  }
}

function quoted(text: string): string {
  const line = text.trim().split(/\r?\n/, 1)[0];
  return line === '' ? 'here' : `"${line.length > 40 ? `${line.slice(0, 40)}…` : line}"`;
}
