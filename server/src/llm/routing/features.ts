/** What the router knows of a request: counts only, never the source. */
import { tasks } from '../tasks/tasks.js';
import type { ExecuteInput, RequestFeatures } from '../types.js';

/** About four characters of code or English make a token; providers' own counts replace it in the trace. */
const charactersPerToken = 3.6;

export function tokensOf(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** Tokens that a picture takes at most, with the providers whose models we know. */
const imageTokens = 1600;

/** `promptText`: the filled-in prompt, when it is at hand already. */
export function featuresOf(input: ExecuteInput, promptText?: string): RequestFeatures {
  const { context } = input;
  const characters =
    promptText?.length ??
    1500 +
      input.prompt.length +
      context.code.reduce((n, block) => n + block.text.length * 1.15, 0) +
      context.facts.length * 50 +
      context.notes.reduce((n, note) => n + note.length, 0);
  const { local } = context;
  return {
    task: input.task,
    inputTokens: Math.ceil(characters / charactersPerToken) + (context.image === undefined ? 0 : imageTokens),
    outputTokens: tasks[input.task].outputTokens,
    codeLines: context.code.reduce((n, block) => n + lineCount(block.text), 0),
    unknowns: context.gaps ?? context.facts.filter((fact) => fact.value === null).length,
    facts: context.facts.length,
    hasImage: context.image !== undefined,
    localCoverage: local === undefined ? 0 : local.complete ? 1 : 0.5,
  };
}

function lineCount(text: string): number {
  let lines = text === '' ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
