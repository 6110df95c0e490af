/**
 * `ecocompute ai …`: asks a language model about a file, shows models, traces, totals and
 * health. Keys come from the environment alone; nothing leaves the machine without `--send`.
 */
import { basename, relative } from 'node:path';
import type { FileReport } from '../analysis/model.js';
import { contextOf, findingAt } from '../llm/context.js';
import { type ExecuteResult, execute } from '../llm/execute.js';
import { learnedQuality, readPolicy } from '../llm/learn/policy.js';
import { makeRegistry, type Registry } from '../llm/models/registry.js';
import { parseModelsFile } from '../llm/models/userFile.js';
import { providers } from '../llm/providers/registry.js';
import { type AiServices, makeServices, type SendPreview, stateFrom } from '../llm/services.js';
import type { Answers } from '../llm/tasks/tasks.js';
import { tasks } from '../llm/tasks/tasks.js';
import { TraceStore } from '../llm/traces/store.js';
import { type Objective, objectives, type TaskId } from '../llm/types.js';
import { type CheckedProposal, makeAnswerChecker } from '../llm/verify/checkAnswer.js';
import { makeNumericCheck } from '../llm/verify/sandbox.js';
import {
  baseUrlFromEnvironment,
  keyFromEnvironment,
  nodePorts,
  nodeProcesses,
  traceFolder,
  traceFolderPath,
} from '../lsp/aiPorts.js';
import { nodeFiles } from '../lsp/nodeFiles.js';
import { findPythonEnvironment } from '../lsp/pythonEnvironment.js';
import { pages } from '../rules/pages.js';
import { createParser } from '../syntax/createParser.js';
import { health, models, traces } from './aiTables.js';
import {
  type Flags,
  helpFlag,
  listFlag,
  numberFlag,
  oneOf,
  readFlags,
  targetFlags,
  targetOf,
  textFlag,
} from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { absolute, openEngine, readSource } from './session.js';
import { makeStyle, wrap } from './terminal.js';

const flagSpecs = {
  ...helpFlag,
  ...targetFlags,
  objective: { type: 'string' },
  model: { type: 'string' },
  'max-cost': { type: 'string' },
  'max-latency': { type: 'string' },
  'max-carbon': { type: 'string' },
  hedge: { type: 'string' },
  'max-tokens': { type: 'string' },
  'data-region': { type: 'string' },
  prefer: { type: 'string', multiple: true },
  fallback: { type: 'string', multiple: true },
  'local-only': { type: 'boolean' },
  exclude: { type: 'string', multiple: true },
  budget: { type: 'string' },
  explore: { type: 'string' },
  'calls-per-month': { type: 'string' },
  ask: { type: 'string' },
  image: { type: 'string' },
  send: { type: 'boolean' },
  preview: { type: 'boolean' },
  'run-python': { type: 'string' },
  'keep-source': { type: 'boolean' },
  format: { type: 'string' },
} as const;

/** Verbs that ask a model, and the task each stands for. */
const verbs: Readonly<Record<string, TaskId>> = {
  explain: 'explain_finding',
  propose: 'propose_fix',
  operator: 'resolve_operator',
  inputs: 'infer_inputs',
  review: 'architecture_review',
  narrate: 'report_narrative',
  profile: 'analyse_profile',
};

