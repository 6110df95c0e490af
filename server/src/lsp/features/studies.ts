/** Requests behind the explain and compare commands: where a figure comes from, and a model over accelerators as a page. */
import * as l10n from '@vscode/l10n';
import { ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import {
  type CompareParams,
  type ComparisonPage,
  type Explained,
  type ExplainParams,
  requests,
} from '../../../../shared/protocol.js';
import { comparisonBody, comparisonCss } from '../../audit/comparison.js';
import { explanationMarkdown } from '../../audit/explanation.js';
import type { ServerContext } from '../context.js';
import { CallCancelled } from '../engineClient.js';
import { inputFlags } from '../inputSpec.js';
import { escapeMarkdown } from '../markdown.js';

export function registerStudies(context: ServerContext): void {
  const { connection } = context;
  connection.onRequest(requests.explain, async (params: ExplainParams, token): Promise<Explained | null> => {
    const { file, target, environment } = await opened(params.uri, context);
    const { line, character, figure } = params;
    const told = await guarded(context, () =>
      context.engine.call('explainAt', [file, line, character, figure, target], {
        priority: 0,
        environment,
        file,
        token,
      }),
    );
    if (told === null) return null;
    const locale = context.locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
    return { title: `${told.figure}: ${told.title}`, markdown: explanationMarkdown(told, locale, escapeMarkdown) };
  });
  connection.onRequest(requests.comparePage, async (params: CompareParams, token): Promise<ComparisonPage> => {
    const { file, target, environment } = await opened(params.uri, context);
    const finished = await context.reports.current(params.uri, token);
    const known = finished?.report.estimates.find((one) => one.entry === params.entry);
    // A part that was only seen inside a larger model has no expression of its own: the file is compared as a whole.
    const entry = params.entry?.endsWith(')') ? params.entry : null;
    const request = {
      file,
      entry,
      inputs: entry !== null && known ? inputFlags(known) : [],
      target,
      hardware: params.hardware,
      dtypes: [target.dtype],
      batches: [target.batch],
    };
    const { comparisons } = await guarded(context, () =>
      context.engine.call('compare', [request], { priority: 0, environment, file, token }),
    );
    const shown = comparisons.find((one) => one.entry === params.entry) ?? comparisons[0];
    return {
      title: l10n.t('Accelerators for {0}', params.entry ?? ''),
      css: comparisonCss,
      html: shown === undefined ? '' : comparisonBody(shown),
    };
  });
}

async function opened(uri: string, context: ServerContext) {
  const document = context.documents.get(uri);
  if (!document) throw new ResponseError(ErrorCodes.InvalidParams, l10n.t('{0} is not open as a Python file.', uri));
  const { target, environment } = await context.settings.get(uri);
  return { file: document.file, target, environment };
}

/** Answers with a message for people instead of a stack trace. */
async function guarded<T>(context: ServerContext, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CallCancelled)
      throw new ResponseError(LSPErrorCodes.ContentModified, l10n.t('The text changed meanwhile; try again.'));
    context.log(`study: ${(error as Error).stack ?? String(error)}`);
    const [first] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ResponseError(ErrorCodes.InternalError, l10n.t('The analysis failed: {0}', first ?? ''));
  }
}
