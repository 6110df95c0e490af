/**
 * The demo: no network, no model. It answers from the facts that the engine put into the
 * request, always the same way, and says that it is a demo. What needs judgement it refuses.
 */
import { factText } from '../safety/facts.js';
import type { Answers } from '../tasks/tasks.js';
import type { ExecuteInput, Fact } from '../types.js';
import { type Provider, ProviderFailure } from './provider.js';

export const demoLabel = 'Demo answer (no language model was asked; built from the engine’s own figures)';

export const demo: Provider = {
  id: 'demo',
  label: 'Demo (offline, no model)',
  keyVariables: [],
  baseUrlVariable: null,
  defaultBaseUrl: null,
  local: true,
  needsUserAction: false,

  async complete({ input }, context) {
    if (context.signal.aborted) throw new ProviderFailure('aborted', 'the call was stopped');
    const text = JSON.stringify(answerTo(input));
    context.onText(text);
    return { text, usage: { inputTokens: 0, outputTokens: 0 }, finish: 'stop', citations: [], executed: [] };
  },

  async health() {
    return { models: ['facts'] };
  },
};

function answerTo(input: ExecuteInput): Partial<Answers>[keyof Answers] {
  const { context } = input;
  const known = context.facts.filter((fact) => fact.value !== null);
  const unknown = context.facts.filter((fact) => fact.value === null);
  const claims = known.slice(0, 40).map((fact) => ({ fact: fact.id, value: fact.value!, unit: fact.unit }));
  const first = context.notes[0] ?? `The engine gives ${known.length} figures for this code.`;
  const common = {
    summary: `${demoLabel}. ${first}`.slice(0, 1200),
    assumptions: context.notes.filter((note) => note.startsWith('Assumption:')).slice(0, 20),
    claims,
  };
  switch (input.task) {
    case 'explain_finding':
      return { ...common, explanation: [first, sentences(known), missing(unknown)].filter(Boolean).join('\n\n') };
    case 'propose_fix': {
      const fix = context.engineFix;
      return {
        ...common,
        proposals:
          fix === undefined
            ? []
            : [
                {
                  title: fix.title,
                  reasoning: 'The engine’s own fix.',
                  edits: [...fix.edits],
                  imports: [],
                  equivalent: null,
                },
              ],
      };
    }
    case 'infer_inputs':
      if (context.model === undefined || context.model.inputs.length === 0) break;
      return {
        ...common,
        entry: context.model.entry,
        inputs: context.model.inputs.map((one) => ({ ...one, shape: [...one.shape], dtype: dtypeOf(one.dtype) })),
        confidence: 'low',
      };
    case 'architecture_review':
      return {
        ...common,
        recommendations: (context.notes.length > 0 ? context.notes : [first]).slice(0, 10).map((note) => ({
          title: note.split(/[.:]/)[0]!.slice(0, 200) || 'Finding',
          why: note,
          effort: 'low' as const,
          risk: 'See the finding.',
        })),
      };
    case 'report_narrative':
      return {
        ...common,
        paragraphs: [first, sentences(known) || 'No figure is known.', missing(unknown)].filter(Boolean),
      };
    default:
  }
  throw new ProviderFailure('refusal', 'the demo only repeats what the engine knows; this task needs a language model');
}

type Dtype = Answers['infer_inputs']['inputs'][number]['dtype'];
const dtypes: readonly Dtype[] = ['float32', 'float16', 'bfloat16', 'int64', 'int32', 'bool', 'uint8'];
function dtypeOf(name: string): Dtype {
  return dtypes.find((one) => one === name) ?? 'float32';
}

function sentences(facts: readonly Fact[]): string {
  return facts.map((fact) => `${fact.label}: ${factText(fact)}.`).join(' ');
}

function missing(facts: readonly Fact[]): string {
  return facts.length === 0 ? '' : `Not known: ${facts.map((fact) => fact.label).join(', ')}.`;
}
