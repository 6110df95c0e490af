/** `ecocompute ai models | traces | health`. */

import * as z from 'zod';
import { addToTotals, Totals } from '../llm/budget.js';
import { evaluatePolicies, trainPolicy } from '../llm/learn/policy.js';
import type { Registry } from '../llm/models/registry.js';
import { modelsFileSchema } from '../llm/models/userFile.js';
import { deadline } from '../llm/ports.js';
import type { AiServices } from '../llm/services.js';
import type { TraceStore } from '../llm/traces/store.js';
import { helpFlag, oneOf, readFlags } from './flags.js';
import { exit, type Io, UsageError } from './io.js';
import { table } from './terminal.js';

export function models(args: readonly string[], io: Io, registry: Registry): number {
  const { flags } = readFlags(args, { ...helpFlag, format: { type: 'string' }, schema: { type: 'boolean' } }, 'ai');
  if (flags['schema'] === true) {
    io.out(`${JSON.stringify(z.toJSONSchema(modelsFileSchema, { io: 'input' }), null, 2)}\n`);
    return exit.fine;
  }
  if (oneOf(flags, 'format', ['text', 'json'], 'text') === 'json') {
    io.out(`${JSON.stringify({ schemaVersion: 1, models: registry.models }, null, 2)}\n`);
    return exit.fine;
  }
  const rows = registry.models.map((m) => [
    m.ref,
    `${Math.round(m.contextTokens / 1000)}k`,
    m.local ? 'free' : `$${m.usdPerMInput} / $${m.usdPerMOutput}`,
    `${m.firstTokenS} s + ${m.tokensPerS}/s`,
    `${m.joulesPerOutputToken} J`,
    m.skill.toFixed(2),
    [m.vision ? 'vision' : '', m.reasoning ? 'reasoning' : '', ...m.tools].filter(Boolean).join(' '),
  ]);
  io.out(
    `${table([['model', 'context', '$ per M in / out', 'latency', 'per token', 'skill', 'can'], ...rows], ['left', 'right', 'left', 'left', 'right', 'right']).join('\n')}\n`,
  );
  return exit.fine;
}

export function traces(args: readonly string[], io: Io, store: TraceStore): number {
  const [verb = 'inspect', ...rest] = args;
  const { flags, operands } = readFlags(
    rest,
    { ...helpFlag, format: { type: 'string' }, forget: { type: 'boolean' } },
    'ai',
  );
  const format = oneOf(flags, 'format', ['text', 'json'], 'text');
  switch (verb) {
    case 'export':
      io.out(store.exportJson(Date.now()));
      return exit.fine;
    case 'clear':
      store.clear();
      io.out('The traces are deleted.\n');
      return exit.fine;
    case 'feedback': {
      const [id, judgement] = operands;
      const allowed = ['accepted', 'rejected', 'up', 'down'] as const;
      const feedback = allowed.find((one) => one === judgement);
      if (id === undefined || feedback === undefined)
        throw new UsageError(`ai traces feedback: name a trace and one of ${allowed.join(', ')}.`);
      if (!store.read().records.some((r) => r.id === id)) throw new UsageError(`ai traces feedback: no trace ${id}.`);
      store.feedback(id, feedback, Date.now());
      return exit.fine;
    }
    case 'inspect':
      return inspect(store, io, format === 'json');
    case 'learn':
      return learn(store, io, flags['forget'] === true);
    default:
      throw new UsageError(`ai traces: "${verb}" is not one of inspect, export, clear, feedback, learn.`);
  }
}

function inspect(store: TraceStore, io: Io, json: boolean): number {
  const { records, damaged } = store.read();
  const totals = new Totals();
  for (const r of records) addToTotals(totals, r);
  const spent = (map: ReadonlyMap<string, { calls: number; costUsd: number; carbon_g: number }>): object =>
    Object.fromEntries(map);
  const tiers = Object.fromEntries(
    (['local', 'small', 'large'] as const).map((tier) => [
      tier,
      records.length === 0 ? null : records.filter((r) => r.tier === tier).length / records.length,
    ]),
  );
  if (json) {
    io.out(
      `${JSON.stringify({ schemaVersion: 1, records: records.length, damaged, tiers, byTask: spent(totals.byTask), byProvider: spent(totals.byProvider), byMonth: spent(totals.byMonth), last: records.slice(-20) }, null, 2)}\n`,
    );
    return exit.fine;
  }
  io.out(`${records.length} traces${damaged > 0 ? `, ${damaged} damaged lines` : ''}.\n`);
  if (records.length > 0)
    io.out(
      `Tiers: ${Object.entries(tiers)
        .map(([t, share]) => `${t} ${(100 * (share ?? 0)).toFixed(0)} %`)
        .join(', ')}.\n`,
    );
  for (const [title, map] of [
    ['By task', totals.byTask],
    ['By provider', totals.byProvider],
    ['By month', totals.byMonth],
  ] as const)
    for (const [key, s] of map)
      io.out(`${title}: ${key}: ${s.calls} calls, $${s.costUsd.toFixed(4)}, ${s.carbon_g.toPrecision(3)} g CO2e\n`);
  io.out(
    `${table(records.slice(-20).map((r) => [r.id, r.task, r.outcome, r.answeredBy ?? '-', `$${r.costUsd.toFixed(5)}`, r.verification.status, r.user_feedback ?? ''])).join('\n')}\n`,
  );
  return exit.fine;
}

function learn(store: TraceStore, io: Io, forget: boolean): number {
  if (forget) {
    store.savePolicy(null);
    io.out('The learned policy is removed; the rules decide.\n');
    return exit.fine;
  }
  const { records } = store.read();
  const policy = trainPolicy(records);
  if (!policy.ok) {
    io.out(`${policy.why}\n`);
    return exit.nothing;
  }
  const report = evaluatePolicies(records, policy.value);
  io.out(`${report.lines.join('\n')}\n`);
  if (report.wins) {
    store.savePolicy(`${JSON.stringify(policy.value)}\n`);
    io.out('It is saved and used from now on; "ecocompute ai traces learn --forget" removes it.\n');
  }
  return exit.fine;
}

export async function health(args: readonly string[], io: Io, services: AiServices): Promise<number> {
  readFlags(args, { ...helpFlag }, 'ai');
  for (const provider of services.providers) {
    const key = services.key(provider);
    const baseUrl = services.baseUrl(provider);
    let state: string;
    if (provider.id === 'vscode') state = 'only inside VS Code';
    else if (!provider.local && provider.keyVariables.length > 0 && key === null)
      state = `not set up: ${provider.keyVariables[0]}`;
    else if (provider.baseUrlVariable !== null && provider.defaultBaseUrl === null && baseUrl === null)
      state = `not set up: ${provider.baseUrlVariable}`;
    else {
      const time = deadline(services.ports, 10_000);
      const start = services.ports.elapsed();
      try {
        const { models: found } = await provider.health({
          fetch: services.ports.fetch,
          now: services.ports.now,
          key,
          baseUrl,
          signal: time.signal,
          onText: () => {},
          functions: [],
          chat: null,
        });
        state = `answers in ${Math.round(services.ports.elapsed() - start)} ms, ${found.length} models`;
      } catch (error) {
        state = `does not answer: ${error instanceof Error ? error.message : String(error)}`;
      } finally {
        time.dispose();
      }
    }
    io.out(`${provider.id.padEnd(11)} ${provider.label.padEnd(26)} ${state}\n`);
  }
  return exit.fine;
}
