/** What a task is: needs, preferences, the shape of its answer and its question. Tasks are data; see tasks.ts. */
import type * as z from 'zod';
import type { TaskId, ToolName } from '../types.js';

export interface Task {
  readonly id: TaskId;
  readonly title: string;
  /** A model that lacks one of these is not asked. */
  readonly needs: {
    readonly structured: boolean;
    readonly vision: boolean;
    /** Any model that offers them gets them; `required` ones are a need. */
    readonly tools: readonly ToolName[];
    readonly requiredTools: readonly ToolName[];
    readonly minContextTokens: number;
  };
  /** Added to the score: `reasoning` when the model reasons, `speed` and `price` scaled by how fast and cheap it is. */
  readonly prefers: { readonly reasoning: number; readonly speed: number; readonly price: number };
  /** 0..1 before what the request itself adds: see routing/difficulty.ts. */
  readonly baseDifficulty: number;
  /** Typical output tokens. */
  readonly outputTokens: number;
  readonly thinkingTokens: number;
  /** Milliseconds, when the constraints name none. */
  readonly maxLatencyMs: number;
  /** Local analysis is asked first; `architecture` tasks are the only ones that start at the large tier. */
  readonly scope: 'local-first' | 'simple' | 'architecture';
  readonly schema: z.ZodType<AnswerBase>;
  /** Template; `{question}`, `{facts}`, `{notes}`, `{code}`, `{range}`, `{schema}` are filled in. */
  readonly prompt: string;
}

/** What every answer carries. */
export interface AnswerBase {
  readonly summary: string;
  readonly assumptions: readonly string[];
  readonly claims: readonly Claim[];
}

/** A figure the answer rests on, to be held against the engine's. */
export interface Claim {
  readonly fact: string;
  readonly value: number;
  readonly unit: string;
}

export interface ProposedEdit {
  readonly startLine: number;
  readonly endLine: number;
  readonly newText: string;
}
