/**
 * What is always in sight: one status bar item with the accelerator that figures are for
 * (it opens the picker), and language status items with the state of the file and the server.
 */
import * as vscode from 'vscode';
import type { FileStatus, ServerStatus } from '../../shared/protocol.js';
import { budgetUsed, dollars, figuresOfCall } from './ai/figures.js';
import { documentSelector, isOurs } from './documents.js';

export interface MonthOfCalls {
  readonly calls: number;
  readonly costUsd: number;
  readonly carbon_g: number;
  /** null: no budget. */
  readonly budgetUsd: number | null;
}

/** `Language models this month: 3 calls, $0.0042, 1.2 g CO2e of $5`. Empty before the first call. */
function monthText(spent: MonthOfCalls | null): string {
  if (spent === null || spent.calls === 0) return '';
  const said = vscode.l10n.t(
    'Language models this month: {0} calls, {1}.',
    spent.calls,
    figuresOfCall(spent.costUsd, spent.carbon_g),
  );
  if (spent.budgetUsd === null) return said;
  const stop = budgetUsed(spent.costUsd, spent.budgetUsd)
    ? vscode.l10n.t(
        'The budget of {0} is used up: nothing that costs is asked until next month.',
        dollars(spent.budgetUsd),
      )
    : vscode.l10n.t('Budget: {0}.', dollars(spent.budgetUsd));
  return `${said} ${stop}`;
}

export class StatusItems implements vscode.Disposable {
  private readonly bar: vscode.StatusBarItem;
  private readonly fileItem: vscode.LanguageStatusItem;
  private readonly serverItem: vscode.LanguageStatusItem;
  private readonly files = new Map<string, FileStatus>();
  private serverStatus: ServerStatus | null = null;
  private spent: MonthOfCalls | null = null;

  constructor() {
    this.bar = vscode.window.createStatusBarItem('ecocompute.hardware', vscode.StatusBarAlignment.Right, 90);
    this.bar.name = vscode.l10n.t('EcoCompute hardware');
    this.bar.command = 'ecocompute.selectHardware';
    this.fileItem = vscode.languages.createLanguageStatusItem('ecocompute.file', documentSelector);
    this.fileItem.name = 'EcoCompute';
    this.fileItem.command = { command: 'ecocompute.auditFile', title: vscode.l10n.t('Audit') };
    this.serverItem = vscode.languages.createLanguageStatusItem('ecocompute.server', documentSelector);
    this.serverItem.name = vscode.l10n.t('EcoCompute language server');
    this.serverItem.command = { command: 'ecocompute.showLog', title: vscode.l10n.t('Show Log') };
    this.show();
  }

  get serverProcess(): number | null {
    return this.serverStatus?.processId || null;
  }

  file(status: FileStatus): void {
    this.files.set(status.uri, status);
    this.show();
  }

  server(status: ServerStatus): void {
    this.serverStatus = status;
    this.show();
  }

  /** What language models cost this month; null: they are switched off. */
  month(spent: MonthOfCalls | null): void {
    this.spent = spent;
    this.show();
  }

  show(): void {
    const document = vscode.window.activeTextEditor?.document;
    const status = isOurs(document) ? this.files.get(document.uri.toString()) : undefined;
    this.showServer();
    this.showFile(status);
    if (!isOurs(document)) {
      this.bar.hide();
      return;
    }
    const configured = vscode.workspace.getConfiguration('ecocompute', document).get<string>('hardware', '');
    const hardware = status?.hardware || configured;
    const failed = this.serverStatus?.health === 'error';
    this.bar.text = `${failed ? '$(warning)' : '$(zap)'} ${hardware}`;
    const priced = vscode.l10n.t('EcoCompute prices this file on {0}. Select to choose another accelerator.', hardware);
    this.bar.tooltip = [priced, status?.summary ?? '', monthText(this.spent)].filter(Boolean).join('\n');
    this.bar.accessibilityInformation = { label: vscode.l10n.t('EcoCompute hardware: {0}', hardware) };
    this.bar.show();
  }

  dispose(): void {
    this.bar.dispose();
    this.fileItem.dispose();
    this.serverItem.dispose();
  }

  private showFile(status: FileStatus | undefined): void {
    const item = this.fileItem;
    item.busy = status?.state === 'analysing';
    item.severity = vscode.LanguageStatusSeverity.Information;
    if (!status) {
      item.text = vscode.l10n.t('EcoCompute: not analysed yet');
      item.detail = undefined;
      return;
    }
    item.text = status.summary || vscode.l10n.t('EcoCompute: no model found');
    item.detail = status.details[0] ?? vscode.l10n.t('{0} findings on {1}', status.findings, status.hardware);
    if (status.state === 'disabled') {
      item.text = vscode.l10n.t('EcoCompute is switched off');
      item.detail = vscode.l10n.t('Setting ecocompute.enable');
    } else if (status.state === 'tooLarge' || status.state === 'failed') {
      item.text =
        status.state === 'failed'
          ? vscode.l10n.t('EcoCompute: the analysis failed')
          : vscode.l10n.t('EcoCompute: file too large');
      item.severity = vscode.LanguageStatusSeverity.Warning;
    } else if (status.details.length > 0) {
      item.severity = vscode.LanguageStatusSeverity.Warning;
    }
  }

  private showServer(): void {
    const status = this.serverStatus;
    const item = this.serverItem;
    item.busy = status?.health === 'starting';
    item.severity =
      status?.health === 'error'
        ? vscode.LanguageStatusSeverity.Error
        : status?.health === 'warning'
          ? vscode.LanguageStatusSeverity.Warning
          : vscode.LanguageStatusSeverity.Information;
    item.text = vscode.l10n.t('EcoCompute server');
    if (!status) item.detail = vscode.l10n.t('not started');
    else if (status.message) item.detail = status.message;
    else if (status.parserBackend) item.detail = vscode.l10n.t('running, parser: {0}', status.parserBackend);
    else item.detail = vscode.l10n.t('starting');
  }
}
