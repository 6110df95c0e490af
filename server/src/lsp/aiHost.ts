/**
 * The worker's side of checking answers: the engine runs there, so that the server's thread
 * stays free. One question after the other; the asker ends the worker to stop one.
 */
import type { MessagePort } from 'node:worker_threads';
import type { EnvironmentOptions, Target } from '../analysis/engine.js';
import type { AnswerCheck } from '../llm/services.js';
import type { ExecuteInput } from '../llm/types.js';
import { makeAnswerChecker } from '../llm/verify/checkAnswer.js';
import { makeNumericCheck } from '../llm/verify/sandbox.js';
import { createParser } from '../syntax/createParser.js';
import type { Parser } from '../syntax/parser.js';
import { nodeProcesses } from './aiPorts.js';
import { nodeFiles } from './nodeFiles.js';

export interface CheckQuestion {
  readonly file: string;
  readonly text: string;
  readonly target: Target;
  readonly environment: EnvironmentOptions;
  /** Python to compare numbers in; null: not allowed. */
  readonly python: string | null;
  readonly input: ExecuteInput;
  readonly data: unknown;
}
export type CheckReply =
  | { readonly ok: true; readonly check: AnswerCheck }
  | { readonly ok: false; readonly message: string };

/** What the worker is started with when it is to check answers rather than to be the engine. */
export interface AiWorkerData {
  readonly role: 'ai';
}

export function hostAiChecks(port: MessagePort): void {
  let parser: Promise<Parser> | null = null;
  port.on('message', async (question: CheckQuestion) => {
    let reply: CheckReply;
    try {
      parser ??= createParser({ log: () => {} });
      const check = makeAnswerChecker({
        parser: await parser,
        files: nodeFiles,
        environment: question.environment,
        cancelled: () => false,
        file: question.file,
        text: question.text,
        target: question.target,
        numeric:
          question.python === null ? null : makeNumericCheck({ python: question.python, processes: nodeProcesses }),
      });
      reply = { ok: true, check: await check(question.input, question.data, new AbortController().signal) };
    } catch (error) {
      reply = { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
    port.postMessage(reply);
  });
}
