/** The editor's own language models (`vscode.lm`), asked for the server. Our demo is not among them. */
import * as vscode from 'vscode';
import { DEMO_VENDOR } from './demoModel.js';

export class EditorModels {
  async list(): Promise<{ id: string; maxInputTokens: number }[]> {
    const models = await this.select();
    return models.map(({ id, maxInputTokens }) => ({ id, maxInputTokens }));
  }

  /** Streams the answer. The editor itself asks the person before a model is used for the first time. */
  async send(
    id: string,
    text: string,
    token: vscode.CancellationToken,
    onText: (piece: string) => void | Promise<void>,
  ): Promise<null> {
    const model = (await this.select()).find((one) => one.id === id);
    if (!model) throw new Error(`NotFound: no model ${id} in the editor`);
    const justification = vscode.l10n.t('EcoCompute asks about the energy use of the code shown.');
    const response = await model.sendRequest([vscode.LanguageModelChatMessage.User(text)], { justification }, token);
    for await (const piece of response.text) await onText(piece);
    return null;
  }

  private async select(): Promise<vscode.LanguageModelChat[]> {
    const models = (await vscode.lm?.selectChatModels()) ?? [];
    return models.filter(({ vendor }) => vendor !== DEMO_VENDOR);
  }
}
