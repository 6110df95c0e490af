/**
 * The demo as a chat model, where the editor has that (VS Code 1.104 and later): chat works
 * with no model installed. It asks nobody: it repeats the engine's figures of the open file
 * and says that it is a demo.
 */
import * as vscode from 'vscode';
import { assistantRequests, type Description } from '../../../shared/assistant.js';
import type { ClientContext } from '../context.js';
import { isOurs } from '../documents.js';

export const DEMO_VENDOR = 'ecocompute';

/** The part of the newer API that is used; the types of 1.101 do not have it. */
interface ChatModels {
  registerLanguageModelChatProvider?(vendor: string, provider: object): vscode.Disposable;
}

const information = {
  id: 'demo-facts',
  name: 'EcoCompute Demo (no model)',
  family: 'ecocompute-demo',
  version: '1',
  maxInputTokens: 100_000,
  maxOutputTokens: 10_000,
  isUserSelectable: true,
  isDefault: false,
  // It calls no tool; but in agent mode, the editor's default, the picker offers only models that say they could.
  capabilities: { toolCalling: true, imageInput: false },
};

export function registerDemoModel(context: ClientContext): void {
  const { registerLanguageModelChatProvider: register } = (vscode.lm ?? {}) as ChatModels;
  if (typeof register !== 'function') return;
  const provider = {
    provideLanguageModelChatInformation: () => [
      {
        ...information,
        detail: vscode.l10n.t('offline'),
        tooltip: vscode.l10n.t('Repeats the figures of the engine; no language model is asked.'),
      },
    ],
    provideLanguageModelChatResponse: async (
      _model: unknown,
      _messages: unknown,
      _options: unknown,
      progress: vscode.Progress<unknown>,
    ) => progress.report(new vscode.LanguageModelTextPart(await demoAnswer(context))),
    provideTokenCount: async (_model: unknown, text: unknown) =>
      Math.ceil((typeof text === 'string' ? text.length : JSON.stringify(text).length) / 4),
  };
  context.extension.subscriptions.push(register.call(vscode.lm, DEMO_VENDOR, provider));
  // The editor's picker shows a model only once somebody has asked for it.
  vscode.lm.selectChatModels({ vendor: DEMO_VENDOR }).then(
    (models) => context.log.info(`chat models of ours: ${models.map(({ name }) => name).join(', ') || 'none'}`),
    (error) => context.log.warn(`chat models: ${String(error)}`),
  );
}

async function demoAnswer(context: ClientContext): Promise<string> {
  const head = vscode.l10n.t('Demo answer: no language model was asked; these are the engine’s own figures.');
  const document = [
    vscode.window.activeTextEditor?.document,
    ...vscode.window.visibleTextEditors.map((editor) => editor.document),
  ].find(isOurs);
  if (!document) return `${head}\n\n${vscode.l10n.t('Open a Python file first.')}`;
  const client = await context.server();
  const parts = await Promise.all(
    (['estimate', 'audit'] as const).map((what) =>
      client.sendRequest<Description>(assistantRequests.describe, { uri: document.uri.toString(), what, prompt: '' }),
    ),
  );
  return [head, ...parts.map(({ markdown }) => markdown)].join('\n\n');
}
