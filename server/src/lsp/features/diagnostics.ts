/**
 * Diagnostics: pulled by clients that can, pushed to the others. Any failure gives an empty
 * report, so that nothing stale stays on the screen.
 */
import {
  type CancellationToken,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver/node';
import { DIAGNOSTIC_SOURCE } from '../../../../shared/protocol.js';
import type { FindingReport } from '../../analysis/model.js';
import type { ServerContext } from '../context.js';
import { toRange, toSeverity } from '../convert.js';
import { CallCancelled } from '../engineClient.js';
import { tooLargeMessage } from '../fileStatus.js';
import { findingMessage, inLanguage } from '../findingText.js';
import type { Finished } from '../reports.js';

interface Shown {
  /** Goes up whenever the items differ from those before. */
  readonly resultId: string;
  readonly items: Diagnostic[];
  readonly json: string;
}

export interface DiagnosticsFeature {
  /** The document was opened, changed, saved, or something it depends on changed. */
  changed(uri: string): void;
  closed(uri: string): void;
}

export function registerDiagnostics(context: ServerContext): DiagnosticsFeature {
  const shown = new Map<string, Shown>();

  const remember = (uri: string, items: Diagnostic[]): Shown => {
    const json = JSON.stringify(items);
    const last = shown.get(uri);
    if (last?.json === json) return last;
    const next = { resultId: String(Number(last?.resultId ?? 0) + 1), items, json };
    shown.set(uri, next);
    return next;
  };

  /** True when the user wants findings for saved text only and this text is not. */
  const waitsForSave = async (uri: string): Promise<boolean> => {
    const { settings } = await context.settings.get(uri);
    const document = context.documents.get(uri);
    return settings.run === 'onSave' && document !== undefined && document.text.version !== document.savedVersion;
  };

  const items = async (uri: string, token?: CancellationToken): Promise<Diagnostic[]> => {
    const finished = await context.reports.current(uri, token);
    if (finished) return diagnosticsOf(finished, uri, context);
    const document = context.documents.get(uri);
    const { settings } = await context.settings.get(uri);
    return document?.tooLarge && settings.enable ? [tooLargeDiagnostic()] : [];
  };

  if (context.client.pullDiagnostics) {
    context.connection.languages.diagnostics.on(async (params, token): Promise<DocumentDiagnosticReport> => {
      const { uri } = params.textDocument;
      let report: Shown;
      try {
        report = (await waitsForSave(uri))
          ? (shown.get(uri) ?? remember(uri, []))
          : remember(uri, await items(uri, token));
      } catch (error) {
        if (error instanceof CallCancelled) {
          // Always asks to be asked again: the client library (10.1.2) never pulls a document again after `false`.
          throw new ResponseError(LSPErrorCodes.ServerCancelled, 'the text changed', { retriggerRequest: true });
        }
        report = remember(uri, []);
      }
      if (params.previousResultId === report.resultId) {
        return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: report.resultId };
      }
      return { kind: DocumentDiagnosticReportKind.Full, resultId: report.resultId, items: report.items };
    });
    return {
      changed: () => {},
      closed: (uri) => shown.delete(uri),
    };
  }

  const push = async (uri: string): Promise<void> => {
    const version = context.documents.get(uri)?.text.version;
    if (version === undefined) return;
    let list: Diagnostic[];
    try {
      if (await waitsForSave(uri)) return;
      list = await items(uri);
    } catch (error) {
      if (error instanceof CallCancelled) return;
      list = [];
    }
    if (context.documents.get(uri)?.text.version !== version) return;
    await context.connection.sendDiagnostics({ uri, version, diagnostics: list });
  };
  // A burst of edits read in one go is one analysis.
  const due = new Set<string>();
  return {
    changed(uri) {
      if (due.has(uri)) return;
      due.add(uri);
      setImmediate(() => {
        due.delete(uri);
        void push(uri);
      });
    },
    closed(uri) {
      shown.delete(uri);
      void context.connection.sendDiagnostics({ uri, diagnostics: [] });
    },
  };
}

function diagnosticsOf(finished: Finished, uri: string, context: ServerContext): Diagnostic[] {
  const file = context.documents.get(uri)?.file;
  return finished.report.findings
    .filter((finding) => finding.file === file || finding.file === finished.report.file)
    .map((finding) => diagnosticOf(finding, finished, context));
}

/** One finding as LSP says it. Its range is where the cursor gets the quick fix. */
export function diagnosticOf(finding: FindingReport, finished: Finished, context: ServerContext): Diagnostic {
  const diagnostic: Diagnostic = {
    range: toRange(finding.range),
    severity: toSeverity(finding.severity),
    source: DIAGNOSTIC_SOURCE,
    code: finding.rule,
    message: findingMessage(finding, finished, context.locale),
    data: { rule: finding.rule, version: finished.report.version },
  };
  if (context.client.codeDescription && /^https?:/.test(finding.docs))
    diagnostic.codeDescription = { href: finding.docs };
  if (context.client.relatedInformation && finding.related.length > 0) {
    diagnostic.relatedInformation = finding.related.map((related) => ({
      location: { uri: context.documents.uriOf(related.file), range: toRange(related.range) },
      message: inLanguage(context.locale, related.message, related.messageZh),
    }));
  }
  return diagnostic;
}

function tooLargeDiagnostic(): Diagnostic {
  return {
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
    severity: DiagnosticSeverity.Information,
    source: DIAGNOSTIC_SOURCE,
    message: tooLargeMessage(),
  };
}

/** Asks the client to pull again, or pushes: what was shown has changed without an edit. */
export function refresh(context: ServerContext, feature: DiagnosticsFeature, uri: string | null): void {
  if (context.client.pullDiagnostics) {
    if (context.client.refreshDiagnostics) context.connection.languages.diagnostics.refresh();
    else
      context.log('the client pulls diagnostics but cannot be asked to pull again: savings show after the next edit');
    return;
  }
  for (const document of context.documents.all()) {
    if (uri === null || document.uri === uri) feature.changed(document.uri);
  }
}
