/**
 * Questions without a click, off by default: when a file is saved, one unknown operator is
 * asked about, within the monthly budget and only where sending was allowed for the
 * workspace. Never per keystroke, and never
 * about a line that was asked about before, by whomever.
 */
import * as vscode from 'vscode';
import type { AskPlace } from '../../../shared/assistant.js';
import { assistantRequests } from '../../../shared/assistant.js';
import { isOurs } from '../documents.js';
import { type Assistant, showAnswer, taskTitle } from './commands.js';
import { isAiOn } from './settings.js';

export function registerAutomatic(assistant: Assistant): void {
  const { context, session } = assistant;
  const onSave = async (document: vscode.TextDocument): Promise<void> => {
    const ai = vscode.workspace.getConfiguration('ecocompute.ai', document.uri);
    if (!isAiOn() || ai.get<boolean>('automatic') !== true || !isOurs(document)) return;
    if (session.consent.granted().length === 0 && ai.get<boolean>('localOnly') !== true) return;
    const client = await context.server();
    const places = await client.sendRequest<AskPlace[]>(assistantRequests.places, { uri: document.uri.toString() });
    const place = places.find((one) => one.kind === 'unknown' && !session.hasAsked(document, one.line));
    if (!place) return;
    const title = taskTitle('resolve_operator');
    const stop = new vscode.CancellationTokenSource();
    const result = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Asking AI about {0}', place.label) },
      () =>
        session.send(
          client,
          { document, task: 'resolve_operator', line: place.line, prompt: '', title },
          { asked: 'automatic', token: stop.token },
        ),
    );
    stop.dispose();
    if (result?.outcome !== 'answered' && result?.outcome !== 'cached') {
      context.log.info(`ai: ${place.label}: ${result?.problem ?? result?.outcome ?? 'stopped'}`);
      return;
    }
    const show = vscode.l10n.t('Show');
    const said = vscode.l10n.t('A language model has said what {0} computes.', place.label);
    if ((await vscode.window.showInformationMessage(said, show)) === show)
      await showAnswer(assistant, client, title, result);
  };
  context.extension.subscriptions.push(
    vscode.workspace.onDidSaveTextDocument((document) => {
      onSave(document).catch((error) => context.log.warn(`ai: ${String(error)}`));
    }),
  );
}
