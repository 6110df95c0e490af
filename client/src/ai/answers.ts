/** What language models answered about each file since the editor started: the file's report keeps it. */
import * as vscode from 'vscode';
import type { AskResult, FeedbackParams } from '../../../shared/ai.js';
import { answerMarkdown } from './answerText.js';
import { rendered } from './markdown.js';
import type { Question } from './session.js';

interface Answer {
  readonly title: string;
  /** 0-based; null: the file as a whole. */
  readonly line: number | null;
  readonly result: AskResult;
  feedback: FeedbackParams['feedback'] | null;
}

/** Older ones of a file are in the traces. */
const mostOfAFile = 20;

export class Answers {
  private readonly byFile = new Map<string, Answer[]>();

  keep({ document, title, line }: Question, result: AskResult): void {
    // nobody was asked, or nothing came back
    if (result.outcome !== 'answered' && result.outcome !== 'cached' && result.outcome !== 'dropped') return;
    const key = document.uri.toString();
    const all = this.byFile.get(key) ?? [];
    this.byFile.set(key, [...all, { title, line, result, feedback: null }].slice(-mostOfAFile));
  }

  judge({ traceId, feedback }: FeedbackParams): void {
    for (const answer of [...this.byFile.values()].flat())
      if (answer.result.traceId === traceId) answer.feedback = feedback;
  }

  /** A section for the report of a file, oldest first; empty when there was no answer. */
  async section(uri: string): Promise<string> {
    const answers = this.byFile.get(uri) ?? [];
    if (answers.length === 0) return '';
    const title = vscode.l10n.t('AI-made answers since the editor started');
    return `<section class="eco-report">${await rendered([`## ${title}`, ...answers.map(markdown)].join('\n\n'))}</section>`;
  }
}

function markdown({ title, line, result, feedback }: Answer): string {
  const place = line === null ? '' : `, ${vscode.l10n.t('line {0}', line + 1)}`;
  const verdicts: Readonly<Record<FeedbackParams['feedback'], string>> = {
    accepted: vscode.l10n.t('applied'),
    rejected: vscode.l10n.t('rejected'),
    up: vscode.l10n.t('found useful'),
    down: vscode.l10n.t('found not useful'),
  };
  const verdict = feedback === null ? '' : ` — ${verdicts[feedback]}`;
  return `### ${title}${place}${verdict}\n\n${answerMarkdown(result).replace(/^### /gm, '#### ')}`;
}
