/** docs/performance.md from what the benchmarks handed over. */
import { cpus, platform, release, totalmem } from 'node:os';

const quantile = (samples, q) => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))];
};
const ms = (x) => (x >= 100 ? Math.round(x).toLocaleString('en') : x >= 10 ? x.toFixed(1) : x.toFixed(2));

/** A figure and, where one is wanted, whether it is met. */
function figure(value, wanted) {
  if (wanted === undefined) return ms(value);
  return value <= wanted ? `${ms(value)} (≤ ${wanted})` : `**${ms(value)}** (wanted ≤ ${wanted})`;
}

function table(section) {
  const lines = ['| | median ms | p95 ms | runs | |', '|---|---:|---:|---:|---|'];
  for (const row of section.rows) {
    const note = row.note ?? '';
    if (row.skipped !== undefined) lines.push(`| ${row.what} | | | | skipped: ${row.skipped.replaceAll('|', '\\|')} |`);
    else if (row.value !== undefined) lines.push(`| ${row.what} | | | 1 | ${row.value}; ${note} |`);
    else
      lines.push(
        `| ${row.what} | ${figure(quantile(row.samples, 0.5), row.wanted?.median)} | ${figure(quantile(row.samples, 0.95), row.wanted?.p95)} | ${row.samples.length} | ${note.replaceAll('|', '\\|')} |`,
      );
  }
  return lines.join('\n');
}

/** Median of the row named so; undefined when it was skipped. */
function median(sections, title, what) {
  const row = sections.find((s) => s.title.startsWith(title))?.rows.find((r) => r.what === what);
  return row === undefined || row.samples.length === 0 ? undefined : quantile(row.samples, 0.5);
}

function comparison(sections) {
  const cold = median(sections, 'One estimate', 'PyTorch, cold process: resnet50');
  const warm = median(sections, 'One estimate', 'PyTorch, warm process: resnet50');
  const dropped = median(sections, 'A whole model', 'resnet50: its file’s caches dropped');
  const process = median(sections, 'One estimate', 'ecocompute estimate: resnet50');
  const lines = [];
  const times = (a, b) => `${(a / b).toFixed(1)}×`;
  if (warm && dropped)
    lines.push(
      `- resnet50 with its file’s caches dropped is ${times(warm, dropped)} as fast as a warm PyTorch process counting it (wanted: ≥ 5×).`,
    );
  if (cold && dropped)
    lines.push(
      `- It is ${times(cold, dropped)} as fast as a cold \`python\` (wanted: ≥ 100×); our whole process is ${process ? times(cold, process) : 'not measured'}.`,
    );
  return lines.join('\n');
}

/** @param {{sections: object[], tools: string[], command: string, load: number}} run */
export function performanceDocument(run) {
  const cpu = cpus();
  const parts = [
    '# Performance',
    `Written by \`${run.command}\` on ${new Date().toISOString().slice(0, 10)}; nothing here is typed by hand. One run, one machine, everything after the other: ${cpu.length} × ${cpu[0]?.model.trim() || 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${platform()} ${release().split('-')[0]}; ${run.tools.join(', ')}. Load average when it started: ${run.load.toFixed(1)} on ${cpu.length} cores${run.load > cpu.length / 2 ? ', so other programs took part of the machine and absolute times are too high' : ''}.`,
    'Bold figures miss what the project wants. A peer that is not installed is “skipped” with its reason.',
    comparison(run.sections),
  ];
  for (const section of run.sections) parts.push(`## ${section.title}`, section.text, table(section));
  return `${parts.filter((p) => p !== '').join('\n\n')}\n`;
}
