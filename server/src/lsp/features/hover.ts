/** Hover: what the layer, call, class or factory under the cursor costs, and what that rests on. */
import * as l10n from '@vscode/l10n';
import { type Hover, MarkupKind } from 'vscode-languageserver/node';
import { clientCommands } from '../../../../shared/protocol.js';
import type { HoverReport, TensorReport, TrainingReport } from '../../analysis/model.js';
import type { ServerContext } from '../context.js';
import { toRange } from '../convert.js';
import { CallCancelled } from '../engineClient.js';
import { count, dollars, energyOfRun, grams, quantity, shape, share as shareOf, withInterval } from '../figures.js';
import { entryName } from '../findingText.js';
import { codeSpan, escapeMarkdown } from '../markdown.js';

export function registerHover(context: ServerContext): void {
  context.connection.onHover(async (params, token): Promise<Hover | null> => {
    const { uri } = params.textDocument;
    const document = context.documents.get(uri);
    if (!document || document.tooLarge) return null;
    const { settings, target, environment, hardwareName } = await context.settings.get(uri);
    if (!settings.enable || !settings.hover) return null;
    try {
      const { line, character } = params.position;
      const args = [document.file, line, character, target] as const;
      const report = await context.engine.call('hover', [...args], {
        priority: 0,
        environment,
        file: document.file,
        token,
      });
      if (!report) return null;
      const place = context.client.commands ? { uri, line, character } : null;
      const markdown = hoverMarkdown(report, hardwareName, place);
      const contents = context.client.markdownHover
        ? { kind: MarkupKind.Markdown, value: markdown }
        : { kind: MarkupKind.PlainText, value: plainText(markdown) };
      return { contents, range: toRange(report.range) };
    } catch (error) {
      if (!(error instanceof CallCancelled)) context.log(`hover: ${(error as Error).message}`);
      return null;
    }
  });
}

/** The hover as Markdown; everything that comes from the file is escaped. */
export function hoverMarkdown(
  report: HoverReport,
  hardware: string,
  place: { readonly uri: string; readonly line: number; readonly character: number } | null = null,
): string {
  const rows: [string, string][] = [];
  if (report.inputs.length > 0 || report.outputs.length > 0) {
    rows.push([l10n.t('Shape'), `${tensors(report.inputs)} → ${tensors(report.outputs)}`]);
  }
  if (report.params !== null && report.params > 0) rows.push([l10n.t('Parameters'), count(report.params)]);
  const work = [
    report.flops === null ? l10n.t('FLOPs unknown') : quantity(report.flops, 'FLOP', 3),
    report.bytes === null ? l10n.t('bytes unknown') : l10n.t('{0} moved', quantity(report.bytes, 'B', 3)),
    report.intensity === null ? '' : `${Number(report.intensity.toPrecision(2))} FLOP/B`,
  ];
  rows.push([l10n.t('Work'), work.filter((part) => part !== '').join(' · ')]);
  if (report.bound) rows.push([l10n.t('Limited by'), boundText(report.bound)]);
  if (report.calls > 1)
    rows.push([l10n.t('Runs'), l10n.t('{0} times per call of {1}', report.calls, codeSpan(entryName(report.entry)))]);
  rows.push([l10n.t('Time'), report.time_s ? withInterval(report.time_s, 's') : l10n.t('unknown')]);
  const share =
    report.energyShare === null || report.kind === 'model'
      ? ''
      : ` · ${l10n.t('{0} of {1}', shareOf(report.energyShare), codeSpan(entryName(report.entry)))}`;
  rows.push([l10n.t('Energy'), report.energy_J ? `${withInterval(report.energy_J, 'J')}${share}` : l10n.t('unknown')]);
  if (report.memory) rows.push([l10n.t('Peak memory'), memoryText(report.memory, hardware)]);
  if (report.training) rows.push(...trainingRows(report.training));
  const million = [
    report.usdPerMillion ? dollars(report.usdPerMillion.value) : '',
    report.gCO2ePerMillion ? grams(report.gCO2ePerMillion.value) : '',
  ].filter((part) => part !== '');
  if (million.length > 0) rows.push([l10n.t('A million calls'), million.join(' · ')]);

  const lines = [
    `${heading(report.title)} · ${escapeMarkdown(hardware)}`,
    '',
    '| | |',
    '|:--|:--|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
  ];
  const list = (title: string, items: readonly string[]) => {
    if (items.length > 0) lines.push('', `${title}  `, ...items.map((item) => `- ${escapeMarkdown(item)}`));
  };
  list(l10n.t('Not understood:'), report.unknown);
  list(l10n.t('Assumed:'), report.assumptions);
  if (report.basis !== '') lines.push('', `_${escapeMarkdown(report.basis)}_`);
  if (place !== null) lines.push('', explainLinks(report, place));
  return lines.join('\n');
}

