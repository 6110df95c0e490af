/** A comparison of accelerators, dtypes and batch sizes: rows of a table, a chart as SVG, Markdown and a page. */
import type { Comparison, ComparisonRow, Interval } from '../analysis/model.js';
import { dollars, grams, quantity, unknown, withInterval } from './figures.js';

export const comparisonHead = [
  'accelerator',
  'dtype',
  'batch',
  'time',
  'energy',
  '$ / million',
  'CO2e / million',
  'peak memory',
  'fits',
  'Pareto',
];

/** The cells of a row, in the order of `comparisonHead`. */
export function comparisonCells(row: ComparisonRow): string[] {
  return [
    row.hardware,
    row.dtype ?? 'as written',
    row.batch === null ? unknown : String(row.batch),
    withInterval(row.time_s, 's'),
    withInterval(row.energy_J, 'J'),
    dollars(row.per_million.usd?.value),
    grams(row.per_million.gCO2e?.value),
    quantity(row.peakMemory_bytes?.value, 'B'),
    row.fits ?? unknown,
    row.pareto ? '★' : '',
  ];
}

/** The figure that rows are drawn by: energy of one sample. */
export function energyPerSample(row: ComparisonRow): Interval | null {
  const n = row.batch ?? 1;
  const e = row.energy_J;
  return e === null ? null : { value: e.value / n, low: e.low / n, high: e.high / n };
}

export function comparisonLabel(row: ComparisonRow): string {
  return [row.hardware, row.dtype, row.batch === null ? null : `batch ${row.batch}`]
    .filter((x) => x !== null)
    .join(' · ');
}

/** Least energy first; unknown last. */
export function byEnergy(rows: readonly ComparisonRow[]): ComparisonRow[] {
  const of = (row: ComparisonRow) => energyPerSample(row)?.value ?? Number.POSITIVE_INFINITY;
  return [...rows].sort((a, b) => of(a) - of(b));
}

export function comparisonMarkdown(comparison: Comparison): string {
  const lines = [`# ${comparison.entry}`, ''];
  if (comparison.missing !== null) return `${[...lines, comparison.missing].join('\n')}\n`;
  lines.push(`| ${comparisonHead.join(' | ')} |`, `| ${comparisonHead.map(() => '---').join(' | ')} |`);
  for (const row of comparison.rows) lines.push(`| ${comparisonCells(row).join(' | ')} |`);
  lines.push('', paretoNote(comparison.rows), '', comparisonSvg(comparison), '');
  return `${lines.join('\n')}\n`;
}

export function paretoNote(rows: readonly ComparisonRow[]): string {
  const per = rows.some((row) => row.batch !== null && row.batch > 1) ? ' per sample' : '';
  return `★ no other row is at least as good in time, energy and price${per}, and better in one. Intervals hold 90 %. ${rows[0]?.basis ?? ''}`;
}

const html = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** Bars of the energy per sample with their intervals; the Pareto set is filled. Colours follow the text around it. */
export function comparisonSvg(comparison: Comparison): string {
  const rows = byEnergy(comparison.rows).filter((row) => row.energy_J !== null);
  if (rows.length === 0) return '';
  const labelWidth = 230;
  const barWidth = 380;
  const step = 22;
  const most = Math.max(...rows.map((row) => energyPerSample(row)!.high));
  const x = (value: number) => labelWidth + (value / most) * barWidth;
  const bars = rows.map((row, at) => {
    const e = energyPerSample(row)!;
    const y = 30 + at * step;
    const fill = row.pareto ? 'currentColor' : 'none';
    return [
      `<text x="${labelWidth - 8}" y="${y + 11}" text-anchor="end">${html(comparisonLabel(row))}</text>`,
      `<rect x="${labelWidth}" y="${y}" width="${(x(e.value) - labelWidth).toFixed(1)}" height="14" fill="${fill}" fill-opacity="0.55" stroke="currentColor"><title>${html(`${comparisonLabel(row)}: ${withInterval(e, 'J')}${row.pareto ? ', in the Pareto set' : ''}`)}</title></rect>`,
      `<path d="M${x(e.low).toFixed(1)} ${y + 7}H${x(e.high).toFixed(1)}" stroke="currentColor" stroke-width="1.5"/>`,
      `<text x="${labelWidth + barWidth + 8}" y="${y + 11}">${html(quantity(e.value, 'J'))}</text>`,
    ].join('');
  });
  const height = 40 + rows.length * step;
  const title = `Energy per sample, ${comparison.entry}: least first, filled bars are the Pareto set`;
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${labelWidth + barWidth + 90} ${height}" width="100%" font-family="sans-serif" font-size="11" fill="currentColor"><title>${html(title)}</title><text x="0" y="16">${html(title)}</text>${bars.join('')}</svg>`;
}

/** A page of its own: table and chart of each entry, no script. */
export function comparisonPage(comparisons: readonly Comparison[]): string {
  return `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>EcoCompute</title><style>${comparisonCss}</style></head><body>\n${comparisons.map(comparisonBody).join('\n')}\n</body></html>\n`;
}

export const comparisonCss =
  'body{font-family:sans-serif;margin:2rem;color:#1b1b1b;background:#fff}table{border-collapse:collapse;margin:1rem 0}th,td{text-align:right;padding:.25rem .7rem;border-bottom:1px solid #8884}th:first-child,td:first-child{text-align:left}tr.pareto td{font-weight:600}svg{max-width:760px}@media (prefers-color-scheme:dark){body{color:#eee;background:#1b1b1b}}';

/** Columns that say something: dtype and batch size only where they were asked for. */
function columnsOf(rows: readonly ComparisonRow[]): (cells: readonly string[]) => string[] {
  const asked = { dtype: rows.some((row) => row.dtype !== null), batch: rows.some((row) => row.batch !== null) };
  return (cells) => cells.filter((_, i) => asked[comparisonHead[i] as keyof typeof asked] !== false);
}

/** Without a page around it: what a panel shows. */
export function comparisonBody(comparison: Comparison): string {
  const shown = columnsOf(comparison.rows);
  const head = shown(comparisonHead)
    .map((one) => `<th scope="col">${html(one)}</th>`)
    .join('');
  const rows = comparison.rows.map(
    (row) =>
      `<tr${row.pareto ? ' class="pareto"' : ''}>${shown(comparisonCells(row))
        .map((one) => `<td>${html(one)}</td>`)
        .join('')}</tr>`,
  );
  if (comparison.missing !== null) return `<h1>${html(comparison.entry)}</h1><p>${html(comparison.missing)}</p>`;
  return `<h1>${html(comparison.entry)}</h1>\n<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>\n<p>${html(paretoNote(comparison.rows))}</p>\n${comparisonSvg(comparison)}`;
}
