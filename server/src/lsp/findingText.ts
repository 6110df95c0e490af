/** A finding's sentences for the editor: what can be saved, then what is wrong. */
import * as l10n from '@vscode/l10n';
import type { FindingReport, SavingReport } from '../analysis/model.js';
import { percent as percentOf } from '../audit/figures.js';
import { quantity } from './figures.js';
import type { Finished } from './reports.js';

/** Rules write in two languages; everything else comes from the bundles. */
export function inLanguage(locale: string, english: string, chinese: string): string {
  return locale.toLowerCase().startsWith('zh') ? chinese : english;
}

export function findingMessage(finding: FindingReport, { settings, report }: Finished, locale: string): string {
  const total = report.estimates.find((estimate) => estimate.entry === finding.saving?.entry)?.energy_J?.value ?? null;
  // The price first: lists cut messages at their end.
  const parts = [
    finding.saving ? savingText(finding.saving, total, settings.hardwareName) : '',
    inLanguage(locale, finding.message, finding.messageZh).trim(),
    finding.atRisk?.energy_J
      ? l10n.t('At risk: {0} on {1}.', quantity(finding.atRisk.energy_J.value, 'J'), settings.hardwareName)
      : '',
    finding.atRisk?.fixCost_J ? l10n.t('Its fix costs {0}.', quantity(finding.atRisk.fixCost_J.value, 'J')) : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** `Saves 12 J of 38 J (31 %) per call of Llama on H100 SXM.` Empty when the trace shows no saving. */
export function savingText(saving: SavingReport, total_J: number | null, hardware: string): string {
  const where = [entryName(saving.entry), hardware] as const;
  if (saving.energy_J && saving.energy_J.value > 0) {
    const energy = quantity(saving.energy_J.value, 'J');
    const share = saving.percent === null ? '' : percentOf(saving.percent);
    const of = total_J === null ? energy : l10n.t('{0} of {1}', energy, quantity(total_J, 'J'));
    const amount = share === '' ? of : `${of} (${share})`;
    if (saving.per === 'step') return l10n.t('Saves {0} per training step of {1} on {2}.', amount, ...where);
    if (saving.per === 'run') return l10n.t('Saves {0} per run of {1} on {2}.', amount, ...where);
    return l10n.t('Saves {0} per call of {1} on {2}.', amount, ...where);
  }
  if (saving.peakMemory_bytes !== null && saving.peakMemory_bytes > 0) {
    return l10n.t('Lowers peak memory of {0} by {1}.', entryName(saving.entry), quantity(saving.peakMemory_bytes, 'B'));
  }
  return '';
}

/** `Llama` for `Llama(cfg=LlamaConfig())`; a factory without arguments keeps its parentheses. */
export function entryName(entry: string): string {
  const open = entry.indexOf('(');
  return open < 0 || entry.endsWith('()') ? entry : entry.slice(0, open);
}
