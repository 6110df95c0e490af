/**
 * The chat participant `@eco`. Figures, comparisons and plans come from the engine and need
 * no model; explanations and edits go the way of every question: consent first, then checked.
 */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { assistantRequests, type DescribeParams, type Description } from '../../../shared/assistant.js';
import { isOurs } from '../documents.js';
import { answerMarkdown } from './answerText.js';
import { commandFor, type EcoCommand, PARTICIPANT, planText } from './chatWords.js';
import { type Assistant, cursorLine } from './commands.js';
import { whyOff } from './settings.js';

export function registerChat(assistant: Assistant): void {
  if (typeof vscode.chat?.createChatParticipant !== 'function') return;
  const participant = vscode.chat.createChatParticipant(PARTICIPANT, (request, history, stream, token) =>
    answer(assistant, request, history, stream, token),
  );
  participant.iconPath = vscode.Uri.joinPath(assistant.context.extension.extensionUri, 'media', 'icon.png');
  participant.followupProvider = {
    provideFollowups: (result) => {
      const last = (result.metadata as { command?: EcoCommand } | undefined)?.command;
      if (last !== 'analyse') return [];
      return [
        { prompt: '', command: 'compare', label: vscode.l10n.t('Compare accelerators') },
        { prompt: '', command: 'fix', label: vscode.l10n.t('Propose a fix with AI') },
      ];
    },
  };
  // A thumb in the chat is a thumb in the trace.
  participant.onDidReceiveFeedback(({ result, kind }) => {
    const traceId = (result.metadata as { traceId?: string } | undefined)?.traceId;
    if (traceId === undefined) return;
    const feedback = kind === vscode.ChatResultFeedbackKind.Helpful ? 'up' : 'down';
    void assistant.context.server().then((client) => assistant.session.feedback(client, { traceId, feedback }));
  });
  assistant.context.extension.subscriptions.push(participant);
}

async function answer(
  assistant: Assistant,
  request: vscode.ChatRequest,
  { history }: vscode.ChatContext,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<vscode.ChatResult> {
  const previous = history.filter((turn) => turn instanceof vscode.ChatResponseTurn).at(-1);
  const asksBack = (previous?.result.metadata as { asksBack?: boolean } | undefined)?.asksBack === true;
  const command = asksBack && request.command === undefined ? 'plan' : commandFor(request.command, request.prompt);
  try {
    const document = await documentOf(request);
    if (!document) {
      stream.markdown(vscode.l10n.t('Open a Python file first.'));
      return { metadata: { command } };
    }
    const client = await assistant.context.server();
    stream.reference(document.uri);
    if (command === 'fix' || (command === 'explain' && !/\bECO\d+\b/i.test(request.prompt)))
      return await ask(assistant, client, document, command, request.prompt, stream, token);
    const prompts = history
      .filter((turn) => turn instanceof vscode.ChatRequestTurn)
      .map((turn) => ({ command: turn.command, prompt: turn.prompt }));
    const prompt = command === 'plan' ? planText(prompts, request.prompt) : request.prompt;
    const said = await describe(client, document, command, prompt, token);
    stream.markdown(said.map(({ markdown }) => markdown).join('\n\n'));
    return { metadata: { command, asksBack: said.some((one) => one.asksBack) } };
  } catch (error) {
    if (token.isCancellationRequested) return {};
    return { errorDetails: { message: error instanceof Error ? error.message : String(error) } };
  }
}

function describe(
  client: LanguageClient,
  document: vscode.TextDocument,
  command: Exclude<EcoCommand, 'fix'>,
  prompt: string,
  token: vscode.CancellationToken,
): Promise<Description[]> {
  const wanted = { analyse: ['estimate', 'audit'], explain: ['rule'], compare: ['compare'], plan: ['plan'] } as const;
  return Promise.all(
    wanted[command].map((what) => {
      const params: DescribeParams = { uri: document.uri.toString(), what, prompt };
      return client.sendRequest<Description>(assistantRequests.describe, params, token);
    }),
  );
}

async function ask(
  { session, proposals }: Assistant,
  client: LanguageClient,
  document: vscode.TextDocument,
  command: 'fix' | 'explain',
  prompt: string,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<vscode.ChatResult> {
  const off = whyOff();
  if (off !== null) {
    stream.markdown(off);
    return { metadata: { command } };
  }
  const task = command === 'fix' ? 'propose_fix' : 'explain_finding';
  const question = { document, task, line: cursorLine(document), prompt, title: '' } as const;
  const result = await session.send(client, question, {
    asked: 'person',
    token,
    onMessage: (message) => stream.progress(message),
  });
  if (result === null) return {};
  stream.markdown(answerMarkdown(result) || (result.problem ?? ''));
  if (result.text === '' && result.proposals.length === 0 && result.problem !== null)
    stream.markdown(`\n\n${result.problem}`);
  if (result.proposals.length > 0) await proposals.offer(client, document, result);
  return { metadata: { command, traceId: result.traceId } };
}

/** A Python file attached to the request, else the one in front. */
async function documentOf(request: vscode.ChatRequest): Promise<vscode.TextDocument | null> {
  for (const { value } of request.references) {
    const uri = value instanceof vscode.Uri ? value : value instanceof vscode.Location ? value.uri : null;
    if (uri?.path.endsWith('.py')) return vscode.workspace.openTextDocument(uri);
  }
  const open = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors].map((editor) => editor?.document);
  return open.find(isOurs) ?? null;
}
