/** What the MCP server can do, as plain functions: arguments in, text and data out. Nothing here writes a file. */
import * as z from 'zod';
import { defaultTarget } from '../analysis/createEngine.js';
import type { Engine, Target } from '../analysis/engine.js';
import type { EstimateReport, FindingReport } from '../analysis/model.js';
import { findAccelerator } from '../hardware/accelerators.js';
import { findRegion } from '../hardware/carbon.js';
import { contextOf, factsOfEstimate, factsOfSaving, findingAt } from '../llm/context.js';
import { execute } from '../llm/execute.js';
import { factText } from '../llm/safety/facts.js';
import type { AiServices } from '../llm/services.js';
import type { CheckedProposal } from '../llm/verify/checkAnswer.js';
import { pages } from '../rules/pages.js';
import { allRules } from '../rules/registry.js';

export interface ToolPorts {
  /** The file's full path. @throws Error with a sentence when it cannot be read. */
  readonly resolve: (file: string) => { readonly path: string; readonly text: string };
  /** What the project says about a file: where it runs and which rules. @throws Error when its configuration is wrong. */
  readonly target?: (path: string) => Target;
  /** An engine for the project around a file. */
  readonly engine: (path: string) => Promise<Engine>;
  /** Language models; the checks of answers are for this file. */
  readonly services: (path: string, text: string, target: Target) => Promise<AiServices>;
}

export interface ToolAnswer {
  readonly text: string;
  readonly data: Record<string, unknown>;
}

interface Tool<S extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: S;
  readonly run: (args: z.infer<z.ZodObject<S>>, ports: ToolPorts, signal: AbortSignal) => Promise<ToolAnswer>;
}

const target = {
  hardware: z.string().optional().describe('Accelerator id, for example h100-sxm, l4, a100-80gb-sxm; default h100-sxm'),
  region: z.string().optional().describe('Country or cloud region whose grid carbon counts; default: world average'),
  dtype: z.enum(['float32', 'bfloat16', 'float16', 'float64']).optional(),
  phase: z.enum(['inference', 'training']).optional(),
  batch: z.int().min(1).max(1_000_000).optional(),
};
const file = z.string().min(1).describe('Path of a Python file');

function define<S extends z.ZodRawShape>(tool: Tool<S>): Tool {
  return tool as unknown as Tool;
}

