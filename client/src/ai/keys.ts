/** API keys: in SecretStorage only, handed to the server when it asks for one, never logged or in settings. */
import * as vscode from 'vscode';
import type { ClientContext } from '../context.js';

/** Services that take a key. Without one stored, the server looks at the environment variable. */
export const keyProviders = [
  { id: 'gemini', label: 'Gemini', variable: 'GEMINI_API_KEY' },
  { id: 'openai', label: 'OpenAI', variable: 'OPENAI_API_KEY' },
  { id: 'anthropic', label: 'Anthropic', variable: 'ANTHROPIC_API_KEY' },
  { id: 'groq', label: 'Groq', variable: 'GROQ_API_KEY' },
  { id: 'deepseek', label: 'DeepSeek', variable: 'DEEPSEEK_API_KEY' },
  { id: 'compatible', label: 'OpenAI-compatible server', variable: 'ECOCOMPUTE_LLM_KEY' },
] as const;

const secretName = (provider: string): string => `ecocompute.ai.key.${provider}`;

export async function keyOf(context: ClientContext, provider: string): Promise<string | null> {
  return (await context.extension.secrets.get(secretName(provider))) ?? null;
}

/** `provider` when a command names one. */
export async function setApiKey(context: ClientContext, provider?: unknown): Promise<void> {
  const chosen = keyProviders.find(({ id }) => id === provider) ?? (await choose(context, false));
  if (!chosen) return;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('API key for {0}', chosen.label),
    prompt: vscode.l10n.t(
      'Kept in the editor’s secret storage. Without it the environment variable {0} is used.',
      chosen.variable,
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^\S+$/.test(value.trim()) ? null : vscode.l10n.t('A key has no spaces and is not empty.'),
  });
  if (key === undefined) return;
  await context.extension.secrets.store(secretName(chosen.id), key.trim());
  void vscode.window.showInformationMessage(vscode.l10n.t('The key for {0} is stored.', chosen.label));
}

export async function deleteApiKey(context: ClientContext): Promise<void> {
  const chosen = await choose(context, true);
  if (!chosen) return;
  await context.extension.secrets.delete(secretName(chosen.id));
  void vscode.window.showInformationMessage(vscode.l10n.t('The key for {0} is deleted.', chosen.label));
}

async function choose(context: ClientContext, onlyStored: boolean): Promise<(typeof keyProviders)[number] | null> {
  const rows = await Promise.all(
    keyProviders.map(async (provider) => ({
      provider,
      label: provider.label,
      stored: (await keyOf(context, provider.id)) !== null,
    })),
  );
  const shown = rows
    .filter((row) => row.stored || !onlyStored)
    .map((row) => ({ ...row, description: row.stored ? vscode.l10n.t('a key is stored') : row.provider.variable }));
  if (shown.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No API key is stored.'));
    return null;
  }
  const title = onlyStored ? vscode.l10n.t('Key to delete') : vscode.l10n.t('Provider whose key to set');
  return (await vscode.window.showQuickPick(shown, { title }))?.provider ?? null;
}