/** `27 GB (27–28) · fits on H100 SXM5 80GB`. */
function memoryText(memory: NonNullable<HoverReport['memory']>, hardware: string): string {
  const { peak, fits, fitsOn } = memory;
  const on = escapeMarkdown(hardware);
  const others = fitsOn.length > 0 ? ` (${fitsOn.join(', ')})` : '';
  const said =
    fits === 'fits'
      ? l10n.t('fits on {0}', on)
      : fits === 'tight'
        ? l10n.t('may not fit on {0}', `${on}${others}`)
        : l10n.t('does not fit on {0}', `${on}${others}`);
  return `${withInterval(peak, 'B')} · ${said}`;
}

/** Links that the client trusts for this one command. */
function explainLinks(
  report: HoverReport,
  { uri, line, character }: { readonly uri: string; readonly line: number; readonly character: number },
): string {
  const link = (name: string, figure: string): string => {
    const args = encodeURIComponent(JSON.stringify([uri, line, character, figure]));
    return `[${name}](command:${clientCommands.explain}?${args})`;
  };
  const links = [link(l10n.t('Energy'), 'energy'), link(l10n.t('Time'), 'time'), link(l10n.t('Carbon'), 'gCO2e')];
  if (report.memory) links.push(link(l10n.t('Peak memory'), 'memory'));
  return `${l10n.t('Where it comes from:')} ${links.join(' · ')}`;
}

/** What a training step keeps beside the weights, and what the whole run takes. */
function trainingRows(training: TrainingReport): [string, string][] {
  const rows: [string, string][] = training.optimizers.map((o) => [
    l10n.t('Optimiser'),
    l10n.t('{0}: {1} parameters, {2} of state', codeSpan(o.name), count(o.params), quantity(o.state_bytes, 'B')),
  ]);
  const { steps, stepsPerEpoch, epochs, iterationsPerStep, run } = training;
  if (iterationsPerStep > 1) rows.push([l10n.t('One step'), l10n.t('{0} batches', iterationsPerStep)]);
  if (steps !== null && run.energy_J && run.time_s) {
    const many = epochs === null ? `${stepsPerEpoch}` : `${epochs} × ${stepsPerEpoch} = ${steps}`;
    const whole = `${energyOfRun(run.energy_J.value)} · ${quantity(run.time_s.value, 's')}`;
    rows.push([l10n.t('All steps'), l10n.t('{0} steps: {1}', many, whole)]);
  }
  return rows;
}

/** `Conv2d  layer1.0.conv1` → **Conv2d** `layer1.0.conv1` */
function heading(title: string): string {
  const [kind, ...rest] = title.split(/ {2,}/);
  const name = rest.join(' ').trim();
  return name === '' ? `**${escapeMarkdown(kind)}**` : `**${escapeMarkdown(kind)}** ${codeSpan(name)}`;
}

function boundText(bound: NonNullable<HoverReport['bound']>): string {
  if (bound === 'compute') return l10n.t('compute');
  return bound === 'memory' ? l10n.t('memory bandwidth') : l10n.t('launch overhead');
}

/** More tensors than a line holds are counted. */
function tensors(list: readonly TensorReport[]): string {
  if (list.length === 0) return '()';
  const shown = list
    .slice(0, 4)
    .map((one) => codeSpan(`${one.name ? `${one.name}: ` : ''}${shape(one.shape)} ${one.dtype}`));
  return list.length > 4 ? `${shown.join(', ')} +${list.length - 4}` : shown.join(', ');
}

/** For clients that show text only: the table as lines, the escapes taken off. */
function plainText(markdown: string): string {
  return markdown
    .split('\n')
    .filter((line) => line !== '| | |' && line !== '|:--|:--|')
    .map((line) =>
      line
        .replace(/^\| (.*?) \| (.*) \|$/, '$1: $2')
        .replace(/\\([\\`*_{}[\]()#+\-.!|~$])/g, '$1')
        .replace(/[`*]/g, ''),
    )
    .join('\n');
}