export const tools: readonly Tool[] = [
  define({
    name: 'estimate',
    title: 'Estimate cost of a PyTorch model',
    description:
      'What one call of the models in a file costs: FLOPs, bytes, memory, time, energy, money, carbon. The code is read, never run.',
    input: {
      file,
      entry: z
        .string()
        .optional()
        .describe(
          'Python expression in the namespace of the file, e.g. resnet50(num_classes=10); default: every model',
        ),
      inputs: z.array(z.string()).optional().describe('Arguments of the call, e.g. 1x3x224x224:float32'),
      ...target,
    },
    async run(args, ports) {
      const { path } = ports.resolve(args.file);
      const engine = await ports.engine(path);
      try {
        const problems = engine.problems(path);
        const { estimates } = engine.estimate({
          file: path,
          entry: args.entry ?? null,
          inputs: args.inputs ?? [],
          target: targetOf(args, ports.target?.(path)),
        });
        const text = [...estimates.map(estimateText), ...problems.map((p) => `${args.file}:${p.line}: ${p.message}`)];
        return {
          text: text.join('\n\n') || 'No model found.',
          data: { estimates: estimates.map(({ modules: _, range: __, ...rest }) => rest), problems },
        };
      } finally {
        engine.dispose();
      }
    },
  }),
  define({
    name: 'audit',
    title: 'Find lines that waste energy',
    description:
      'The lines of a file that waste energy, what each costs, and its fix as edits (0-based lines and columns).',
    input: { file, ...target },
    async run(args, ports) {
      const { path } = ports.resolve(args.file);
      const engine = await ports.engine(path);
      try {
        const report = engine.withSavings(path, targetOf(args, ports.target?.(path)));
        const text = report.findings.map((f) => findingText(f, args.file));
        return {
          text: text.join('\n') || 'Nothing found.',
          data: { findings: report.findings, problems: report.problems },
        };
      } finally {
        engine.dispose();
      }
    },
  }),
  define({
    name: 'explain',
    title: 'Explain a rule',
    description: 'The page of a rule: what it finds, why it costs, what to use instead, when not to.',
    input: { rule: z.string().min(1).describe('Code or name, e.g. ECO100') },
    async run({ rule }) {
      const found = allRules.find(
        ({ meta }) =>
          meta.code === rule.toUpperCase() || meta.name === rule.toLowerCase() || meta.aliases.includes(rule),
      );
      if (found === undefined)
        throw new Error(`No rule "${rule}". The rules are ${allRules.map(({ meta }) => meta.code).join(', ')}.`);
      const { code } = found.meta;
      return { text: pages[code] ?? '', data: { code, markdown: pages[code] ?? '' } };
    },
  }),
  define({
    name: 'compare_hardware',
    title: 'Compare accelerators',
    description: 'One model on several accelerators: time, energy, dollars and grams per million calls.',
    input: {
      file,
      entry: z.string().optional(),
      hardware: z.array(z.string()).min(1).max(20).describe('Accelerator ids'),
      region: target.region,
      dtype: target.dtype,
      phase: target.phase,
      batch: target.batch,
    },
    async run(args, ports) {
      const { path } = ports.resolve(args.file);
      const engine = await ports.engine(path);
      try {
        const rows = args.hardware.map((hardware) => {
          const one = { ...args, hardware };
          const { estimates } = engine.estimate({
            file: path,
            entry: args.entry ?? null,
            inputs: [],
            target: targetOf(one, ports.target?.(path)),
          });
          const best = [...estimates].sort((a, b) => (b.energy_J?.value ?? -1) - (a.energy_J?.value ?? -1))[0];
          return {
            hardware: targetOf(one).hardware,
            entry: best?.entry ?? null,
            time_s: best?.time_s?.value ?? null,
            energy_J: best?.energy_J?.value ?? null,
            usd_per_million: best?.per_million.usd?.value ?? null,
            gCO2e_per_million: best?.per_million.gCO2e?.value ?? null,
          };
        });
        const show = (value: number | null, unit: Parameters<typeof factText>[0]['unit']): string =>
          factText({ value, unit });
        const text = rows.map(
          (r) =>
            `${r.hardware}: ${show(r.time_s, 's')}, ${show(r.energy_J, 'J')}, ${show(r.usd_per_million, 'USD/1M calls')}, ${show(r.gCO2e_per_million, 'gCO2e/1M calls')}`,
        );
        return { text: text.join('\n'), data: { rows } };
      } finally {
        engine.dispose();
      }
    },
  }),
  define({
    name: 'propose_fix',
    title: 'Propose a checked fix',
    description:
      'Edits for the finding or function at a line: the engine’s own, or a language model’s where one is set up and sending is allowed. Every edit is checked; nothing is applied.',
    input: { file, line: z.int().min(1).describe('1-based'), ...target },
    async run(args, ports, signal) {
      const { path, text } = ports.resolve(args.file);
      const aim = targetOf(args, ports.target?.(path));
      const engine = await ports.engine(path);
      const report = engine.withSavings(path, aim);
      engine.dispose();
      const finding = findingAt(report, args.line);
      const context = contextOf({
        task: 'propose_fix',
        file: args.file,
        text,
        report,
        line: args.line,
        ...(finding === null ? {} : { page: pages[finding.rule] ?? '' }),
      });
      const services = await ports.services(path, text, aim);
      const result = await execute(
        { input: { task: 'propose_fix', prompt: '', context }, objective: 'balanced', constraints: {} },
        services,
        signal,
      );
      const proposals = ((result.data as { proposals?: readonly CheckedProposal[] } | null)?.proposals ?? []).map(
        (p) => ({
          title: p.title,
          reasoning: p.reasoning,
          status: p.status,
          verification: p.numeric,
          edits: p.edits,
          imports: p.imports,
          energy: p.verdict.energy,
        }),
      );
      const lines = proposals.map(
        (p) =>
          `${p.title} (${p.status}, by ${result.answeredBy}): ${p.energy.map((e) => `${e.entry} ${factText({ value: e.before_J, unit: 'J' })} → ${factText({ value: e.after_J, unit: 'J' })}`).join('; ')}\n${p.edits.map((e) => `lines ${e.startLine}-${e.endLine}:\n${e.newText}`).join('\n')}`,
      );
      return {
        text: lines.join('\n\n') || (result.problem ?? 'No fix that passes the checks.'),
        data: {
          proposals,
          rejected: result.rejected,
          answeredBy: result.answeredBy,
          problem: result.problem,
          traceId: result.trace.id,
        },
      };
    },
  }),
];

function targetOf(
  args: {
    hardware?: string;
    region?: string;
    dtype?: string;
    phase?: 'inference' | 'training';
    batch?: number;
  },
  project: Target = defaultTarget,
): Target {
  const accelerator = args.hardware === undefined ? null : findAccelerator(args.hardware);
  if (accelerator !== null && !accelerator.ok) throw new Error(accelerator.message);
  const region = args.region === undefined ? null : findRegion(args.region);
  if (region !== null && !region.ok) throw new Error(region.message);
  return {
    ...project,
    hardware: accelerator?.value.id ?? project.hardware,
    region: region?.value.id ?? project.region,
    dtype: args.dtype ?? project.dtype,
    phase: args.phase ?? null,
    batch: args.batch ?? project.batch,
    trainMode: args.phase === 'training',
  };
}

function estimateText(one: EstimateReport): string {
  const head = `${one.entry} on ${one.hardware}, ${one.dtype}, ${one.phase}`;
  if (one.missing !== null) return `${head}: no figures: ${one.missing}`;
  const unknown = one.coverage.unknown.map((u) => `not understood in line ${u.line}: ${u.what}: ${u.why}`);
  const assumed = one.assumptions.map((a) => `assumed: ${a.text}`);
  return [
    head,
    ...factsOfEstimate(one).map((f) => `  ${f.label}: ${factText(f)}`),
    ...unknown.map((t) => `  ${t}`),
    ...assumed.map((t) => `  ${t}`),
  ].join('\n');
}

function findingText(f: FindingReport, name: string): string {
  const saving = factsOfSaving(f)
    .slice(0, 2)
    .map((x) => `${x.label}: ${factText(x)}`)
    .join(', ');
  return `${name}:${f.range.start.line + 1} ${f.rule} ${f.severity}: ${f.message}${saving === '' ? '' : ` ${saving}.`}${f.fix === null ? '' : ` Fix (${f.fix.safety}): ${f.fix.title}.`}`;
}
