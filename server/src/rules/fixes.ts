/** Applying fixes: one set of edits, and fix-all to a fixpoint. */
import type { FixSafety, OffsetEdit, RuleFinding } from './types.js';

/** Applies edits that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly OffsetEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let at = 0;
  for (const edit of ordered) {
    if (edit.start < at) throw new RangeError(`Edits overlap at offset ${edit.start}.`);
    result += text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** True when two edits cannot be applied together: shared characters, or two insertions at one place. */
function overlap(a: OffsetEdit, b: OffsetEdit): boolean {
  if (a.start === b.start && a.end === b.end) return a.newText !== b.newText || a.start !== a.end;
  return a.start < b.end && b.start < a.end;
}

/** The findings whose fixes go together in one pass, first come first served in source order. Equal insertions (one import) are made once. */
export function selectFixes(
  findings: readonly RuleFinding[],
  safeties: readonly FixSafety[],
): { edits: OffsetEdit[]; applied: RuleFinding[] } {
  const edits: OffsetEdit[] = [];
  const applied: RuleFinding[] = [];
  for (const finding of [...findings].sort((a, b) => a.start - b.start || a.code.localeCompare(b.code))) {
    const { fix } = finding;
    if (fix === null || !safeties.includes(fix.safety)) continue;
    if (fix.edits.some((edit) => edits.some((other) => overlap(edit, other)))) continue;
    applied.push(finding);
    for (const edit of fix.edits) {
      const isKnown = edits.some(
        (other) => other.start === edit.start && other.end === edit.end && other.newText === edit.newText,
      );
      if (!isKnown) edits.push(edit);
    }
  }
  return { edits, applied };
}

export interface FixAllResult {
  readonly text: string;
  /** Fixes applied, over all passes. */
  readonly applied: number;
  readonly rules: readonly string[];
  /** False when the passes ran out before nothing was left to fix. */
  readonly settled: boolean;
}

/** Applies fixes until none is left: a fix can make room for another (ECO100 for ECO102). */
export function fixAll(
  text: string,
  analyse: (text: string) => readonly RuleFinding[],
  safeties: readonly FixSafety[] = ['safe'],
  maximumPasses = 12,
): FixAllResult {
  let current = text;
  let applied = 0;
  const rules: string[] = [];
  const seen = new Set([text]);
  for (let pass = 0; pass < maximumPasses; pass++) {
    const selected = selectFixes(analyse(current), safeties);
    if (selected.applied.length === 0) return { text: current, applied, rules, settled: true };
    const next = applyEdits(current, selected.edits);
    // Two rules that undo each other would go round for ever
    if (seen.has(next)) return { text: current, applied, rules, settled: false };
    seen.add(next);
    current = next;
    applied += selected.applied.length;
    rules.push(...selected.applied.map((finding) => finding.code));
  }
  return { text: current, applied, rules, settled: false };
}
