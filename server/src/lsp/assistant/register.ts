/** The assistant's requests (shared/assistant.ts) on the connection. */
import type { CancellationToken } from 'vscode-languageserver/node';
import {
  type AskPlace,
  assistantRequests,
  type DescribeParams,
  type Description,
} from '../../../../shared/assistant.js';
import type { FileParams } from '../../../../shared/protocol.js';
import type { ServerContext } from '../context.js';
import { describe, placesOf } from './describe.js';

/** How a request is answered: with a message for people when it fails. */
export type Answer = <P, R>(method: string, handler: (params: P, token: CancellationToken) => Promise<R>) => void;

export function registerAssistant(context: ServerContext, answer: Answer): void {
  answer<FileParams, AskPlace[]>(assistantRequests.places, async ({ uri }, token) => {
    const finished = await context.reports.current(uri, token);
    const text = context.documents.get(uri)?.text.getText() ?? '';
    return finished ? placesOf(finished.report, context.locale, text) : [];
  });
  answer<DescribeParams, Description>(assistantRequests.describe, (params, token) => describe(params, context, token));
}
