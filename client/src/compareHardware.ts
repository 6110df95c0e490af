/** "Compare Hardware": one model on several accelerators, as a table in a Markdown preview-free text document. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type Accelerator, type ComparisonRow, type ModelSummary, requests } from '../../shared/protocol.js';
import type { ClientContext } from './context.js';
import { targetDocument, updateSetting } from './target.js';

export async function compareHardware(_context: ClientContext, client: LanguageClient, uri?: unknown): Promise<void> {
  const document = await targetDocument(uri);
  if (!document) return;
  const params = { uri: document.uri.toString() };
  const models = await client.sendRequest<ModelSummary[]>(requests.models, params);
  const model =
    models.length <= 1
      ? models[0]
      : (
          await vscode.window.showQuickPick(
            models.map((one) => ({ label: one.entry, one })),
            { title: vscode.l10n.t('Model to compare') },
          )
        )?.one;
  if (!model) {
    if (models.length === 0)
      void vscode.window.showInformationMessage(vscode.l10n.t('No model that can be built was found in this file.'));
    return;
  }
  const accelerators = await client.sendRequest<Accelerator[]>(requests.hardware);
  const rows = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Comparing accelerators for {0}', model.entry),
      cancellable: true,
    },
    (_progress, token) =>
      client.sendRequest<ComparisonRow[]>(
        requests.compare,
        { ...params, entry: model.entry, hardware: accelerators.map((one) => one.id) },
        token,
      ),
  );
  const sorted = [...rows].sort(
    (a, b) => (a.energy_J ?? Number.POSITIVE_INFINITY) - (b.energy_J ?? Number.POSITIVE_INFINITY),
  );
  const choices = sorted.map((row) => ({
    label: row.name,
    description: vscode.l10n.t('{0} per call · {1}', row.energy, row.time),
    detail: vscode.l10n.t('A million calls: {0} · {1}', row.usdPerMillion, row.gCO2ePerMillion),
    id: row.hardware,
  }));
  const title = vscode.l10n.t('{0} by energy per call. Select one to price on it.', model.entry);
  const chosen = await vscode.window.showQuickPick(choices, { title, matchOnDescription: true });
  if (chosen) await updateSetting('hardware', chosen.id, document.uri);
}
