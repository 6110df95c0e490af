/** "Compare Hardware": one model on several accelerators, sorted by energy; the choice becomes the one in use. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  type Accelerator,
  type ComparisonPage,
  type ComparisonRow,
  type ModelSummary,
  requests,
} from '../../shared/protocol.js';
import type { ClientContext } from './context.js';
import { pageStyle } from './pageStyle.js';
import { targetDocument, updateSetting } from './target.js';

export async function compareHardware(context: ClientContext, client: LanguageClient, uri?: unknown): Promise<void> {
  const document = await targetDocument(uri);
  if (!document) return;
  const params = { uri: document.uri.toString() };
  const models = await client.sendRequest<ModelSummary[]>(requests.models, params);
  const model = await chooseModel(models);
  if (!model) return;
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
  const page = { label: `$(graph) ${vscode.l10n.t('Table and chart')}`, description: '', detail: '', id: '' };
  const chosen = await vscode.window.showQuickPick([page, ...choices], { title, matchOnDescription: true });
  if (chosen?.id === '') {
    const compared = { ...params, entry: model.entry, hardware: accelerators.map((one) => one.id) };
    showPage(context, await client.sendRequest<ComparisonPage>(requests.comparePage, compared));
  } else if (chosen) await updateSetting('hardware', chosen.id, document.uri);
}

/** Table and chart in a panel beside the code; it runs no script. */
function showPage(context: ClientContext, { title, css, html }: ComparisonPage): void {
  const panel = vscode.window.createWebviewPanel(
    'ecocompute.compare',
    title,
    { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    { enableScripts: false, localResourceRoots: [], enableFindWidget: true },
  );
  panel.iconPath = vscode.Uri.joinPath(context.extension.extensionUri, 'media', 'icon.png');
  const nonce = randomBytes(24).toString('base64');
  panel.webview.html = `<!DOCTYPE html>
<html lang="${vscode.env.language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<style nonce="${nonce}">${css}\n${pageStyle}</style></head><body>${html}</body></html>`;
}

/** The only model that has an estimate, or the one the user picks; null when there is none, which is said. */
async function chooseModel(models: readonly ModelSummary[]): Promise<ModelSummary | null> {
  const estimated = models.filter((one) => one.missing === null);
  if (estimated.length === 0) {
    const none = vscode.l10n.t('No model that can be built was found in this file.');
    void vscode.window.showInformationMessage(models[0] ? `${models[0].entry}: ${models[0].missing}` : none);
    return null;
  }
  if (estimated.length === 1) return estimated[0];
  const choices = estimated.map((one) => ({ label: one.entry, description: one.spec, one }));
  return (await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('Model to compare') }))?.one ?? null;
}
