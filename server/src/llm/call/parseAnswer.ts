/** The JSON object in an answer, whatever stands around it, held against the task's schema. */
import type { Task } from '../tasks/task.js';

export type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reasons: readonly string[] };

const longest = 400_000;
/** Local servers put a model's thinking in front of its answer. */
const thoughts = /^\s*<think>[\s\S]*?<\/think>/;

export function parseAnswer(task: Task, text: string): Parsed {
  if (text.length > longest) return { ok: false, reasons: [`the answer is longer than ${longest} characters`] };
  const raw = jsonIn(text.replace(thoughts, ''));
  if (raw === undefined) return { ok: false, reasons: ['the answer is not a JSON object'] };
  const parsed = task.schema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    reasons: parsed.error.issues.slice(0, 8).map((issue) => `${issue.path.join('.') || 'answer'}: ${issue.message}`),
  };
}

function jsonIn(text: string): unknown {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(text);
  for (const candidate of [text.trim(), fenced?.[1], braces(text)]) {
    if (candidate === undefined) continue;
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    } catch {
      // the next way of finding it
    }
  }
  return undefined;
}

function braces(text: string): string | undefined {
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  return from >= 0 && to > from ? text.slice(from, to + 1) : undefined;
}
