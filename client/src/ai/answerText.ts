/** An answer as Markdown for the panel and the chat: who answered, what was checked, what it rests on, what it cost. */
import * as vscode from 'vscode';
import type { AiProposal, AskResult } from '../../../shared/ai.js';
import { figuresOfCall, joules, savingOf } from './figures.js';

export function answerMarkdown(result: AskResult): string {
  return [result.text, operatorText(result), ...result.proposals.map(proposalText), footnotes(result)]
    .filter(Boolean)
    .join('\n\n');
}

/** `checked — saves 35 % (1.2 mJ per call)`. */
export function verdictOf(proposal: AiProposal): string {
  const status = proposal.status === 'verified' ? vscode.l10n.t('verified') : vscode.l10n.t('checked');
  const saving = savingOf(proposal.energy);
  if (saving === null) return status;
  return vscode.l10n.t('{0} — saves {1} % ({2} per call)', status, Math.round(saving.percent), joules(saving.joules));
}

/** What the call cost beside what its fix saves in a year. */
export function costText(result: AskResult, proposal?: AiProposal): string {
  const call = vscode.l10n.t('This call: {0}.', figuresOfCall(result.costUsd, result.carbon_g));
  const yearlySaving = proposal?.yearlySaving ?? result.yearlySaving;
  if (yearlySaving === null) {
    if (proposal === undefined) return call;
    return `${call} ${vscode.l10n.t('Set ecocompute.ai.callsPerMonth to see what the fix saves in a year.')}`;
  }
  const year = figuresOfCall(yearlySaving.usd, yearlySaving.gCO2e);
  return `${call} ${vscode.l10n.t('Its fix saves in a year: {0}.', year)}`;
}

function proposalText(proposal: AiProposal): string {
  return [
    `### ${inert(proposal.title)}`,
    `**${vscode.l10n.t('AI-made')}, ${verdictOf(proposal)}.** ${inert(proposal.verification)}`,
    inert(proposal.reasoning),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function operatorText({ data }: AskResult): string {
  const found = data as { operator?: unknown; equivalent?: unknown; confidence?: unknown } | null;
  if (typeof found?.equivalent !== 'string') return '';
  const fence = '`'.repeat(Math.max(3, ...(found.equivalent.match(/`+/g) ?? []).map((one) => one.length + 1)));
  const said = vscode.l10n.t(
    '{0} in plain PyTorch, by a language model (confidence: {1}):',
    inert(String(found.operator)),
    String(found.confidence),
  );
  return `${said}\n\n${fence}python\n${found.equivalent}\n${fence}`;
}

function footnotes(result: AskResult): string {
  const lines = [
    result.warning ?? result.proposals[0]?.warning ?? '',
    ...result.assumptions.map((text) => `${vscode.l10n.t('Assumed:')} ${inert(text)}`),
    ...result.rejected.map(({ what, reasons }) =>
      vscode.l10n.t('Dropped: {0} ({1})', inert(what), inert(reasons.join('; '))),
    ),
    result.corrections > 0
      ? vscode.l10n.t('{0} figures of the answer were wrong and are corrected.', result.corrections)
      : '',
    ...result.citations.map(({ title, url }) => `${inert(title)}: \`${url.replaceAll('`', '')}\``),
    answeredBy(result),
    costText(result, result.proposals[0]),
  ];
  return lines
    .filter(Boolean)
    .map((line) => `- ${line}`)
    .join('\n');
}

export function answeredBy(result: AskResult): string {
  if (result.outcome === 'local') return vscode.l10n.t('Answered by the engine itself; no language model was asked.');
  if (result.answeredBy === null) return result.problem ?? '';
  if (result.answeredBy === 'demo/facts')
    return vscode.l10n.t('Demo answer: no language model was asked; these are the engine’s own figures.');
  const cached = result.outcome === 'cached' ? ` ${vscode.l10n.t('(remembered)')}` : '';
  return `${vscode.l10n.t('Answered by {0}.', result.answeredBy)}${cached} ${inert(result.reason)}`;
}

/** Words of a model neither link, format nor hold HTML. */
export function inert(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/g, (c) => `\\${c}`);
}
