/** An estimate for people: a table of figures and a tree of modules. */
import type { EstimateReport, ModuleReport } from '../analysis/model.js';
import {
  count,
  dollars,
  energyOfRun,
  grams,
  grouped,
  percent,
  quantity,
  shape,
  withInterval,
} from '../audit/figures.js';
import { makeTarget } from '../energy/price.js';
import { findAccelerator } from '../hardware/accelerators.js';
import { findRegion } from '../hardware/carbon.js';
import { type Style, table, wrap } from './terminal.js';

export interface TextOptions {
  readonly style: Style;
  readonly width: number;
  /** Levels of the module tree. */
  readonly depth: number;
  /** The region asked for; null: the default. */
  readonly region: string | null;
}

export function estimateText(report: EstimateReport, options: TextOptions): string {
  const { style } = options;
  const lines = [`${style.bold(report.entry)}  ${style.dim(`${report.file}:${report.line}`)}`];
  const found = findAccelerator(report.hardware);
  const hardware = found.ok ? found.value.name : report.hardware;
  lines.push(style.dim(`  ${report.training === null ? report.phase : report.kind} on ${hardware}, ${report.dtype}`));
  for (const input of report.inputs)
    lines.push(style.dim(`  ${input.name}: ${shape(input.shape)} ${input.dtype} (${input.source})`));
  lines.push('');
  const per = report.phase === 'training' ? 'step' : 'call';
  const rows: string[][] = [
    [`Energy per ${per}`, style.bold(withInterval(report.energy_J, 'J'))],
    [`Time per ${per}`, withInterval(report.time_s, 's')],
    ['Power', withInterval(report.power_W, 'W')],
    ['Peak memory', memoryText(report)],
    ['FLOPs', flopsText(report)],
    ['Memory traffic', trafficText(report)],
    ['Parameters', report.params === null ? '–' : `${count(report.params.total)} (${grouped(report.params.total)})`],
    [`Per million ${per}s`, costText(report)],
    ...trainingRows(report),
  ];
  for (const line of table(rows)) lines.push(`  ${line}`);
  const step = stepsText(report, options.region);
  if (step !== null) lines.push(...wrap(step, options.width, '    ').map(style.dim));
  lines.push('', ...treeLines(report, options), ...notes(report, options), '');
  return `${lines.join('\n')}\n`;
}

/** What only a training step found in the code has. */
function trainingRows({ training }: EstimateReport): string[][] {
  if (training === null) return [];
  const { stepsPerEpoch, epochs, steps, iterationsPerStep, run, optimizers, optimizerBytes } = training;
  const rows = optimizers.map((o) => [
    'Optimiser',
    `${o.name}: ${count(o.params)} parameters, ${quantity(o.state_bytes, 'B')} of state`,
  ]);
  if (optimizers.length > 0) rows.push(['Optimiser traffic', quantity(optimizerBytes, 'B', 3)]);
  if (iterationsPerStep > 1) rows.push(['Batches per step', String(iterationsPerStep)]);
  if (steps !== null && run.energy_J !== null && run.time_s !== null) {
    const many = epochs === null ? grouped(steps) : `${grouped(epochs)} epochs × ${grouped(stepsPerEpoch ?? 0)} steps`;
    rows.push([
      epochs === null ? 'All steps' : 'Whole run',
      `${many}: ${energyOfRun(run.energy_J.value)}, ${quantity(run.time_s.value, 's')}`,
    ]);
  }
  return rows;
}

/** The models without a number, one line each with what is missing. */
export function missingText(reports: readonly EstimateReport[], options: TextOptions): string {
  if (reports.length === 0) return '';
  const { style } = options;
  const lines = reports.flatMap((report) => {
    const [first, ...rest] = wrap(`${report.entry}, line ${report.line}: ${report.missing}`, options.width, '  ');
    return [first ?? '', ...rest.map((line) => `  ${line}`)];
  });
  return `${[style.yellow('No estimate'), ...lines.map(style.dim)].join('\n')}\n`;
}

/** `27 GB (27–28): fits on H100 SXM5 80GB`, or where it would. */
function memoryText({ peakMemory_bytes, memory, hardware }: EstimateReport): string {
  const peak = withInterval(peakMemory_bytes, 'B');
  if (memory === null) return peak;
  const { fits, memory_bytes, fitsOn } = memory;
  const on = `${hardware} (${quantity(memory_bytes, 'B')})`;
  if (fits === 'fits') return `${peak}, fits on ${on}`;
  const others = fitsOn.length === 0 ? 'fits on no single accelerator of the table' : `fits on ${fitsOn.join(', ')}`;
  return `${peak}, ${fits === 'tight' ? `may not fit on ${on}` : `does not fit on ${on}`}; ${others}`;
}

function flopsText(report: EstimateReport): string {
  const forward = quantity(report.flops.forward, 'FLOP', 3);
  return report.flops.backward === null
    ? `${forward} forward`
    : `${forward} forward, ${quantity(report.flops.backward, 'FLOP', 3)} backward`;
}

function trafficText(report: EstimateReport): string {
  const forward = quantity(report.bytes.forward, 'B', 3);
  return report.bytes.backward === null
    ? forward
    : `${forward} forward, ${quantity(report.bytes.backward, 'B', 3)} backward`;
}

function costText(report: EstimateReport): string {
  const { usd, gCO2e } = report.per_million;
  return `${dollars(usd?.value)}, ${grams(gCO2e?.value)} CO2e`;
}

