/** One line of the trace store: schema version 1, documented in docs/ai.md. No source text unless it is allowed. */
import * as z from 'zod';
import { objectives, taskIds } from '../types.js';

export const traceVersion = 1;

const candidate = z.object({
  ref: z.string(),
  eligible: z.boolean(),
  score: z.number().nullable(),
  quality: z.number(),
  costUsd: z.number(),
  latencyS: z.number(),
  carbon_g: z.number(),
  reason: z.string(),
});

export const traceSchema = z.object({
  schemaVersion: z.literal(traceVersion),
  id: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  task: z.enum(taskIds),
  objective: z.enum(objectives),
  features: z.object({
    task: z.enum(taskIds),
    inputTokens: z.number(),
    outputTokens: z.number(),
    codeLines: z.number(),
    unknowns: z.number(),
    facts: z.number(),
    hasImage: z.boolean(),
    localCoverage: z.number(),
  }),
  tier: z.enum(['local', 'small', 'large']),
  difficulty: z.number(),
  policy_version: z.string(),
  propensity: z.number(),
  candidates: z.array(candidate),
  chosen: z.string().nullable(),
  /** Who answered in the end; null: nobody. */
  answeredBy: z.string().nullable(),
  attempts: z.array(
    z.object({
      ref: z.string(),
      tries: z.number(),
      ms: z.number(),
      failure: z.string().nullable(),
      /** What it took, discarded tries included; absent in older records. */
      inputTokens: z.number().optional(),
      outputTokens: z.number().optional(),
      costUsd: z.number().optional(),
      carbon_g: z.number().optional(),
      /** Asked beside another that was slow. */
      hedge: z.boolean().optional(),
    }),
  ),
  outcome: z.enum(['answered', 'local', 'cached', 'dropped', 'failed', 'refused', 'aborted', 'timeout']),
  decisionMs: z.number(),
  latencyMs: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number(),
  carbon_g: z.number(),
  verification: z.object({
    status: z.enum(['verified', 'checked', 'unchecked']),
    accepted: z.number(),
    rejected: z.number(),
    reasons: z.array(z.string()),
    corrections: z.number(),
    repaired: z.boolean(),
  }),
  /** Set later, by feedback records of the same id. */
  user_feedback: z.enum(['accepted', 'rejected', 'up', 'down']).nullable(),
  /** Question and code, only when the user allowed keeping them. */
  source: z.object({ prompt: z.string(), code: z.string() }).nullable(),
});
export type TraceRecord = z.infer<typeof traceSchema>;

/** Appended when a person judges an answer; merged into the record when traces are read. */
export const feedbackSchema = z.object({
  schemaVersion: z.literal(traceVersion),
  feedbackFor: z.string(),
  at: z.number(),
  user_feedback: z.enum(['accepted', 'rejected', 'up', 'down']),
});
export type FeedbackRecord = z.infer<typeof feedbackSchema>;
