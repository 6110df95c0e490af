/** The commands that ask a language model, and those that judge what it said. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type AiTask, type AskResult, aiRequests } from '../../../shared/ai.js';
import { type AskPlace, assistantRequests } from '../../../shared/assistant.js';
import type { ClientContext } from '../context.js';
import { setInputs } from '../setInputs.js';
import { targetDocument } from '../target.js';
import { AnswerPanel } from './answerPanel.js';
import { answerMarkdown } from './answerText.js';
import { Proposals } from './proposals.js';
import { AiSession, type Question } from './session.js';

/** What the AI commands share. */
export class Assistant implements vscode.Disposable {
  readonly session: AiSession;
  readonly proposals: Proposals;
  readonly panel: AnswerPanel;

  constructor(readonly context: ClientContext) {
    this.session = new AiSession(context);
    this.proposals = new Proposals(this.session);
    this.panel = new AnswerPanel(context);
  }

  dispose(): void {
    this.session.dispose();
  }
}

/** Names of tasks, for people. */
export function taskTitle(task: AiTask): string {
  const titles: Partial<Record<AiTask, string>> = {
    explain_finding: vscode.l10n.t('Explain with AI'),
    propose_fix: vscode.l10n.t('Propose a fix with AI'),
    resolve_operator: vscode.l10n.t('Resolve an unknown operator'),
    architecture_review: vscode.l10n.t('Review the architecture'),
    infer_inputs: vscode.l10n.t('Infer inputs with AI'),
    report_narrative: vscode.l10n.t('Tell the report as a story'),
    analyse_profile: vscode.l10n.t('Analyse a picture of a profiler'),
  };
  return titles[task] ?? task;
}

/** The lightbulb's "Ask AI": which question about this line. */
export async function askAi(
  { assistant }: ClientContext,
  client: LanguageClient,
  uri?: unknown,
  line?: unknown,
): Promise<void> {
  const document = await targetDocument(uri);
  if (!document) return;
  const at = typeof line === 'number' ? line : cursorLine(document);
  const here = (await placesOf(client, document)).filter((place) => place.line === at);
  const tasks: AiTask[] = ['propose_fix', 'explain_finding'];
  if (here.some(({ kind }) => kind === 'unknown')) tasks.push('resolve_operator');
  const picked = await vscode.window.showQuickPick(
    tasks.map((task) => ({ label: taskTitle(task), task })),
    {
      title: vscode.l10n.t('Ask AI about line {0}', at + 1),
      placeHolder: vscode.l10n.t('You see what will be sent before anything is.'),
    },
  );
  if (picked) await run(assistant, client, { document, task: picked.task, line: at, prompt: '', title: picked.label });
}

export function explainWithAi(
  { assistant }: ClientContext,
  client: LanguageClient,
  uri?: unknown,
  line?: unknown,
): Promise<void> {
  return atLine(assistant, client, 'explain_finding', uri, line);
}

export function proposeFixWithAi(
  { assistant }: ClientContext,
  client: LanguageClient,
  uri?: unknown,
  line?: unknown,
): Promise<void> {
  return atLine(assistant, client, 'propose_fix', uri, line);
}

/** The operator at the cursor, else one that the person picks. */
export async function resolveOperator(
  { assistant }: ClientContext,
  client: LanguageClient,
  uri?: unknown,
): Promise<void> {
  const document = await targetDocument(uri);
  if (!document) return;
  const unknown = (await placesOf(client, document)).filter(({ kind }) => kind === 'unknown');
  if (unknown.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Every operator of this file is understood.'));
    return;
  }
  const at = cursorLine(document);
  const place = unknown.find(({ line }) => line === at) ?? (unknown.length === 1 ? unknown[0] : await pick(unknown));
  if (!place) return;
  const title = taskTitle('resolve_operator');
  await run(assistant, client, { document, task: 'resolve_operator', line: place.line, prompt: '', title });
}

export async function reviewArchitecture(
  { assistant }: ClientContext,
  client: LanguageClient,
  uri?: unknown,
): Promise<void> {
  const document = await targetDocument(uri);
  const title = taskTitle('architecture_review');
  if (document) await run(assistant, client, { document, task: 'architecture_review', line: null, prompt: '', title });
}

/** What the model says goes into the box of "Set Inputs", where the person changes or takes it. */
export async function inferInputs(context: ClientContext, client: LanguageClient, uri?: unknown): Promise<void> {
  const document = await targetDocument(uri);
  if (!document) return;
  const title = taskTitle('infer_inputs');
  const question = { document, task: 'infer_inputs', line: null, prompt: '', title } as const;
  const result = await context.assistant.session.ask(client, question);
  if (result === null) return;
  const said = result.data as InferredInputs | null;
  if (said === null) return showAnswer(context.assistant, client, title, result);
  const spec = said.inputs.map(({ name, shape, dtype }) => `${name}=(${shape.join(',')}) ${dtype}`).join(', ');
  await setInputs(context, client, document.uri, said.entry, spec);
}

