/**
 * Checked edits of a language model: shown beside the file in the diff editor, labelled as
 * AI-made, and written only when the person applies them there. What the person does goes
 * into the trace.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { AiProposal, AskResult, FeedbackParams } from '../../../shared/ai.js';
import { costText, verdictOf } from './answerText.js';
import { AI_SCHEME } from './documents.js';
import type { AiSession } from './session.js';

interface Shown {
  readonly client: LanguageClient;
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly proposal: AiProposal;
  readonly traceId: string;
}

export class Proposals {
  private readonly shown = new Map<string, Shown>();
  private count = 0;

  constructor(private readonly session: AiSession) {}

  /** The only one at once; of several the person picks one. */
  async offer(client: LanguageClient, document: vscode.TextDocument, result: AskResult): Promise<void> {
    const { proposals } = result;
    if (proposals.length === 0) return;
    let chosen: AiProposal | undefined = proposals[0];
    if (proposals.length > 1) {
      const items = proposals.map((proposal) => ({
        label: proposal.title,
        description: verdictOf(proposal),
        detail: proposal.reasoning,
        proposal,
      }));
      const title = vscode.l10n.t('AI-made edits, each checked. Select one to see it.');
      chosen = (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.proposal;
    }
    if (chosen) await this.show(client, document, result, chosen);
  }

  private async show(
    client: LanguageClient,
    document: vscode.TextDocument,
    result: AskResult,
    proposal: AiProposal,
  ): Promise<void> {
    if (document.version !== result.version) {
      void vscode.window.showInformationMessage(vscode.l10n.t('The file changed meanwhile; ask again.'));
      return;
    }
    const name = document.uri.path.split('/').at(-1) ?? 'code.py';
    const uri = this.session.documents.add(name, String(++this.count), edited(document, proposal));
    this.shown.set(uri.toString(), { client, document, version: result.version, proposal, traceId: result.traceId });
    const title = vscode.l10n.t('{0}: AI-made, {1}', name, verdictOf(proposal));
    await vscode.commands.executeCommand('vscode.diff', document.uri, uri, title, { preview: false });
    const warning = proposal.warning ?? result.warning;
    const say = [
      vscode.l10n.t('AI-made: {0}. {1}.', proposal.title, verdictOf(proposal)),
      `${proposal.verification}.`,
      costText(result, proposal),
      warning ?? '',
    ];
    const [apply, reject] = [vscode.l10n.t('Apply'), vscode.l10n.t('Reject')];
    const tell = warning === null ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    void tell(say.filter(Boolean).join(' '), apply, reject).then((answer) => {
      if (answer === apply) return this.apply(uri);
      if (answer === reject) return this.reject(uri);
      return undefined;
    });
  }

  async apply(uri?: unknown): Promise<void> {
    const found = this.find(uri);
    if (!found) return;
    const { document, proposal, version, client, traceId } = found.one;
    if (document.version !== version) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('The file changed meanwhile; nothing was written. Try again.'),
      );
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    for (const { range, newText } of proposal.edits) edit.replace(document.uri, rangeOf(range), newText);
    if (!(await vscode.workspace.applyEdit(edit))) return;
    await this.done(found.uri, client, { traceId, feedback: 'accepted' });
    await vscode.window.showTextDocument(document);
  }

  async reject(uri?: unknown): Promise<void> {
    const found = this.find(uri);
    if (found) await this.done(found.uri, found.one.client, { traceId: found.one.traceId, feedback: 'rejected' });
  }

  /** Thumbs: the proposal stays in sight. */
  async rate(feedback: 'up' | 'down', uri?: unknown): Promise<void> {
    const found = this.find(uri);
    if (!found) return;
    await this.session.feedback(found.one.client, { traceId: found.one.traceId, feedback });
    void vscode.window.setStatusBarMessage(vscode.l10n.t('Noted in the trace.'), 3000);
  }

  private async done(uri: vscode.Uri, client: LanguageClient, params: FeedbackParams): Promise<void> {
    this.shown.delete(uri.toString());
    await this.session.documents.remove(uri);
    await this.session.feedback(client, params);
  }

  /** The one a button names, else the one of the active diff. */
  private find(uri: unknown): { uri: vscode.Uri; one: Shown } | null {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    const active = input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
    const place = uri instanceof vscode.Uri && uri.scheme === AI_SCHEME ? uri : active;
    const one = place && this.shown.get(place.toString());
    if (place && one) return { uri: place, one };
    void vscode.window.showInformationMessage(vscode.l10n.t('Open an AI-made edit first.'));
    return null;
  }
}

function edited(document: vscode.TextDocument, proposal: AiProposal): string {
  let text = document.getText();
  const edits = proposal.edits
    .map(({ range, newText }) => ({ range: rangeOf(range), newText }))
    .sort((a, b) => b.range.start.compareTo(a.range.start));
  for (const { range, newText } of edits)
    text = text.slice(0, document.offsetAt(range.start)) + newText + text.slice(document.offsetAt(range.end));
  return text;
}

function rangeOf({ start, end }: AiProposal['edits'][number]['range']): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
