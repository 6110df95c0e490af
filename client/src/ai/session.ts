/**
 * One question to a language model from start to end: trust, progress with a stop that
 * aborts, keys and consent for the server, text as it arrives, what was spent. The server
 * routes, asks and checks.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  type AiOverview,
  type AiPreview,
  type AiProgress,
  type AiTask,
  type AskParams,
  type AskResult,
  aiClientRequests,
  aiNotifications,
  aiRequests,
  type FeedbackParams,
} from '../../../shared/ai.js';
import type { ClientContext } from '../context.js';
import { Answers } from './answers.js';
import { Consent } from './consent.js';
import { AiDocuments } from './documents.js';
import { EditorModels } from './editorModels.js';
import { keyOf } from './keys.js';
import { aiSettings, isAiOn, whyOff } from './settings.js';

export interface Question {
  readonly document: vscode.TextDocument;
  readonly task: AiTask;
  /** 0-based; null: the file as a whole. */
  readonly line: number | null;
  readonly prompt: string;
  readonly title: string;
  readonly image?: AskParams['image'];
}

export interface Asking {
  readonly asked: 'person' | 'automatic';
  readonly token: vscode.CancellationToken;
  /** Text as it arrives; not yet checked. `isNew`: another answer begins, what came before is void. */
  readonly onText?: (piece: string, isNew: boolean) => void;
  readonly onMessage?: (message: string) => void;
}

interface Running extends Asking {
  readonly id: string;
  isNew: boolean;
}

export class AiSession implements vscode.Disposable {
  readonly documents = new AiDocuments();
  readonly answers = new Answers();
  readonly consent: Consent;
  private readonly running = new Map<string, Running>();
  private readonly editorModels = new EditorModels();
  /** Lines whose operators were asked about. */
  private readonly asked = new Set<string>();
  private count = 0;

  constructor(readonly context: ClientContext) {
    this.consent = new Consent(context, this.documents);
  }

  /** What the server may ask of a client that has just started. */
  attach(client: LanguageClient): void {
    // A key leaves the secret storage only while a question of ours runs or health is looked at.
    client.onRequest(aiClientRequests.key, ({ provider }: { provider: string }) =>
      isAiOn() ? keyOf(this.context, provider) : null,
    );
    client.onRequest<boolean, void>(aiClientRequests.consent, async (preview: AiPreview): Promise<boolean> => {
      const one = this.running.get(preview.askId);
      return one ? this.consent.ask(preview, one.asked, one.token) : false;
    });
    client.onRequest(aiClientRequests.editorModels, () => (isAiOn() ? this.editorModels.list() : []));
    client.onRequest(
      aiClientRequests.editorSend,
      (params: { id: string; model: string; text: string }, token: vscode.CancellationToken) => {
        if (![...this.running.values()].some(({ asked }) => asked === 'person'))
          throw new Error(vscode.l10n.t('Editor models are asked only after an action of yours.'));
        return this.editorModels.send(params.model, params.text, token, (piece) =>
          client.sendNotification(aiNotifications.editorText, { id: params.id, piece }),
        );
      },
    );
    client.onNotification(aiNotifications.progress, (progress: AiProgress) => {
      const one = this.running.get(progress.askId);
      if (progress.kind === 'text') {
        one?.onText?.(progress.message, one.isNew);
        if (one) one.isNew = false;
      } else {
        if (one && progress.kind === 'asking') one.isNew = true;
        one?.onMessage?.(progress.message);
        this.context.log.info(`ai ${progress.askId}: ${progress.kind} ${progress.message}`);
      }
    });
  }

  /** Asks with a notification that shows what happens and can be cancelled. null: not allowed, stopped or failed, which is said. */
  async ask(client: LanguageClient, question: Question, onText?: Asking['onText']): Promise<AskResult | null> {
    const off = whyOff();
    if (off !== null) {
      void vscode.window.showWarningMessage(off);
      return null;
    }
    const result = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: question.title, cancellable: true },
      (progress, token) =>
        this.send(client, question, {
          asked: 'person',
          token,
          onText: (piece, isNew) => onText?.(piece, isNew),
          onMessage: (message) => progress.report({ message }),
        }),
    );
    if (result === null || result.outcome === 'aborted') return null;
    if (result.problem !== null && result.proposals.length === 0 && result.text === '') {
      void vscode.window.showWarningMessage(vscode.l10n.t('EcoCompute: {0}', result.problem));
      return null;
    }
    return result;
  }

  /** The question itself, without anything shown. null: stopped. */
  async send(client: LanguageClient, question: Question, asking: Asking): Promise<AskResult | null> {
    const { document, task, line, prompt, image } = question;
    const id = `${Date.now()}-${++this.count}`;
    const params: AskParams = {
      uri: document.uri.toString(),
      id,
      task,
      line,
      prompt,
      asked: asking.asked,
      ...(image === undefined ? {} : { image }),
      settings: await aiSettings(this.context, document.uri),
    };
    if (task === 'resolve_operator' && line !== null) this.asked.add(placeOf(document, line));
    this.running.set(id, { ...asking, id, isNew: true });
    try {
      const result = await client.sendRequest<AskResult>(aiRequests.ask, params, asking.token);
      this.answers.keep(question, result);
      return result;
    } catch (error) {
      if (asking.token.isCancellationRequested) return null;
      throw error;
    } finally {
      this.running.delete(id);
      void this.refreshTotals(client);
    }
  }

  /** Whether an operator of this line, as it stands, was asked about since the editor started. */
  hasAsked(document: vscode.TextDocument, line: number): boolean {
    return this.asked.has(placeOf(document, line));
  }

  async feedback(client: LanguageClient, params: FeedbackParams): Promise<void> {
    this.answers.judge(params);
    await client.sendRequest(aiRequests.feedback, params);
  }

  /** The month's totals into the status item. */
  async refreshTotals(client: LanguageClient): Promise<AiOverview | null> {
    try {
      const overview = await client.sendRequest<AiOverview>(aiRequests.overview, {});
      const budget = vscode.workspace.getConfiguration('ecocompute.ai').get<number | null>('monthlyBudget') ?? null;
      this.context.status.month(isAiOn() ? { ...overview.month, budgetUsd: budget } : null);
      return overview;
    } catch (error) {
      this.context.log.warn(`ai overview: ${String(error)}`);
      return null;
    }
  }

  dispose(): void {
    this.documents.dispose();
  }
}

function placeOf(document: vscode.TextDocument, line: number): string {
  const text = line < document.lineCount ? document.lineAt(line).text.trim() : '';
  return `${document.uri.toString()} ${text}`;
}