interface InferredInputs {
  readonly entry: string;
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[];
}

export async function narrateReport(
  { assistant }: ClientContext,
  client: LanguageClient,
  uri?: unknown,
): Promise<void> {
  const document = await targetDocument(uri);
  const title = taskTitle('report_narrative');
  if (document) await run(assistant, client, { document, task: 'report_narrative', line: null, prompt: '', title });
}

const pictures = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp' } as const;
/** What services take of one picture. */
const largestPicture = 8_000_000;

/** A picture that the person picks, of the code in front. */
export async function analyseProfile(
  { assistant }: ClientContext,
  client: LanguageClient,
  uri?: unknown,
): Promise<void> {
  const document = await targetDocument(uri);
  if (!document) return;
  const title = taskTitle('analyse_profile');
  const filters = { [vscode.l10n.t('Pictures')]: Object.keys(pictures) };
  const [picture] = (await vscode.window.showOpenDialog({ title, filters, canSelectMany: false })) ?? [];
  if (!picture) return;
  const mimeType = pictures[picture.path.split('.').at(-1)?.toLowerCase() as keyof typeof pictures];
  const bytes = await vscode.workspace.fs.readFile(picture);
  if (mimeType === undefined || bytes.length > largestPicture) {
    void vscode.window.showWarningMessage(vscode.l10n.t('Choose a PNG, JPEG or WebP picture of at most 8 MB.'));
    return;
  }
  const image = { mimeType, base64: Buffer.from(bytes).toString('base64') };
  await run(assistant, client, { document, task: 'analyse_profile', line: null, prompt: '', title, image });
}

async function atLine(
  assistant: Assistant,
  client: LanguageClient,
  task: AiTask,
  uri: unknown,
  line: unknown,
): Promise<void> {
  const document = await targetDocument(uri);
  if (!document) return;
  const at = typeof line === 'number' ? line : cursorLine(document);
  await run(assistant, client, { document, task, line: at, prompt: '', title: taskTitle(task) });
}

/** Asks and shows: edits in the diff editor, all else in the panel. */
export async function run(assistant: Assistant, client: LanguageClient, question: Question): Promise<AskResult | null> {
  const { session, panel, proposals } = assistant;
  const reads = question.task !== 'propose_fix';
  let hasBegun = false;
  const result = await session.ask(client, question, (piece, isNew) => {
    if (!reads) return;
    if (!hasBegun) panel.begin(question.title);
    hasBegun = true;
    panel.text(piece, isNew);
  });
  if (result === null) {
    if (hasBegun) panel.close();
    return null;
  }
  if (result.proposals.length > 0) await proposals.offer(client, question.document, result);
  else await showAnswer(assistant, client, question.title, result);
  return result;
}

export async function showAnswer(
  { session, panel }: Assistant,
  client: LanguageClient,
  title: string,
  result: AskResult,
): Promise<void> {
  const none = result.problem ?? vscode.l10n.t('No edit that saves energy was found.');
  const markdown = answerMarkdown(result);
  await panel.show(title, result.text === '' ? `${none}\n\n${markdown}` : markdown, (verdict) => {
    void session.feedback(client, { traceId: result.traceId, feedback: verdict });
  });
}

function placesOf(client: LanguageClient, document: vscode.TextDocument): Promise<AskPlace[]> {
  return client.sendRequest<AskPlace[]>(assistantRequests.places, { uri: document.uri.toString() });
}

async function pick(places: readonly AskPlace[]): Promise<AskPlace | undefined> {
  const items = places.map((place) => ({
    label: place.label,
    description: vscode.l10n.t('line {0}', place.line + 1),
    detail: place.message,
    place,
  }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Operator to resolve') }))?.place;
}

export function cursorLine(document: vscode.TextDocument): number {
  const editor = vscode.window.visibleTextEditors.find(
    (one) => one.document.uri.toString() === document.uri.toString(),
  );
  return editor?.selection.active.line ?? 0;
}

export async function exportTraces(_context: ClientContext, client: LanguageClient): Promise<void> {
  const content = await client.sendRequest<string>(aiRequests.exportTraces, {});
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'json', content }));
}

export async function clearTraces(_context: ClientContext, client: LanguageClient): Promise<void> {
  const clear = vscode.l10n.t('Clear');
  const question = vscode.l10n.t(
    'Clear the record of all calls to language models? The totals of the month go with it.',
  );
  if ((await vscode.window.showWarningMessage(question, { modal: true }, clear)) !== clear) return;
  await client.sendRequest(aiRequests.clearTraces, {});
}
