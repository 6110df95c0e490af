/** The `ecocompute.ai` settings, as they go with each question, and whether questions may be asked at all. */
import * as vscode from 'vscode';
import type { AiSettings } from '../../../shared/ai.js';
import type { ClientContext } from '../context.js';

/** Switched on, and the workspace is trusted: in Restricted Mode nothing is asked or sent. */
export function isAiOn(): boolean {
  return (
    vscode.workspace.isTrusted && vscode.workspace.getConfiguration('ecocompute.ai').get<boolean>('enable') !== false
  );
}

/** Says why not, for people; null when questions may be asked. */
export function whyOff(): string | null {
  if (!vscode.workspace.isTrusted)
    return vscode.l10n.t('In Restricted Mode no language model is asked. Trust the workspace first.');
  return isAiOn() ? null : vscode.l10n.t('Language models are switched off (setting ecocompute.ai.enable).');
}

export async function aiSettings(context: ClientContext, resource: vscode.Uri | undefined): Promise<AiSettings> {
  const ai = vscode.workspace.getConfiguration('ecocompute.ai', resource);
  const own = vscode.workspace.getConfiguration('ecocompute', resource).get<string>('pythonPath');
  const python = ai.get<boolean>('runPython') === true ? own || (await context.python.pathFor(resource)) : null;
  const model = ai.get<string>('model') ?? '';
  const callsPerMonth = ai.get<number | null>('callsPerMonth') ?? null;
  const region = ai.get<string | null>('dataRegion') ?? null;
  const maxCost = ai.get<number | null>('maxCostPerCall') ?? null;
  const hedgeAfter = ai.get<number | null>('hedgeAfter') ?? null;
  const budget = ai.get<number | null>('monthlyBudget') ?? null;
  return {
    objective: ai.get<AiSettings['objective']>('objective') ?? 'balanced',
    localOnly: ai.get<boolean>('localOnly') === true,
    allow: ai.get<string[]>('allow') ?? [],
    deny: ai.get<string[]>('deny') ?? [],
    preferredProviders: ai.get<string[]>('preferredProviders') ?? [],
    excludedProviders: ai.get<string[]>('excludedProviders') ?? [],
    fallbacks: ai.get<string[]>('fallbacks') ?? [],
    baseUrls: ai.get<Record<string, string>>('baseUrls') ?? {},
    ...(model === '' ? {} : { model }),
    ...(budget === null ? {} : { budgetUsdPerMonth: budget }),
    ...(callsPerMonth === null ? {} : { callsPerMonth }),
    ...(region === null ? {} : { region }),
    ...(maxCost === null ? {} : { maxCostUsd: maxCost }),
    ...(hedgeAfter === null ? {} : { hedgeAfterS: hedgeAfter }),
    ...(python ? { runPython: python } : {}),
  };
}
