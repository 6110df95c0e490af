/**
 * One report per document version, shared by everyone who asks. The fast stage answers at
 * once; savings follow on idle time, may be interrupted, and update the report once.
 */
import type { Connection } from 'vscode-languageserver/node';
import { type FileState, type FileStatus, notifications } from '../../../shared/protocol.js';
import type { FileReport } from '../analysis/model.js';
import { newFindings } from '../rules/baseline.js';
import type { Documents, OpenDocument } from './documents.js';
import { CallCancelled, CallFailed, type CancellationLike, type EngineClient } from './engineClient.js';
import { statusOf } from './fileStatus.js';
import type { DocumentSettings, SettingsCache } from './settingsCache.js';

/** Idle time after the last edit or request before savings are worked out. */
const IDLE_MS = 120;

export interface Finished {
  readonly report: FileReport;
  readonly settings: DocumentSettings;
}

interface Entry {
  readonly key: string;
  readonly promise: Promise<Finished>;
  finished: Finished | null;
}

export interface ReportsOptions {
  readonly connection: Connection;
  readonly documents: Documents;
  readonly engine: EngineClient;
  readonly settings: SettingsCache;
  readonly log: (message: string) => void;
  /** A report that was already given out has changed: savings are known, or other files or settings changed. */
  readonly onChanged: (uri: string | null) => void;
}

export class Reports {
  private readonly entries = new Map<string, Entry>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** Versions of documents whose analysis took the engine down: not tried again until the text changes. */
  private readonly deadly = new Map<string, { version: number; reason: string }>();
  /** Counts what may change any document's report: other files, settings, a new worker. */
  private epoch = 0;

  constructor(private readonly options: ReportsOptions) {}

  /**
   * The report of the document's current text; null when it is not open, switched off or too large.
   * @throws {CallCancelled} when the text changed or the asker no longer waits
   * @throws {CallFailed} when the engine failed
   */
  async current(uri: string, token?: CancellationLike): Promise<Finished | null> {
    const settings = await this.options.settings.get(uri);
    if (token?.isCancellationRequested) throw new CallCancelled('analyse');
    const document = this.options.documents.get(uri);
    if (!document) return null;
    if (!settings.settings.enable || document.tooLarge) {
      this.publishStatus(document, settings, settings.settings.enable ? 'tooLarge' : 'disabled', null);
      return null;
    }
    const deadly = this.deadly.get(uri);
    if (deadly?.version === document.text.version) throw new CallFailed(deadly.reason);
    const key = `${document.text.version} ${this.epoch} ${settings.key}`;
    let entry = this.entries.get(uri);
    if (entry?.key !== key) {
      entry = { key, promise: this.analyse(document, settings), finished: null };
      const fresh = entry;
      this.entries.set(uri, fresh);
      fresh.promise.then(
        (finished) => {
          fresh.finished = finished;
        },
        () => {
          if (this.entries.get(uri) === fresh) this.entries.delete(uri);
        },
      );
    }
    return entry.finished ?? abortable(entry.promise, token);
  }

  /** Everything may have changed; open documents are analysed again when asked for. */
  invalidateAll(): void {
    this.epoch += 1;
    this.options.onChanged(null);
  }

  /** Another document's text changed: reports that read it are looked at again. */
  noteChange(uri: string): void {
    this.epoch += 1;
    this.stopTimer(uri);
  }

  forget(uri: string): void {
    this.entries.delete(uri);
    this.deadly.delete(uri);
    this.stopTimer(uri);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private async analyse(document: OpenDocument, settings: DocumentSettings): Promise<Finished> {
    this.publishStatus(document, settings, 'analysing', null);
    try {
      const { version } = document.text;
      const full = await this.options.engine.call('analyse', [document.file, settings.target], {
        priority: 1,
        environment: settings.environment,
        file: document.file,
      });
      const report = full.version === version ? unknownOf(full, document, settings) : full;
      this.publishStatus(document, settings, 'ready', report);
      const unpriced = settings.settings.savings && !report.savingsReady && report.findings.length > 0;
      if (unpriced || report.entriesPending > 0) this.scheduleSavings(document, settings);
      return { report, settings };
    } catch (error) {
      if (error instanceof CallFailed && error.fatal) {
        this.deadly.set(document.uri, { version: document.text.version, reason: error.message });
      }
      if (!(error instanceof CallCancelled)) {
        this.options.log(`analysis of ${document.file} failed: ${(error as Error).message}`);
        this.publishStatus(document, settings, 'failed', null);
      }
      throw error;
    }
  }

  private scheduleSavings(document: OpenDocument, settings: DocumentSettings): void {
    this.stopTimer(document.uri);
    const timer = setTimeout(() => {
      this.timers.delete(document.uri);
      void this.workOutSavings(document, settings);
    }, IDLE_MS);
    this.timers.set(document.uri, timer);
  }

  private async workOutSavings(document: OpenDocument, settings: DocumentSettings): Promise<void> {
    const entry = this.entries.get(document.uri);
    if (!entry?.finished) return;
    try {
      const full = await this.options.engine.call('withSavings', [document.file, settings.target], {
        priority: 2,
        environment: settings.environment,
        file: document.file,
      });
      if (this.entries.get(document.uri) !== entry || full.version !== document.text.version) return;
      const report = unknownOf(full, document, settings);
      const same = JSON.stringify(report.findings) === JSON.stringify(entry.finished.report.findings);
      entry.finished = { report, settings };
      this.publishStatus(document, settings, 'ready', report);
      if (!same) this.options.onChanged(document.uri);
    } catch (error) {
      if (!(error instanceof CallCancelled))
        this.options.log(`savings of ${document.file}: ${(error as Error).message}`);
    }
  }

  private stopTimer(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.delete(uri);
  }

  private publishStatus(
    document: OpenDocument,
    settings: DocumentSettings,
    state: FileState,
    report: FileReport | null,
  ): void {
    const status: FileStatus = statusOf(document, settings, state, report);
    void this.options.connection.sendNotification(notifications.fileStatus, status);
  }
}

/** Without the findings that the project accepts. */
function unknownOf(report: FileReport, document: OpenDocument, { known }: DocumentSettings): FileReport {
  if (known === null) return report;
  return { ...report, findings: newFindings(report.findings, document.text.getText(), known) };
}

/** The promise, or CallCancelled as soon as the token fires; the shared work goes on for the others. */
function abortable<T>(promise: Promise<T>, token: CancellationLike | undefined): Promise<T> {
  if (!token) return promise;
  return new Promise((resolve, reject) => {
    const listening = token.onCancellationRequested(() => reject(new CallCancelled('analyse')));
    promise.then(resolve, reject).finally(() => listening.dispose());
  });
}
