/** Asks an engine everything about one text and says what is wrong with how it answers, not with what it answers. */
import { defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { Engine } from '../../server/src/analysis/engine.js';
import type { Range } from '../../server/src/analysis/model.js';
import { apply, type Edit, random } from './mutate.js';

/** Lines as the engine counts them. */
function rangeIsInside(range: Range, text: string): boolean {
  const lines = text.split('\n');
  const inside = ({ line, column }: { line: number; column: number }) =>
    line >= 0 && line < lines.length && column >= 0 && column <= lines[line].length;
  const { start, end } = range;
  return (
    inside(start) && inside(end) && (start.line < end.line || (start.line === end.line && start.column <= end.column))
  );
}

/** A figure is a finite number or null; anything else would show as nonsense. */
function badNumbers(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => badNumbers(inner, `${path}.${key}`));
}

/**
 * Opens `text`, applies `edits` as typing would, and calls every question of the engine.
 * @returns complaints, empty when all went well.
 */
export function probe(engine: Engine, file: string, text: string, edits: readonly Edit[], seed: number): string[] {
  const complaints: string[] = [];
  let current = text;
  const ask = <T>(name: string, question: () => T): T | undefined => {
    try {
      return question();
    } catch (error) {
      complaints.push(
        `${name} threw ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error)}`,
      );
      return undefined;
    }
  };
  ask('open', () => engine.open(file, text, 1));
  for (const [i, edit] of edits.entries()) {
    ask('change', () => engine.change(file, [edit], i + 2));
    current = apply(current, edit);
  }
  const version = edits.length + 1;
  const report = ask('withSavings', () => engine.withSavings(file, defaultTarget));
  if (report !== undefined) {
    if (report.version !== version) complaints.push(`the report is of version ${report.version}, not ${version}`);
    for (const problem of report.problems) {
      if (/internal error/i.test(problem.message)) complaints.push(problem.message);
    }
    for (const finding of report.findings) {
      if (!rangeIsInside(finding.range, current))
        complaints.push(`${finding.rule} lies outside the text: ${JSON.stringify(finding.range)}`);
    }
    for (const estimate of report.estimates) {
      if (estimate.file === file && !rangeIsInside(estimate.range, current))
        complaints.push(`${estimate.entry} lies outside the text: ${JSON.stringify(estimate.range)}`);
    }
    complaints.push(...badNumbers(report.estimates.map((e) => [e.params, e.flops, e.bytes])).slice(0, 3));
    if (ask('JSON', () => JSON.stringify(report)) === undefined) complaints.push('the report is no JSON');
  }
  const next = random(seed ^ 0x5f3759df);
  const lines = current.split('\n');
  for (let i = 0; i < 3; i++) {
    const line = Math.floor(next() * lines.length);
    ask('hover', () => engine.hover(file, line, Math.floor(next() * (lines[line].length + 1)), defaultTarget));
  }
  ask('fixAll', () => engine.fixAll(file, defaultTarget, true));
  const entry = report?.estimates[0]?.entry;
  if (entry !== undefined) ask('setInputs', () => engine.setInputs(file, entry, 'x=(1,3,224,224) float32'));
  ask('close', () => engine.close(file));
  return complaints;
}
