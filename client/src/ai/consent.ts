/**
 * Consent. Before anything leaves the machine the person sees the exact text and says once,
 * for this workspace, or no. What was said for the workspace is kept in its state and holds
 * for one service at one address.
 */
import * as vscode from 'vscode';
import type { AiPreview } from '../../../shared/ai.js';
import type { ClientContext } from '../context.js';
import type { AiDocuments } from './documents.js';
import { figuresOfCall } from './figures.js';

const STATE = 'ecocompute.ai.consent';

export class Consent {
  constructor(
    private readonly context: ClientContext,
    private readonly documents: AiDocuments,
  ) {}

  /** Services that may be asked in this workspace without a question. */
  granted(): readonly string[] {
    return this.context.extension.workspaceState.get<string[]>(STATE) ?? [];
  }

  async forget(): Promise<void> {
    await this.context.extension.workspaceState.update(STATE, undefined);
    void vscode.window.showInformationMessage(vscode.l10n.t('From now on you are asked before anything is sent.'));
  }

  /** Silence, a closed picker and a stopped question are a no. */
  async ask(preview: AiPreview, asked: 'person' | 'automatic', token: vscode.CancellationToken): Promise<boolean> {
    if (!vscode.workspace.isTrusted || token.isCancellationRequested) return false;
    const service = serviceOf(preview);
    // Hidden characters and calls that do not pay are shown every time.
    if (this.granted().includes(service) && preview.hidden === 0 && preview.warning === null) return true;
    if (asked === 'automatic' || preview.silent) return false;
    const uri = this.documents.add(vscode.l10n.t('What will be sent.md'), preview.askId, exactText(preview));
    await vscode.window.showTextDocument(uri, { preview: false, preserveFocus: true });
    try {
      const answer = await this.choose(preview, token);
      if (answer === 'workspace')
        await this.context.extension.workspaceState.update(STATE, [...new Set([...this.granted(), service])]);
      return answer !== 'no';
    } finally {
      await this.documents.remove(uri);
    }
  }

  /** A picker that stays open while the text is read. */
  private choose(preview: AiPreview, token: vscode.CancellationToken): Promise<'once' | 'workspace' | 'no'> {
    type Item = vscode.QuickPickItem & { readonly answer: 'once' | 'workspace' | 'no' };
    const to =
      preview.address === null ? preview.providerLabel : `${preview.providerLabel} (${hostOf(preview.address)})`;
    const pick = vscode.window.createQuickPick<Item>();
    pick.title = vscode.l10n.t('Send the text shown to {0}?', to);
    pick.placeholder = [
      preview.model,
      figuresOfCall(preview.expectedCostUsd, preview.expectedCarbon_g),
      preview.redactions.length > 0 ? vscode.l10n.t('{0} secrets taken out', preview.redactions.length) : '',
    ]
      .filter(Boolean)
      .join(' · ');
    pick.ignoreFocusOut = true;
    pick.items = [
      { label: vscode.l10n.t('Send once'), answer: 'once', detail: preview.warning ?? undefined },
      {
        label: vscode.l10n.t('Send, and do not ask again in this workspace'),
        answer: 'workspace',
        detail: vscode.l10n.t('Holds for {0} only; "Forget Consent" takes it back.', to),
      },
      { label: vscode.l10n.t('Do not send'), answer: 'no' },
    ];
    return new Promise((resolve) => {
      const stopped = token.onCancellationRequested(() => pick.hide());
      let answer: Item['answer'] = 'no';
      pick.onDidAccept(() => {
        answer = pick.selectedItems[0]?.answer ?? 'no';
        pick.hide();
      });
      pick.onDidHide(() => {
        stopped.dispose();
        pick.dispose();
        resolve(answer);
      });
      pick.show();
    });
  }
}

function serviceOf({ provider, address }: AiPreview): string {
  return `${provider} ${address ?? ''}`.trim();
}

function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}

/** All that leaves, and nothing else but headings: instructions, then the text with its code. */
export function exactText(preview: AiPreview): string {
  const notes = [
    `${preview.providerLabel}: ${preview.model}${preview.address === null ? '' : ` — ${preview.address}`}`,
    vscode.l10n.t('Files: {0}', preview.files.join(', ')),
    ...preview.redactions.map(({ line, what }) => vscode.l10n.t('line {0}: {1} is taken out', line, what)),
    ...(preview.hidden > 0 ? [vscode.l10n.t('{0} hidden characters were made visible.', preview.hidden)] : []),
    ...(preview.imageBytes > 0 ? [vscode.l10n.t('One picture of {0} bytes.', preview.imageBytes)] : []),
    ...(preview.warning === null ? [] : [preview.warning]),
  ];
  return [
    `# ${vscode.l10n.t('Exactly this will be sent')}`,
    ...notes.map((note) => `- ${note}`),
    '',
    `## ${vscode.l10n.t('Instructions')}`,
    '',
    preview.system,
    '',
    `## ${vscode.l10n.t('Text')}`,
    '',
    preview.text,
    '',
  ].join('\n');
}
