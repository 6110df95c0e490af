/** The Python document a command is about: the one it was given, else the active editor's. */
import * as vscode from 'vscode';
import { isOurs } from './documents.js';

/** Says what to do and answers null when there is none. */
export async function targetDocument(uri: unknown): Promise<vscode.TextDocument | null> {
  if (typeof uri === 'string') return vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  if (uri instanceof vscode.Uri) return vscode.workspace.openTextDocument(uri);
  const document = vscode.window.activeTextEditor?.document;
  if (isOurs(document)) return document;
  const visible = vscode.window.visibleTextEditors.map((editor) => editor.document).find(isOurs);
  if (visible) return visible;
  void vscode.window.showInformationMessage(vscode.l10n.t('Open a Python file first.'));
  return null;
}

/** Writes a setting where it already has a value for this resource, else for the workspace, else for the user. */
export async function updateSetting(key: string, value: unknown, resource: vscode.Uri | undefined): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('ecocompute', resource);
  const found = configuration.inspect(key);
  const { ConfigurationTarget } = vscode;
  let target = vscode.workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  if (found?.workspaceFolderValue !== undefined) target = ConfigurationTarget.WorkspaceFolder;
  else if (found?.workspaceValue === undefined && found?.globalValue !== undefined) target = ConfigurationTarget.Global;
  await configuration.update(key, value, target);
}