export async function ai(args: readonly string[], io: Io): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'models') return models(rest, io, registryOf(io));
  if (verb === 'traces') return traces(rest, io, storeOf(io));
  if (verb === 'health') return health(rest, io, servicesOf({}, io, null));
  const task = verb === undefined ? undefined : verbs[verb];
  if (task === undefined)
    throw new UsageError(
      `ai: ${verb === undefined ? 'name what to do' : `"${verb}" is nothing it can do`}: ${[...Object.keys(verbs), 'models', 'traces', 'health'].join(', ')}.`,
    );
  const { flags, operands } = readFlags(rest, flagSpecs, 'ai');
  const format = oneOf(flags, 'format', ['text', 'json'], 'text');
  const place = operands[0];
  if (place === undefined)
    throw new UsageError(`ai ${verb}: name a file and a line, e.g. "ecocompute ai ${verb} model.py:42".`);
  const at = /^(.*?)(?::(\d+))?$/.exec(place)!;
  const path = at[1]!;
  const line = at[2] === undefined ? null : Number(at[2]);
  if (line === null && (task === 'explain_finding' || task === 'propose_fix'))
    throw new UsageError(`ai ${verb}: name the line as well, e.g. "${path}:42".`);
  const text = readSource(path, io);
  const file = absolute(path, io);
  const target = targetOf(flags);
  const engine = await openEngine(flags, io, file);
  const report = engine.withSavings(file, target);
  engine.dispose();
  const callsPerMonth = numberFlag(flags, 'calls-per-month', 'a number of calls');
  const finding = line === null ? null : findingAt(report, line);
  if (task === 'explain_finding' && finding === null)
    throw new UsageError(`ai explain: no finding in line ${line} of ${path}.${nearFindings(report)}`);
  const context = contextOf({
    task,
    file: relative(io.cwd, file),
    text,
    report,
    line,
    ...(finding === null ? {} : { page: pages[finding.rule] ?? '' }),
    ...(callsPerMonth === null ? {} : { callsPerMonth }),
  });
  const image = imageOf(flags, io);
  if (task === 'analyse_profile' && image === null)
    throw new UsageError('ai profile: name the picture with --image FILE.png.');
  const python = textFlag(flags, 'run-python');
  const environment = findPythonEnvironment({ pythonPath: '', workspaceFolder: io.cwd, env: io.env });
  const parser = await createParser({ log: () => {} });
  const previews: SendPreview[] = [];
  const services = servicesOf(flags, io, {
    consent: async (preview) => {
      previews.push(preview);
      return flags['send'] === true;
    },
    checkAnswer: makeAnswerChecker({
      parser,
      files: nodeFiles,
      environment: {
        pythonPath: listFlag(flags, 'python-path').map((f) => absolute(f, io)),
        sitePackages: environment.sitePackages,
      },
      cancelled: () => false,
      file,
      text,
      target,
      numeric: python === null ? null : makeNumericCheck({ python: absolute(python, io), processes: nodeProcesses }),
    }),
  });
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  const result = await execute(
    {
      input: {
        task,
        prompt: textFlag(flags, 'ask') ?? '',
        context: { ...context, ...(image === null ? {} : { image }) },
      },
      objective: oneOf<Objective>(flags, 'objective', objectives, 'balanced'),
      constraints: constraintsOf(flags),
    },
    services,
    stop.signal,
  );
  process.removeListener('SIGINT', interrupt);
  parser.dispose();
  if (format === 'json') io.out(`${JSON.stringify({ schemaVersion: 1, ...result, previews }, null, 2)}\n`);
  else {
    io.out(resultText(result, task, io, basename(path)));
    const yearly = context.yearlySaving;
    if (yearly !== undefined)
      io.out(
        `The fix saves about $${yearly.usd.toPrecision(3)} and ${yearly.gCO2e.toPrecision(3)} g CO2e a year at ${callsPerMonth} calls a month; this call took $${result.trace.costUsd.toFixed(5)} and ${result.trace.carbon_g.toPrecision(2)} g.\n`,
      );
    if (result.outcome === 'refused' && flags['send'] !== true) io.out(previewText(previews[0], io));
  }
  return result.problem === null ? exit.fine : result.outcome === 'refused' ? exit.fine : exit.nothing;
}

function servicesOf(flags: Flags, io: Io, more: Partial<AiServices> | null): AiServices {
  const store = storeOf(io);
  const policy = readPolicy(store.policyText());
  return makeServices({
    ports: nodePorts,
    key: keyFromEnvironment(io.env),
    baseUrl: baseUrlFromEnvironment(io.env),
    consent: async () => false,
    state: stateFrom(store.read().records),
    policy: policy === null ? null : { version: policy.version, quality: learnedQuality(policy) },
    exploration: Math.min(1, numberFlag(flags, 'explore', 'a share between 0 and 1') ?? 0),
    registry: registryOf(io),
    store,
    keepSource: flags['keep-source'] === true,
    budgetUsdPerMonth: numberFlag(flags, 'budget', 'a number of dollars'),
    template: (task) => nodeFiles.read(`${io.cwd}/.ecocompute/prompts/${task}.md`),
    ...more,
  });
}