/** Host factor, PUE, price and grid as named steps: they are no part of the joules above. */
function stepsText(report: EstimateReport, regionName: string | null): string | null {
  const found = findAccelerator(report.hardware);
  if (!found.ok || report.energy_J === null) return null;
  const region = regionName === null ? null : findRegion(regionName);
  const target = makeTarget({
    accelerator: found.value,
    phase: report.phase,
    ...(region?.ok === true ? { region: region.value } : {}),
  });
  const price =
    target.price === null
      ? 'no listed price'
      : `$ = hours × ${dollars(target.price.value)} per accelerator-hour (${target.price.basis})`;
  return `${price}; CO2e = board energy × ${(1 + target.hostFactor).toFixed(2)} for the host × ${target.pue.value.toFixed(2)} PUE × ${Math.round(target.region.gCO2ePerKWh)} g/kWh (${target.region.name})`;
}

interface TreeNode {
  readonly name: string;
  readonly report: ModuleReport | null;
  readonly children: TreeNode[];
  /** Siblings that this row stands for. */
  count: number;
  lastName: string;
}

function treeLines(report: EstimateReport, options: TextOptions): string[] {
  const { style } = options;
  const root = treeOf(report.modules);
  const rows: string[][] = [];
  const total = report.energy_J?.value ?? null;
  const visit = (node: TreeNode, prefix: string, isLast: boolean, level: number, outer: number): void => {
    const copies = outer * node.count;
    const branch = level === 0 ? '' : `${prefix}${isLast ? '└─ ' : '├─ '}`;
    const module = node.report;
    const name = node.count > 1 ? `${node.name}–${node.lastName}` : node.name;
    const type = module === null ? '' : `${module.type}${node.count > 1 ? ` ×${node.count}` : ''}`;
    const times = (value: number | null | undefined): number | null =>
      value === null || value === undefined ? null : value * copies;
    const energy = times(module?.energy_J);
    const share = total === null || energy === null || total === 0 ? '' : percent((energy / total) * 100);
    rows.push([
      `${style.dim(branch)}${name}${type === '' ? '' : `  ${style.blue(type)}`}`,
      module === null ? '' : count(times(module.params)),
      module === null ? '' : quantity(times(module.flops), 'FLOP', 3),
      module === null ? '' : quantity(times(module.time_s), 's'),
      module === null ? '' : quantity(energy, 'J'),
      share,
      module?.bound ?? '',
    ]);
    if (level >= options.depth) return;
    const children = collapsed(node.children);
    const inner = level === 0 ? '' : `${prefix}${isLast ? '   ' : '│  '}`;
    children.forEach((child, at) => {
      visit(child, inner, at === children.length - 1, level + 1, copies);
    });
  };
  if (root.children.length === 0) return [];
  const top = collapsed(root.children);
  rows.push(['Module', 'params', 'FLOPs', 'time', 'energy', 'share', 'bound'].map(style.dim));
  top.forEach((child, at) => {
    visit(child, '', at === top.length - 1, 1, 1);
  });
  return table(rows, ['left', 'right', 'right', 'right', 'right', 'right', 'left']).map((line) => `  ${line}`);
}

function treeOf(modules: readonly ModuleReport[]): TreeNode {
  const root: TreeNode = { name: '', report: null, children: [], count: 1, lastName: '' };
  const nodes = new Map<string, TreeNode>([['', root]]);
  const nodeAt = (path: string): TreeNode => {
    const known = nodes.get(path);
    if (known !== undefined) return known;
    const cut = path.lastIndexOf('.');
    const parent = nodeAt(cut < 0 ? '' : path.slice(0, cut));
    const name = path.slice(cut + 1);
    const node: TreeNode = { name, report: null, children: [], count: 1, lastName: name };
    nodes.set(path, node);
    parent.children.push(node);
    return node;
  };
  for (const module of modules) {
    if (module.path === '') continue;
    Object.assign(nodeAt(module.path), { report: module });
  }
  return root;
}

/** Runs of equal numbered siblings (`0` … `31`) as one row. A container that is never called itself is passed through. */
function collapsed(children: readonly TreeNode[]): TreeNode[] {
  const flat = children.flatMap((child) =>
    child.report === null && child.children.length > 0
      ? child.children.map((inner) => ({ ...inner, name: `${child.name}.${inner.name}` }))
      : [child],
  );
  const result: TreeNode[] = [];
  for (const child of flat) {
    const last = result.at(-1);
    if (last !== undefined && isSame(last, child)) {
      last.count += 1;
      last.lastName = child.name.split('.').at(-1) ?? child.name;
    } else result.push({ ...child, count: 1, lastName: child.name });
  }
  return result;
}

function isSame(a: TreeNode, b: TreeNode): boolean {
  const isNumbered = /(^|\.)\d+$/.test(a.name) && /(^|\.)\d+$/.test(b.name);
  return (
    isNumbered &&
    a.report !== null &&
    b.report !== null &&
    a.report.type === b.report.type &&
    a.report.flops === b.report.flops &&
    a.report.params === b.report.params &&
    a.report.bytes === b.report.bytes
  );
}

function notes(report: EstimateReport, options: TextOptions): string[] {
  const { style } = options;
  const lines: string[] = [];
  const { coverage } = report;
  if (coverage.unknown.length > 0) {
    lines.push('', `  ${style.yellow('Not understood')} (${coverage.unknownOps} of ${coverage.ops} operator calls)`);
    for (const gap of coverage.unknown.slice(0, 8))
      lines.push(...wrap(`${gap.what}, line ${gap.line}: ${gap.why}`, options.width, '    '));
    if (coverage.unknown.length > 8) lines.push(`    and ${coverage.unknown.length - 8} more`);
  }
  if (report.assumptions.length > 0) {
    lines.push('', `  ${style.dim('Assumptions')}`);
    for (const assumption of report.assumptions)
      lines.push(...wrap(`${assumption.text} (${assumption.source})`, options.width, '    ').map(style.dim));
  }
  return lines;
}
