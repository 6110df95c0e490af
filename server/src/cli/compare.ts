/** `ecocompute estimate FILE.py --hardware a,b,c [--dtype bf16,fp32] [--batch 1,8]`: one model over several targets. */
import type { Target } from '../analysis/engine.js';
import type { Comparison, ComparisonRow } from '../analysis/model.js';
import {
  byEnergy,
  comparisonCells,
  comparisonHead,
  comparisonLabel,
  comparisonMarkdown,
  comparisonPage,
  energyPerSample,
  paretoNote,
} from '../audit/comparison.js';
import { quantity } from '../audit/figures.js';
import { allAccelerators } from '../hardware/accelerators.js';
import { type Flags, targetOf, textFlag } from './flags.js';
import { type Io, UsageError } from './io.js';
import { makeStyle, table, wrap } from './terminal.js';

export interface Axes {
  readonly hardware: readonly string[];
  readonly dtypes: readonly (string | null)[];
  readonly batches: readonly (number | null)[];
  /** What all points share. */
  readonly target: Target;
}

/** The axes where a flag names more than one value; null for a single target. @throws UsageError */
export function axesOf(flags: Flags): Axes | null {
  const parts = (name: string): string[] | null => {
    const text = textFlag(flags, name);
    if (text === null || !text.includes(',')) return text === 'all' && name === 'hardware' ? ['all'] : null;
    const values = text.split(',').map((one) => one.trim());
    if (values.includes('')) throw new UsageError(`--${name} ${text}: a value between two commas is missing.`);
    return [...new Set(values)];
  };
  const hardware = parts('hardware');
  const dtypes = parts('dtype');
  const batches = parts('batch');
  if (hardware === null && dtypes === null && batches === null) return null;
  const one = (name: string, value: string | null): Target =>
    targetOf({
      ...flags,
      hardware: undefined,
      dtype: undefined,
      batch: undefined,
      ...(value === null ? {} : { [name]: value }),
    });
  const list = (name: string, values: string[] | null): (string | null)[] => values ?? [textFlag(flags, name)];
  const names = hardware?.[0] === 'all' ? allAccelerators().map(({ id }) => id) : list('hardware', hardware);
  return {
    hardware: [...new Set(names.map((value) => one('hardware', value).hardware))],
    dtypes: list('dtype', dtypes).map((value) => one('dtype', value).dtype),
    batches: list('batch', batches).map((value) => one('batch', value).batch),
    target: one('hardware', null),
  };
}

export function renderComparisons(
  comparisons: readonly Comparison[],
  format: 'text' | 'markdown' | 'html',
  io: Io,
): string {
  if (format === 'markdown') return comparisons.map(comparisonMarkdown).join('\n');
  if (format === 'html') return comparisonPage(comparisons);
  return comparisons.map((one) => comparisonText(one, io)).join('\n');
}

function comparisonText(comparison: Comparison, io: Io): string {
  const style = makeStyle(io.colour);
  const lines = [`${style.bold(comparison.entry)}  ${style.dim(`${comparison.file}:${comparison.line}`)}`];
  if (comparison.missing !== null) return `${[...lines, `  ${comparison.missing}`].join('\n')}\n`;
  // a column that says the same in every row says it once too often
  const isSaid = (at: number): boolean =>
    (at !== 1 && at !== 2) || new Set(comparison.rows.map((row) => comparisonCells(row)[at])).size > 1;
  const pick = (cells: readonly string[]): string[] => cells.filter((_, at) => isSaid(at));
  const rows = comparison.rows.map((row) =>
    pick(comparisonCells(row)).map((cell) => (row.pareto ? style.bold(cell) : cell)),
  );
  lines.push('', ...table([pick(comparisonHead).map(style.dim), ...rows], ['left']).map((line) => `  ${line}`));
  lines.push(
    '',
    `  ${style.dim('Energy per sample, least first')}`,
    ...bars(comparison.rows, io.width).map((line) => `  ${line}`),
  );
  lines.push('', ...wrap(paretoNote(comparison.rows), io.width, '  ').map(style.dim));
  return `${lines.join('\n')}\n`;
}

/** Bars of block characters, with the interval's reach in a lighter shade. */
function bars(rows: readonly ComparisonRow[], width: number): string[] {
  const known = byEnergy(rows).filter((row) => row.energy_J !== null);
  if (known.length === 0) return ['energy is not known on any of them'];
  const labels = known.map(comparisonLabel);
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const room = Math.max(10, Math.min(50, width - labelWidth - 16));
  const most = Math.max(...known.map((row) => energyPerSample(row)!.high));
  return known.map((row, at) => {
    const { value, high } = energyPerSample(row)!;
    const solid = Math.max(1, Math.round((value / most) * room));
    const reach = Math.max(solid, Math.round((high / most) * room));
    const mark = row.pareto ? '★' : ' ';
    return `${labels[at]!.padEnd(labelWidth)} ${mark} ${'█'.repeat(solid)}${'░'.repeat(reach - solid)} ${quantity(value, 'J')}`;
  });
}