function storeOf(io: Io): TraceStore {
  return new TraceStore(traceFolder(traceFolderPath(io.env)));
}

/** @throws UsageError naming the line of `ecocompute.models.yaml` that is wrong. */
function registryOf(io: Io): Registry {
  const text = nodeFiles.read(`${io.cwd}/ecocompute.models.yaml`);
  if (text === null) return makeRegistry();
  const parsed = parseModelsFile(text);
  if (parsed.ok) return makeRegistry(parsed.value);
  const [first] = parsed.problems;
  throw new UsageError(`ecocompute.models.yaml:${first!.line}: ${first!.message}`);
}

/** @throws UsageError naming the provider that is not known. */
function knownProviders(flags: Flags, name: 'exclude' | 'prefer'): string[] {
  const given = listFlag(flags, name);
  const wrong = given.find((id) => !providers.some((one) => one.id === id));
  if (wrong === undefined) return given;
  throw new UsageError(
    `--${name} ${wrong}: no provider of that name; there are ${providers.map(({ id }) => id).join(', ')}.`,
  );
}

/** `provider/name` of a provider there is. @throws UsageError otherwise. */
function knownRef(flag: string, ref: string): string {
  const slash = ref.indexOf('/');
  if (slash > 0 && slash < ref.length - 1 && providers.some(({ id }) => id === ref.slice(0, slash))) return ref;
  throw new UsageError(
    `--${flag} ${ref}: write provider/name, e.g. gemini/gemini-2.5-flash; providers are ${providers.map(({ id }) => id).join(', ')}.`,
  );
}

function constraintsOf(flags: Flags) {
  const named = textFlag(flags, 'model');
  const model = named === null ? null : knownRef('model', named);
  const fallbacks = listFlag(flags, 'fallback').map((ref) => knownRef('fallback', ref));
  const region = textFlag(flags, 'data-region');
  const tokens = numberFlag(flags, 'max-tokens', 'a number of tokens');
  const cost = numberFlag(flags, 'max-cost', 'a number of dollars');
  const latency = numberFlag(flags, 'max-latency', 'a number of seconds');
  const carbon = numberFlag(flags, 'max-carbon', 'a number of grams');
  const hedge = numberFlag(flags, 'hedge', 'a number of seconds');
  return {
    ...(model === null ? {} : { model }),
    ...(cost === null ? {} : { maxCostUsd: cost }),
    ...(latency === null ? {} : { maxLatencyMs: latency * 1000 }),
    ...(carbon === null ? {} : { maxCarbon_g: carbon }),
    ...(hedge === null ? {} : { hedgeAfterMs: hedge * 1000 }),
    ...(tokens === null ? {} : { maxTokens: Math.max(1, Math.floor(tokens)) }),
    ...(region === null ? {} : { region }),
    ...(fallbacks.length === 0 ? {} : { fallbacks }),
    localOnly: flags['local-only'] === true,
    excludedProviders: knownProviders(flags, 'exclude'),
    preferredProviders: knownProviders(flags, 'prefer'),
  };
}

function imageOf(flags: Flags, io: Io): { mimeType: 'image/png' | 'image/jpeg' | 'image/webp'; base64: string } | null {
  const path = textFlag(flags, 'image');
  if (path === null) return null;
  const type = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp' }[
    path.split('.').at(-1)!.toLowerCase()
  ];
  const bytes = type === undefined ? null : nodeProcesses.readBytes(absolute(path, io));
  if (type === undefined || bytes === null)
    throw new UsageError(`--image ${path}: not a PNG, JPEG or WebP picture that can be read.`);
  return { mimeType: type as 'image/png', base64: bytes };
}

function nearFindings(report: FileReport): string {
  const at = report.findings.map((f) => `${f.range.start.line + 1} (${f.rule})`);
  return at.length === 0 ? ' The file has none.' : ` There are some in lines ${at.slice(0, 6).join(', ')}.`;
}

