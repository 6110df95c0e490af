/** Hover: what the layer, call, class or factory under the cursor costs, and what that rests on. */
import * as l10n from '@vscode/l10n';
import { type Hover, MarkupKind } from 'vscode-languageserver/node';
import type { HoverReport, TensorReport } from '../../analysis/model.js';
import type { ServerContext } from '../context.js';
import { toRange } from '../convert.js';
import { CallCancelled } from '../engineClient.js';
import { count, dollars, grams, quantity, shape, share as shareOf, withInterval } from '../figures.js';
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
      const markdown = hoverMarkdown(report, hardwareName);
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
export function hoverMarkdown(report: HoverReport, hardware: string): string {
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
  return lines.join('\n');
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
