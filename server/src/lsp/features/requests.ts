/** Our own requests (shared/protocol.ts) and the commands that the server carries out. */
import * as l10n from '@vscode/l10n';
import {
  type CancellationToken,
  ErrorCodes,
  LSPErrorCodes,
  MessageType,
  ResponseError,
  ShowMessageNotification,
} from 'vscode-languageserver/node';
import {
  type AuditResult,
  type CompareParams,
  type ComparisonRow,
  type FileParams,
  type ModelSummary,
  requests,
  type SetInputsParams,
  type SetInputsResult,
  serverCommands,
} from '../../../../shared/protocol.js';
import { findAccelerator } from '../../hardware/accelerators.js';
import { registerAssistant } from '../assistant/register.js';
import type { ServerContext } from '../context.js';
import { toEdit } from '../convert.js';
import type { OpenDocument } from '../documents.js';
import { CallCancelled } from '../engineClient.js';
import { dollars, grams, quantity } from '../figures.js';
import { missingText, tooLargeMessage } from '../fileStatus.js';
import { inputFlags, inputSpec, isGuessed } from '../inputSpec.js';
import { shortName } from '../settingsCache.js';

export function registerRequests(context: ServerContext): void {
  const { connection, engine } = context;
  /** Answers with a message for people instead of a stack trace. */
  const answer = <P, R>(method: string, handler: (params: P, token: CancellationToken) => Promise<R>) => {
    connection.onRequest(method, async (params: P, token: CancellationToken): Promise<unknown> => {
      try {
        return await handler(params, token);
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        if (error instanceof CallCancelled)
          throw new ResponseError(LSPErrorCodes.ContentModified, l10n.t('The text changed meanwhile; try again.'));
        context.log(`${method}: ${(error as Error).stack ?? String(error)}`);
        throw new ResponseError(ErrorCodes.InternalError, l10n.t('The analysis failed: {0}', firstLine(error)));
      }
    });
  };

  answer<FileParams, ModelSummary[]>(requests.models, ({ uri }, token) => models(uri, context, token));
  answer<SetInputsParams, SetInputsResult>(requests.setInputs, (params) => setInputs(params, context));
  answer<FileParams, AuditResult>(requests.audit, async ({ uri }, token) => {
    const document = opened(uri, context);
    const { target, environment, known } = await context.settings.get(uri);
    const args = [document.file, target, context.locale, document.text.getText(), known] as const;
    return engine.call('auditPage', [...args], { priority: 0, environment, file: document.file, token });
  });
  answer(requests.hardware, () => engine.call('accelerators', [], { priority: 0, environment: null }));
  answer(requests.regions, () => engine.call('regions', [], { priority: 0, environment: null }));
  answer<CompareParams, ComparisonRow[]>(requests.compare, (params, token) => compare(params, context, token));
  registerAssistant(context, answer);

  connection.onExecuteCommand(async ({ command, arguments: args = [] }) => {
    if (command === serverCommands.openPage) return openPage(String(args[0]), context);
    if (command === serverCommands.applyInputs) {
      const [uri, entry, spec] = args.map(String);
      const document = opened(uri, context);
      const { edits } = await setInputs({ uri, entry, spec }, context);
      const textDocument = { uri, version: document.text.version };
      const edit = context.client.documentChanges
        ? { documentChanges: [{ textDocument, edits: [...edits] }] }
        : { changes: { [uri]: [...edits] } };
      await connection.workspace.applyEdit({ label: l10n.t('Set inputs of {0}', entry), edit });
    }
    return null;
  });
}

/** The open, analysable document, or the reason why there is none. */
function opened(uri: string, context: ServerContext): OpenDocument {
  const document = context.documents.get(uri);
  if (!document) throw new ResponseError(ErrorCodes.InvalidParams, l10n.t('{0} is not open as a Python file.', uri));
  if (document.tooLarge) throw new ResponseError(ErrorCodes.InvalidParams, tooLargeMessage());
  return document;
}

async function models(uri: string, context: ServerContext, token: CancellationToken): Promise<ModelSummary[]> {
  opened(uri, context);
  const finished = await context.reports.current(uri, token);
  return (finished?.report.estimates ?? []).map((estimate) => ({
    entry: estimate.entry,
    line: estimate.range.start.line,
    spec: inputSpec(estimate),
    guessed: isGuessed(estimate),
    assumptions: estimate.assumptions.map((assumption) => assumption.text),
    missing: missingText(estimate),
  }));
}

async function setInputs({ uri, entry, spec }: SetInputsParams, context: ServerContext): Promise<SetInputsResult> {
  const document = opened(uri, context);
  const version = document.text.version;
  const { environment } = await context.settings.get(uri);
  const edits = await context.engine.call('setInputs', [document.file, entry, spec], {
    priority: 0,
    environment,
    file: document.file,
  });
  return { edits: edits.map(toEdit), version };
}

async function compare(
  { uri, entry, hardware }: CompareParams,
  context: ServerContext,
  token: CancellationToken,
): Promise<ComparisonRow[]> {
  const document = opened(uri, context);
  const { target, environment } = await context.settings.get(uri);
  const finished = await context.reports.current(uri, token);
  const known = finished?.report.estimates.find((one) => one.entry === entry);
  const inputs = known ? inputFlags(known) : [];
  const options = { priority: 0, environment, file: document.file, token } as const;
  const rows: ComparisonRow[] = [];
  for (const id of hardware) {
    const on = { ...target, hardware: id };
    // A part that was only seen inside a larger model has no expression of its own: the file is priced as a whole.
    const { estimates } = entry?.endsWith(')')
      ? await context.engine.call('estimate', [{ file: document.file, entry, inputs, target: on }], options)
      : await context.engine.call('analyse', [document.file, on], options);
    const estimate = estimates.find((one) => one.entry === entry) ?? estimates[0];
    const accelerator = findAccelerator(id);
    const unknown = l10n.t('unknown');
    rows.push({
      hardware: id,
      name: accelerator.ok ? shortName(accelerator.value.name) : id,
      time: estimate?.time_s ? quantity(estimate.time_s.value, 's') : unknown,
      energy: estimate?.energy_J ? quantity(estimate.energy_J.value, 'J') : unknown,
      usdPerMillion: estimate?.per_million.usd ? dollars(estimate.per_million.usd.value) : unknown,
      gCO2ePerMillion: estimate?.per_million.gCO2e ? grams(estimate.per_million.gCO2e.value) : unknown,
      energy_J: estimate?.energy_J?.value ?? null,
    });
  }
  return rows;
}

/** Only pages on the web: the argument comes through the client. */
async function openPage(uri: string, context: ServerContext): Promise<null> {
  if (!/^https:\/\//.test(uri)) return null;
  if (context.client.showDocument) await context.connection.window.showDocument({ uri, external: true });
  else
    await context.connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Info, message: uri });
  return null;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
