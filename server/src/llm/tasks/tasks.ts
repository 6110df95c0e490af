/** The tasks: what each needs of a model, prefers, asks and takes as an answer. */
import * as z from 'zod';
import type { TaskId } from '../types.js';
import type { Task } from './task.js';

const claims = z
  .array(z.object({ fact: z.string().max(80), value: z.number(), unit: z.string().max(20) }))
  .max(40)
  .describe('Every figure used, by the id of the fact it is taken from');
const base = {
  summary: z.string().min(1).max(1200),
  assumptions: z.array(z.string().max(400)).max(20),
  claims,
};
const line = z.int().min(1).max(10_000_000);

export const proposal = z.object({
  title: z.string().min(1).max(200),
  reasoning: z.string().max(4000).describe('A short summary of why it saves and why it computes the same'),
  edits: z
    .array(z.object({ startLine: line, endLine: line, newText: z.string().max(20_000) }))
    .min(1)
    .max(20)
    .describe('Whole lines startLine..endLine of the numbered code are replaced by newText'),
  imports: z.array(z.string().max(200)).max(5).describe('Import statements the edit needs beside those in the file'),
  equivalent: z
    .object({ operator: z.string().max(200), source: z.string().max(6000) })
    .nullable()
    .describe('For an operator that could not be resolved: a def in plain PyTorch that computes the same; else null'),
});
export type Proposal = z.infer<typeof proposal>;

const schemas = {
  explain_finding: z.object({ ...base, explanation: z.string().min(1).max(6000) }),
  propose_fix: z.object({ ...base, proposals: z.array(proposal).max(3).describe('Empty when nothing would save') }),
  resolve_operator: z.object({
    ...base,
    operator: z.string().min(1).max(200),
    equivalent: z.string().min(1).max(8000).describe('One Python def in plain PyTorch that computes the same'),
    confidence: z.enum(['low', 'medium', 'high']),
  }),
  infer_inputs: z.object({
    ...base,
    entry: z.string().min(1).max(300),
    inputs: z
      .array(
        z.object({
          name: z.string().max(80),
          shape: z.array(z.int().min(1).max(1_000_000)).max(8),
          dtype: z.enum(['float32', 'float16', 'bfloat16', 'int64', 'int32', 'bool', 'uint8']),
        }),
      )
      .min(1)
      .max(12),
    confidence: z.enum(['low', 'medium', 'high']),
  }),
  architecture_review: z.object({
    ...base,
    recommendations: z
      .array(
        z.object({
          title: z.string().max(200),
          why: z.string().max(2000),
          effort: z.enum(['low', 'medium', 'high']),
          risk: z.string().max(600),
        }),
      )
      .min(1)
      .max(10),
  }),
  report_narrative: z.object({ ...base, paragraphs: z.array(z.string().min(1).max(2500)).min(1).max(8) }),
  analyse_profile: z.object({
    ...base,
    hotspots: z
      .array(z.object({ name: z.string().max(200), share: z.number().min(0).max(1), why: z.string().max(800) }))
      .max(20),
  }),
} as const satisfies Record<TaskId, z.ZodType>;

export type Answers = { [K in TaskId]: z.infer<(typeof schemas)[K]> };

const data = `Facts of the analysis engine (exact; use no other figures):
{facts}

Notes of the analysis engine:
{notes}

{code}`;
const answer = `Answer with one JSON object that fits this JSON schema, and nothing else:
{schema}`;