function resultText(result: ExecuteResult, task: TaskId, io: Io, name: string): string {
  const style = makeStyle(io.colour);
  const out: string[] = [];
  const say = (text: string, indent = ''): void => {
    // code keeps its columns
    for (const part of text.split('\n'))
      if (part.startsWith('| ')) out.push(indent + part);
      else out.push(...(part.trim() === '' ? [''] : wrap(part, io.width, indent)));
  };
  const { decision, trace } = result;
  if (result.warning !== null) say(style.yellow(result.warning));
  if (result.local !== null) {
    say(style.bold('Answered by local analysis; no model was asked.'));
    say(result.local);
  } else if (result.data === null) say(style.red(result.problem ?? 'No answer.'));
  else {
    say(style.bold(`${tasks[task].title}: AI-made, ${result.answeredBy} (${result.status})`));
    say(result.data.summary);
    for (const part of bodyOf(task, result)) say(part, '  ');
    for (const a of result.data.assumptions) say(`Assumption: ${a}`, '  ');
  }
  for (const r of result.rejected) say(style.dim(`Dropped: ${r.what}: ${r.reasons.join('; ')}`));
  for (const c of result.corrections)
    say(
      style.dim(
        `Figure corrected: ${c.claimed} ${c.engine === null ? 'is not known to the engine' : `is ${c.engine}`}`,
      ),
    );
  for (const c of result.citations) say(style.dim(`Source: ${c.title} (${c.url})`));
  say(
    style.dim(
      `${name}: tier ${decision.tier}, ${decision.reason} ${trace.inputTokens + trace.outputTokens} tokens, $${trace.costUsd.toFixed(5)}, ${trace.carbon_g.toPrecision(2)} g CO2e, ${(trace.latencyMs / 1000).toFixed(1)} s. Trace ${trace.id}.`,
    ),
  );
  return `${out.join('\n')}\n`;
}

function bodyOf(task: TaskId, { data }: ExecuteResult): string[] {
  switch (task) {
    case 'explain_finding':
      return [(data as Answers['explain_finding']).explanation];
    case 'report_narrative':
      return (data as Answers['report_narrative']).paragraphs;
    case 'architecture_review':
      return (data as Answers['architecture_review']).recommendations.map(
        (r) => `${r.title} (effort ${r.effort}): ${r.why} Risk: ${r.risk}`,
      );
    case 'analyse_profile':
      return (data as Answers['analyse_profile']).hotspots.map(
        (h) => `${h.name}: ${(100 * h.share).toFixed(0)} %. ${h.why}`,
      );
    case 'infer_inputs': {
      const d = data as Answers['infer_inputs'];
      return [`# eco: ${d.inputs.map((i) => `${i.name}=(${i.shape.join(',')}) ${i.dtype}`).join(', ')}`];
    }
    case 'resolve_operator': {
      const d = data as Answers['resolve_operator'];
      return [`${d.operator} computes:`, ...d.equivalent.split('\n').map((l) => `| ${l}`)];
    }
    case 'propose_fix':
      return (data as unknown as { proposals: readonly CheckedProposal[] }).proposals.flatMap((p) => [
        `${p.title} [${p.status}]: ${p.reasoning}`,
        ...p.verdict.energy.map(
          (e) =>
            `${e.entry}: ${e.before_J.toPrecision(4)} J before, ${e.after_J.toPrecision(4)} J after (${(100 * (1 - e.after_J / e.before_J)).toFixed(1)} % less), ${p.numeric}`,
        ),
        ...p.edits.flatMap((e) => [
          `lines ${e.startLine} to ${e.endLine}:`,
          ...e.newText.split('\n').map((l) => `| ${l}`),
        ]),
      ]);
  }
}

function previewText(preview: SendPreview | undefined, io: Io): string {
  if (preview === undefined) return '';
  const style = makeStyle(io.colour);
  return [
    '',
    style.bold(
      `This would go to ${preview.providerLabel}, ${preview.model}, at ${preview.address ?? 'its own address'} (add --send to send it):`,
    ),
    `about $${preview.expectedCostUsd.toFixed(5)}, ${preview.expectedCarbon_g.toPrecision(2)} g CO2e; secrets taken out: ${preview.redactions.length}; invisible characters: ${preview.hidden.length}`,
    '',
    preview.system,
    '',
    preview.text,
    '',
  ].join('\n');
}
