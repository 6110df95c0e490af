/**
 * Code actions, answered from the finished report of the current text: quick fixes, fix all,
 * silencing a line, and the page of a rule. Edits that need review ask before they apply.
 */
import * as l10n from '@vscode/l10n';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { ASK_COMMAND } from '../../../../shared/assistant.js';
import { DIAGNOSTIC_SOURCE, FIX_ALL_KIND, serverCommands } from '../../../../shared/protocol.js';
import type { FindingReport } from '../../analysis/model.js';
import { placesOf } from '../assistant/describe.js';
import type { ServerContext } from '../context.js';
import { overlap, toEdit, toRange } from '../convert.js';
import type { OpenDocument } from '../documents.js';
import { CallCancelled } from '../engineClient.js';
import { inLanguage } from '../findingText.js';
import type { Finished } from '../reports.js';
import { suppressionEdit } from '../suppress.js';
import { minimalEdits } from '../textDiff.js';
import { diagnosticOf } from './diagnostics.js';

const REVIEW = 'review';
/** Sent through `data`, so that fixes are worked out only for the action that is chosen. */
interface FixAllData {
  readonly fixAll: string;
}

export function registerCodeActions(context: ServerContext): void {
  context.connection.onCodeAction(async (params, token): Promise<CodeAction[]> => {
    const { uri } = params.textDocument;
    const wants = wanted(params);
    try {
      const finished = await context.reports.current(uri, token);
      const document = context.documents.get(uri);
      if (!finished || !document) return [];
      const actions: CodeAction[] = [];
      if (wants(CodeActionKind.QuickFix)) actions.push(...quickFixes(params, finished, document, context));
      if (wants(FIX_ALL_KIND) && finished.report.findings.some((finding) => finding.fix?.safety === 'safe')) {
        actions.push(await fixAllAction(uri, FIX_ALL_KIND, context));
      }
      return actions;
    } catch (error) {
      if (!(error instanceof CallCancelled)) context.log(`code actions: ${(error as Error).message}`);
      return [];
    }
  });

  context.connection.onCodeActionResolve(async (action, token) => {
    const uri = (action.data as FixAllData | undefined)?.fixAll;
    if (uri === undefined) return action;
    return { ...action, edit: await fixAllEdit(uri, context, token) };
  });
}

/** Kinds are a hierarchy: `source.fixAll` asks for `source.fixAll.ecocompute` too. */
function wanted(params: CodeActionParams): (kind: string) => boolean {
  const { only } = params.context;
  return (kind) => {
    // Source actions belong to their menu and to saving, not to every lightbulb.
    if (!only) return !kind.startsWith('source.');
    return only.some((one) => one === '' || kind === one || kind.startsWith(`${one}.`));
  };
}

function quickFixes(
  params: CodeActionParams,
  finished: Finished,
  document: OpenDocument,
  context: ServerContext,
): CodeAction[] {
  const here = finished.report.findings.filter((finding) => overlap(toRange(finding.range), params.range));
  const shown = (finding: FindingReport) =>
    shownDiagnostic(params, finding) ?? diagnosticOf(finding, finished, context);
  const all = finished.report.findings.filter((finding) => finding.fix?.safety === 'safe').length;
  // The fixes first, then what merely makes the finding go away.
  return [
    ...here.flatMap((finding) => fixOf(finding, shown(finding), document, context)),
    ...(here.length > 0 && all > 1 && context.client.resolveEdits ? [fixAllHere(document.uri)] : []),
    ...here.flatMap((finding) => silence(finding, shown(finding), document, context)),
    ...here.map((finding) => page(finding, shown(finding))),
    ...askAi(params, finished, document, context),
  ];
}

/** A question to a language model about what stands here; the client asks for consent before anything is sent. */
function askAi(
  params: CodeActionParams,
  finished: Finished,
  { uri, text }: OpenDocument,
  context: ServerContext,
): CodeAction[] {
  if (!context.client.commands) return [];
  const { start, end } = params.range;
  const here = placesOf(finished.report, context.locale, text.getText()).filter(
    (place) =>
      (place.line >= start.line && place.line <= end.line) ||
      finished.report.findings.some(
        (finding) =>
          place.kind === 'finding' &&
          finding.range.start.line === place.line &&
          overlap(toRange(finding.range), params.range),
      ),
  );
  return here.slice(0, 3).map(({ label, line }) => {
    const title = l10n.t('Ask AI about {0}…', label);
    return { title, kind: CodeActionKind.QuickFix, command: { title, command: ASK_COMMAND, arguments: [uri, line] } };
  });
}

