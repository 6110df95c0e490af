/**
 * Language-model tools: other agents in the editor use the engine. Files are read only
 * inside the workspace; nothing is written; `propose_fix` asks the person first.
 */
import { realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import { assistantRequests, type DescribeParams, type Description } from '../../../shared/assistant.js';
import { answerMarkdown } from './answerText.js';
import type { Assistant } from './commands.js';
import { isInside } from './paths.js';
import { whyOff } from './settings.js';

interface FileInput {
  readonly file: string;
}
interface RuleInput {
  readonly rule: string;
}
interface FixInput extends FileInput {
  readonly line: number;
}

export function registerTools(assistant: Assistant): void {
  if (typeof vscode.lm?.registerTool !== 'function') return;
  const { context } = assistant;
  const describe = async (
    params: DescribeParams,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> => {
    const client = await context.server();
    return textResult((await client.sendRequest<Description>(assistantRequests.describe, params, token)).markdown);
  };
  const onFile = (what: 'estimate' | 'audit', name: string): vscode.LanguageModelTool<FileInput> => ({
    prepareInvocation: ({ input }) => ({ invocationMessage: `${name}: ${String(input.file)}` }),
    invoke: async ({ input }, token) => {
      const document = await inWorkspace(input.file);
      return describe({ uri: document.uri.toString(), what, prompt: '' }, token);
    },
  });
  const explain: vscode.LanguageModelTool<RuleInput> = {
    invoke: ({ input }, token) => describe({ uri: '', what: 'rule', prompt: String(input.rule) }, token),
  };
  const proposeFix: vscode.LanguageModelTool<FixInput> = {
    prepareInvocation: ({ input }) => ({
      confirmationMessages: {
        title: vscode.l10n.t('Propose a fix with AI'),
        message: vscode.l10n.t(
          'Ask a language model for a fix in {0}, line {1}? You see what will be sent before anything is.',
          String(input.file),
          String(input.line),
        ),
      },
    }),
    invoke: async ({ input }, token) => {
      const off = whyOff();
      if (off !== null) return textResult(off);
      const document = await inWorkspace(input.file);
      const line = Math.min(Math.max(0, Math.trunc(Number(input.line)) - 1), document.lineCount - 1);
      const question = { document, task: 'propose_fix', line, prompt: '', title: '' } as const;
      const result = await assistant.session.send(await context.server(), question, { asked: 'person', token });
      if (result === null) return textResult('');
      const edits = result.proposals.map(({ title, edits }) => JSON.stringify({ title, edits }));
      return textResult([answerMarkdown(result), result.problem ?? '', ...edits].filter(Boolean).join('\n\n'));
    },
  };
  context.extension.subscriptions.push(
    vscode.lm.registerTool('ecocompute_estimate', onFile('estimate', vscode.l10n.t('Estimating'))),
    vscode.lm.registerTool('ecocompute_audit', onFile('audit', vscode.l10n.t('Auditing'))),
    vscode.lm.registerTool('ecocompute_explain', explain),
    vscode.lm.registerTool('ecocompute_propose_fix', proposeFix),
  );
}

function textResult(text: string): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
}

/** @throws Error with a sentence when it is not a Python file inside the workspace, links followed. */
async function inWorkspace(file: unknown): Promise<vscode.TextDocument> {
  const name = String(file);
  const outside = new Error(vscode.l10n.t('{0} is not a Python file inside the workspace.', name));
  if (!name.endsWith('.py')) throw outside;
  for (const { uri: folder } of vscode.workspace.workspaceFolders ?? []) {
    const uri = /^(?:[/\\]|[A-Za-z]:)/.test(name)
      ? folder.with({ path: vscode.Uri.file(name).path })
      : vscode.Uri.joinPath(folder, name);
    if (!isInside(folder.path, uri.path)) continue;
    if (uri.scheme === 'file') {
      const [real, root] = await Promise.all([realpath(uri.fsPath), realpath(folder.fsPath)]).catch(() => ['', '']);
      if (!real || !isInside(vscode.Uri.file(root).path, vscode.Uri.file(real).path)) continue;
    }
    try {
      return await vscode.workspace.openTextDocument(uri);
    } catch {
      // another folder may have it
    }
  }
  throw outside;
}
