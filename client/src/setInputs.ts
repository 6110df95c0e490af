/** "Set Inputs for This Model": asks for shapes and dtypes, and writes them above the model as a pragma comment. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type ModelSummary, requests, type SetInputsResult } from '../../shared/protocol.js';
import type { ClientContext } from './context.js';
import { targetDocument } from './target.js';

/** `x=(1,3,224,224) float32`, several separated by commas. The server judges the rest. */
const SPEC =
  /^\s*[A-Za-z_]\w*\s*=\s*\(\s*(\d+\s*(,\s*\d+\s*)*,?)?\s*\)(\s+[a-z]\w*)?(\s*,\s*[A-Za-z_]\w*\s*=\s*\(\s*(\d+\s*(,\s*\d+\s*)*,?)?\s*\)(\s+[a-z]\w*)?)*\s*$/;

/** Arguments as a code lens passes them: uri, entry, present spec. All optional. */
export async function setInputs(
  _context: ClientContext,
  client: LanguageClient,
  uri?: unknown,
  entry?: unknown,
  spec?: unknown,
): Promise<void> {
  const document = await targetDocument(uri);
  if (!document) return;
  const model = typeof entry === 'string' ? { entry, spec: String(spec ?? '') } : await chooseModel(client, document);
  if (!model) return;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Inputs of {0}', model.entry),
    prompt: vscode.l10n.t('Shapes and dtypes of the arguments of forward, for example x=(8,3,224,224) bfloat16'),
    value: model.spec,
    ignoreFocusOut: true,
    validateInput: (value) =>
      SPEC.test(value)
        ? null
        : vscode.l10n.t('Write name=(dims) dtype, several separated by commas: x=(8,3,224,224) float32'),
  });
  if (typed === undefined) return;
  const params = { uri: document.uri.toString(), entry: model.entry, spec: typed.trim() };
  const result = await client.sendRequest<SetInputsResult>(requests.setInputs, params);
  if (result.version !== document.version) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The file changed meanwhile; nothing was written. Try again.'),
    );
    return;
  }
  if (result.edits.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing to write: the inputs are set this way already.'));
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  for (const { range, newText } of result.edits) {
    const place = new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
    edit.replace(document.uri, place, newText);
  }
  await vscode.workspace.applyEdit(edit);
}

/** The only model, or the one the user picks; those near the cursor first. */
async function chooseModel(
  client: LanguageClient,
  document: vscode.TextDocument,
): Promise<{ entry: string; spec: string } | null> {
  const models = await client.sendRequest<ModelSummary[]>(requests.models, { uri: document.uri.toString() });
  if (models.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No model that can be built was found in this file.'));
    return null;
  }
  if (models.length === 1) return models[0];
  const line =
    vscode.window.visibleTextEditors.find((editor) => editor.document === document)?.selection.active.line ?? 0;
  const nearest = [...models].sort((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line));
  const choices = nearest.map((model) => ({ label: model.entry, description: model.missing ?? model.spec, model }));
  const chosen = await vscode.window.showQuickPick(choices, { title: vscode.l10n.t('Model whose inputs to set') });
  return chosen?.model ?? null;
}