function fixAllHere(uri: string): CodeAction {
  const title = l10n.t('Apply all safe EcoCompute fixes');
  return { title, kind: CodeActionKind.QuickFix, data: { fixAll: uri } satisfies FixAllData };
}

/** The client's own copy, so that it can tell which diagnostic an action belongs to. */
function shownDiagnostic(params: CodeActionParams, finding: FindingReport): Diagnostic | undefined {
  const { start } = finding.range;
  return params.context.diagnostics.find(
    (one) =>
      one.source === DIAGNOSTIC_SOURCE &&
      one.code === finding.rule &&
      one.range.start.line === start.line &&
      one.range.start.character === start.column,
  );
}

function fixOf(
  finding: FindingReport,
  diagnostic: Diagnostic,
  document: OpenDocument,
  context: ServerContext,
): CodeAction[] {
  const { fix } = finding;
  if (!fix || fix.edits.length === 0) return [];
  const safe = fix.safety === 'safe';
  const name = inLanguage(context.locale, fix.title, fix.titleZh);
  const action: CodeAction = {
    title: safe ? name : l10n.t('{0} (review: it may change results)', name),
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: workspaceEdit(document, fix.edits.map(toEdit), safe ? null : name, context),
  };
  if (safe) action.isPreferred = true;
  return [action];
}

function silence(
  finding: FindingReport,
  diagnostic: Diagnostic,
  document: OpenDocument,
  context: ServerContext,
): CodeAction[] {
  const edit = suppressionEdit(document.text, finding.range.start.line, finding.rule);
  if (!edit) return [];
  return [
    {
      title: l10n.t('Disable {0} for this line', finding.rule),
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      edit: workspaceEdit(document, [edit], null, context),
    },
  ];
}

function page(finding: FindingReport, diagnostic: Diagnostic): CodeAction {
  const title = l10n.t('Show the page of {0} ({1})', finding.rule, finding.name);
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    command: { title, command: serverCommands.openPage, arguments: [finding.docs] },
  };
}

async function fixAllAction(uri: string, kind: string, context: ServerContext): Promise<CodeAction> {
  const action: CodeAction = { title: l10n.t('Apply all safe EcoCompute fixes'), kind };
  if (context.client.resolveEdits) return { ...action, data: { fixAll: uri } satisfies FixAllData };
  return { ...action, edit: await fixAllEdit(uri, context) };
}

async function fixAllEdit(
  uri: string,
  context: ServerContext,
  token?: Parameters<typeof context.reports.current>[1],
): Promise<WorkspaceEdit> {
  const document = context.documents.get(uri);
  if (!document || document.tooLarge) return { changes: {} };
  const { target, environment, known } = await context.settings.get(uri);
  const version = document.text.version;
  const fixed = await context.engine.call('fixAll', [document.file, target, false, known], {
    priority: 0,
    environment,
    file: document.file,
    token,
  });
  if (document.text.version !== version) return { changes: {} };
  return workspaceEdit(document, minimalEdits(document.text, fixed.text), null, context);
}

/** Edits bound to the version they were made for; with `review`, applied only after a look at the difference. */
function workspaceEdit(
  document: OpenDocument,
  edits: TextEdit[],
  review: string | null,
  context: ServerContext,
): WorkspaceEdit {
  if (!context.client.documentChanges) return { changes: { [document.uri]: edits } };
  const textDocument = { uri: document.uri, version: document.text.version };
  if (review === null || !context.client.changeAnnotations) return { documentChanges: [{ textDocument, edits }] };
  return {
    documentChanges: [{ textDocument, edits: edits.map((edit) => ({ ...edit, annotationId: REVIEW })) }],
    changeAnnotations: { [REVIEW]: { label: review, needsConfirmation: true } },
  };
}
