/**
 * What client and server say to each other for "Ask AI", the chat participant and the
 * language-model tools, beyond the questions to language models themselves (ai.ts). All of
 * it is answered by the engine; nothing here reaches a network.
 */
import type { FileParams } from './protocol.js';

export const assistantRequests = {
  /** `FileParams` → `AskPlace[]`: lines worth a question, in the order of the file. */
  places: 'ecocompute/assistant/places',
  /** `DescribeParams` → `Description`: Markdown from the engine's figures. */
  describe: 'ecocompute/assistant/describe',
} as const;

/** The client's command behind the "Ask AI" code action: `[uri, line]`, 0-based. */
export const ASK_COMMAND = 'ecocompute.askAi';

export interface AskPlace {
  /** 0-based. */
  readonly line: number;
  readonly kind: 'finding' | 'unknown';
  /** `ECO161` or the operator's name. */
  readonly label: string;
  readonly message: string;
}

export interface DescribeParams extends FileParams {
  /**
   * `estimate`: the models' figures; `audit`: the findings; `rule`: the page of the rule named in `prompt`;
   * `compare`: accelerators named in `prompt`, else usual ones; `plan`: within the constraints of `prompt`.
   */
  readonly what: 'estimate' | 'audit' | 'rule' | 'compare' | 'plan';
  readonly prompt: string;
}

export interface Description {
  readonly markdown: string;
  /** A constraint is missing: `markdown` asks for it. */
  readonly asksBack: boolean;
}