export const tasks: Readonly<Record<TaskId, Task>> = {
  explain_finding: {
    id: 'explain_finding',
    title: 'Explain a finding',
    needs: { structured: true, vision: false, tools: [], requiredTools: [], minContextTokens: 4000 },
    prefers: { reasoning: 0, speed: 0.05, price: 0.05 },
    baseDifficulty: 0.2,
    outputTokens: 500,
    thinkingTokens: 0,
    maxLatencyMs: 30_000,
    scope: 'local-first',
    schema: schemas.explain_finding,
    prompt: `Explain to a PyTorch developer why the marked lines cost what they cost. {question}\n\n${data}\n\n${answer}`,
  },
  propose_fix: {
    id: 'propose_fix',
    title: 'Propose a fix',
    needs: { structured: true, vision: false, tools: ['carbon_calculator'], requiredTools: [], minContextTokens: 8000 },
    prefers: { reasoning: 0.1, speed: 0, price: 0.02 },
    baseDifficulty: 0.45,
    outputTokens: 1500,
    thinkingTokens: 4096,
    maxLatencyMs: 90_000,
    scope: 'local-first',
    schema: schemas.propose_fix,
    prompt: `Propose up to three edits that make the code use less energy and compute the same. {question}
An edit may replace only lines {range}. Parameter names, output shapes and dtypes stay; every parameter still takes part; no work that matters is removed.\n\n${data}\n\n${answer}`,
  },
  resolve_operator: {
    id: 'resolve_operator',
    title: 'Resolve an unknown operator',
    needs: { structured: true, vision: false, tools: ['search'], requiredTools: [], minContextTokens: 8000 },
    prefers: { reasoning: 0.1, speed: 0, price: 0.02 },
    baseDifficulty: 0.5,
    outputTokens: 700,
    thinkingTokens: 2048,
    maxLatencyMs: 60_000,
    scope: 'simple',
    schema: schemas.resolve_operator,
    prompt: `The analysis engine does not know an operator of this code. Say what it computes, as one def in plain PyTorch. {question}\n\n${data}\n\n${answer}`,
  },
  infer_inputs: {
    id: 'infer_inputs',
    title: 'Infer input shapes',
    needs: { structured: true, vision: false, tools: [], requiredTools: [], minContextTokens: 4000 },
    prefers: { reasoning: 0, speed: 0.05, price: 0.05 },
    baseDifficulty: 0.3,
    outputTokens: 300,
    thinkingTokens: 0,
    maxLatencyMs: 30_000,
    scope: 'local-first',
    schema: schemas.infer_inputs,
    prompt: `Say which inputs this model is called with in practice. {question}\n\n${data}\n\n${answer}`,
  },
  architecture_review: {
    id: 'architecture_review',
    title: 'Architecture review',
    needs: {
      structured: true,
      vision: false,
      tools: ['search', 'carbon_calculator'],
      requiredTools: [],
      minContextTokens: 16_000,
    },
    prefers: { reasoning: 0.2, speed: 0, price: 0 },
    baseDifficulty: 0.7,
    outputTokens: 2500,
    thinkingTokens: 8192,
    maxLatencyMs: 180_000,
    scope: 'architecture',
    schema: schemas.architecture_review,
    prompt: `Review the architecture of this model for energy: which changes beyond single lines would pay. {question}\n\n${data}\n\n${answer}`,
  },
  report_narrative: {
    id: 'report_narrative',
    title: 'Report narrative',
    needs: { structured: true, vision: false, tools: [], requiredTools: [], minContextTokens: 4000 },
    prefers: { reasoning: 0, speed: 0.02, price: 0.1 },
    baseDifficulty: 0.15,
    outputTokens: 600,
    thinkingTokens: 0,
    maxLatencyMs: 45_000,
    scope: 'local-first',
    schema: schemas.report_narrative,
    prompt: `Write the story of this energy report for a reader who does not know the code. {question}\n\n${data}\n\n${answer}`,
  },
  analyse_profile: {
    id: 'analyse_profile',
    title: 'Analyse a profiler picture',
    needs: { structured: true, vision: true, tools: [], requiredTools: [], minContextTokens: 8000 },
    prefers: { reasoning: 0.1, speed: 0, price: 0 },
    baseDifficulty: 0.55,
    outputTokens: 900,
    thinkingTokens: 2048,
    maxLatencyMs: 90_000,
    scope: 'simple',
    schema: schemas.analyse_profile,
    prompt: `The picture is of a profiler. Name the hot spots and how they fit the facts. {question}\n\n${data}\n\n${answer}`,
  },
};

const answerSchemas = new Map<TaskId, Record<string, unknown>>();

/** JSON schema of a task's answer, as structured-output interfaces take it. */
export function answerSchema(task: Task): Record<string, unknown> {
  let known = answerSchemas.get(task.id);
  if (known === undefined) {
    const { $schema: _, ...schema } = z.toJSONSchema(task.schema) as Record<string, unknown>;
    known = schema;
    answerSchemas.set(task.id, known);
  }
  return known;
}
