/** "Show Use of Language Models": what was spent by task, provider and month, who answered, what was thrown away. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type AiSpent, type AiUsage, aiRequests } from '../../../shared/ai.js';
import type { ClientContext } from '../context.js';
import { dollars, mass } from './figures.js';

export async function showUsage({ assistant }: ClientContext, client: LanguageClient): Promise<void> {
  const usage = await client.sendRequest<AiUsage>(aiRequests.usage, {});
  await assistant.panel.show(vscode.l10n.t('Use of language models'), usageMarkdown(usage), null);
}

export function usageMarkdown(usage: AiUsage): string {
  if (usage.questions === 0) return vscode.l10n.t('No question was asked yet.');
  const { questions, tiers } = usage;
  const spent = usage.byProvider.reduce((sum, one) => sum + one.costUsd, 0);
  const share = (part: number): string => `${Math.round((100 * part) / questions)} %`;
  return [
    vscode.l10n.t(
      '{0} questions: {1} answered locally, {2} by small models, {3} by large ones; {4} a question. {5} went into answers that were not shown.',
      questions,
      share(tiers.local),
      share(tiers.small),
      share(tiers.large),
      dollars(spent / questions),
      dollars(usage.discardedUsd),
    ),
    vscode.l10n.t(
      'Accepted {0}, rejected {1}. Models are chosen by policy {2}.',
      usage.accepted,
      usage.rejected,
      usage.policy,
    ),
    table(vscode.l10n.t('Month'), usage.byMonth),
    table(vscode.l10n.t('Provider'), usage.byProvider),
    table(vscode.l10n.t('Task'), usage.byTask),
  ].join('\n\n');
}

function table(of: string, rows: readonly AiSpent[]): string {
  return [
    `| ${of} | ${vscode.l10n.t('Calls')} | $ | CO2e |`,
    '|---|--:|--:|--:|',
    ...rows.map((one) => `| ${one.of} | ${one.calls} | ${dollars(one.costUsd)} | ${mass(one.carbon_g)} |`),
  ].join('\n');
}
