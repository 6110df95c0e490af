/** The engine's answers as Markdown, for the chat participant and the language-model tools. */
import * as l10n from '@vscode/l10n';
import type { AskPlace, DescribeParams, Description } from '../../../../shared/assistant.js';
import type { CallReport, EstimateReport, FileReport, FindingReport } from '../../analysis/model.js';
import { accelerators, findAccelerator } from '../../hardware/accelerators.js';
import { factsOfEstimate, factsOfSaving } from '../../llm/context.js';
import { factText } from '../../llm/safety/facts.js';
import { pages } from '../../rules/pages.js';
import { allRules } from '../../rules/registry.js';
import type { ServerContext } from '../context.js';
import type { CancellationLike } from '../engineClient.js';
import { dollars, grams, quantity } from '../figures.js';
import { missingText } from '../fileStatus.js';
import { inLanguage } from '../findingText.js';
import { shortName } from '../settingsCache.js';
import { hardwareIn, missingOf, type PlanConstraints, planConstraints, planRow } from './plan.js';

/** Compared when no accelerator is named. */
const usual = ['l4', 'a10g', 'a100-sxm4-80', 'l40s', 'h100-sxm', 'h200-sxm', 'b200', 'mi300x'];

/**
 * Lines worth a question: findings, and what the engine does not understand. Of a chain of unknown values only the first
 * is one. In other files (line 0) there is no place.
 */
export function placesOf(report: FileReport, locale: string, text: string): AskPlace[] {
  const findings = report.findings.map(
    (one): AskPlace => ({
      line: one.range.start.line,
      kind: 'finding',
      label: one.rule,
      message: inLanguage(locale, one.message, one.messageZh),
    }),
  );
  const gaps = report.estimates.flatMap((one) => one.coverage.unknown).filter(({ line }) => line >= 1);
  const causes = gaps.filter(({ why }) => !/^argument '.*' is not known/.test(why));
  const lines = text.split('\n');
  const unknown = new Map<string, AskPlace>();
  for (const { what, line, why } of causes.length > 0 ? causes : gaps) {
    const label = what === 'call' ? (calledIn(lines[line - 1] ?? '') ?? what) : what;
    unknown.set(`${line} ${label}`, { line: line - 1, kind: 'unknown', label, message: why });
  }
  return [...findings, ...unknown.values()].sort((a, b) => a.line - b.line);
}

/** A value that is called and not known has no name of its own: the first call of the line. */
function calledIn(line: string): string | null {
  return /([A-Za-z_][\w.]*)\s*\(/.exec(line)?.[1] ?? null;
}

export async function describe(
  { uri, what, prompt }: DescribeParams,
  context: ServerContext,
  token: CancellationLike,
): Promise<Description> {
  if (what === 'rule') return plain(rulePage(prompt));
  const document = context.documents.get(uri);
  if (!document) return plain(l10n.t('{0} is not open as a Python file.', uri));
  const name = document.file.split(/[\\/]/).at(-1) ?? document.file;
  if (what === 'plan') return plan(prompt, uri, context, token);
  if (what === 'compare') return plain(await compare(hardwareIn(prompt), uri, context, token));
  const { target, environment } = await context.settings.get(uri);
  const report = await context.engine.call('withSavings', [document.file, target], {
    priority: 0,
    environment,
    file: document.file,
    token,
  });
  if (what === 'audit') return plain(findings(report, name, context.locale));
  const none = l10n.t('No model that can be built was found in this file.');
  return plain(report.estimates.map(estimate).join('\n\n') || none);
}

const plain = (markdown: string): Description => ({ markdown, asksBack: false });

function rulePage(prompt: string): string {
  const words = new Set(prompt.toLowerCase().match(/[a-z0-9-]+/g) ?? []);
  const found = allRules.find(({ meta }) =>
    [meta.code, meta.name, ...meta.aliases].some((one) => words.has(one.toLowerCase())),
  );
  if (found) return pages[found.meta.code] ?? '';
  return l10n.t('Name a rule; the rules are {0}.', allRules.map(({ meta }) => meta.code).join(', '));
}

function estimate(one: EstimateReport): string {
  const head = `**${inert(one.entry)}** · ${one.hardware} · ${one.dtype} · ${one.phase}`;
  const missing = missingText(one);
  const figures =
    missing === null ? factsOfEstimate(one).map((fact) => `- ${fact.label}: ${factText(fact)}`) : [`- ${missing}`];
  const unknown = one.coverage.unknown.map(
    (gap) => `- ${l10n.t('line {0}: {1}', gap.line, inert(`${gap.what}: ${gap.why}`))}`,
  );
  const assumed = one.assumptions.map(({ text }) => `- ${l10n.t('Assumed:')} ${inert(text)}`);
  return [head, '', ...figures, ...unknown, ...assumed].join('\n');
}

function findings(report: FileReport, name: string, locale: string): string {
  const line = (one: FindingReport): string => {
    const saving = factsOfSaving(one)
      .slice(0, 2)
      .map((fact) => `${fact.label}: ${factText(fact)}`)
      .join(', ');
    const fix =
      one.fix === null ? '' : ` **${inert(inLanguage(locale, one.fix.title, one.fix.titleZh))}** (${one.fix.safety}).`;
    const message = inert(inLanguage(locale, one.message, one.messageZh));
    return `- ${name}:${one.range.start.line + 1} **${one.rule}** ${message}${saving === '' ? '' : ` ${saving}.`}${fix}`;
  };
  return report.findings.map(line).join('\n') || l10n.t('No line that wastes energy was found.');
}

interface Priced {
  readonly id: string;
  readonly name: string;
  readonly estimate: CallReport | null;
}

/** The dearest model of the file on each accelerator. */
async function priced(
  hardware: readonly string[],
  uri: string,
  context: ServerContext,
  token: CancellationLike,
): Promise<Priced[]> {
  const document = context.documents.get(uri)!;
  const { target, environment } = await context.settings.get(uri);
  const rows: Priced[] = [];
  for (const id of hardware) {
    const { estimates } = await context.engine.call('analyse', [document.file, { ...target, hardware: id }], {
      priority: 0,
      environment,
      file: document.file,
      token,
    });
    const known = estimates.filter((one) => one.energy_J !== null);
    const found = findAccelerator(id);
    rows.push({
      id,
      name: found.ok ? shortName(found.value.name) : id,
      estimate: known.sort((a, b) => (b.energy_J?.value ?? 0) - (a.energy_J?.value ?? 0))[0] ?? null,
    });
  }
  return rows;
}

async function compare(
  named: readonly string[],
  uri: string,
  context: ServerContext,
  token: CancellationLike,
): Promise<string> {
  const { target } = await context.settings.get(uri);
  const hardware = named.length > 0 ? named : [...new Set([target.hardware, ...usual])];
  const rows = await priced(hardware, uri, context, token);
  if (rows.every((row) => row.estimate === null)) return l10n.t('No model that can be built was found in this file.');
  rows.sort((a, b) => (a.estimate?.energy_J?.value ?? Infinity) - (b.estimate?.energy_J?.value ?? Infinity));
  const unknown = l10n.t('unknown');
  const cells = rows.map(({ name, estimate: one }) =>
    [
      name,
      one?.time_s ? quantity(one.time_s.value, 's') : unknown,
      one?.energy_J ? quantity(one.energy_J.value, 'J') : unknown,
      one?.per_million.usd ? dollars(one.per_million.usd.value) : unknown,
      one?.per_million.gCO2e ? grams(one.per_million.gCO2e.value) : unknown,
    ].join(' | '),
  );
  const entry = rows.find((row) => row.estimate !== null)?.estimate?.entry ?? '';
  const million = l10n.t('A million calls');
  return [
    `**${inert(entry)}**`,
    '',
    `| ${[l10n.t('Accelerator'), l10n.t('Time'), l10n.t('Energy'), `${million}, $`, `${million}, CO2e`].join(' | ')} |`,
    '|---|---|---|---|---|',
    ...cells.map((row) => `| ${row} |`),
  ].join('\n');
}

async function plan(
  prompt: string,
  uri: string,
  context: ServerContext,
  token: CancellationLike,
): Promise<Description> {
  const constraints = planConstraints(prompt);
  const [missing] = missingOf(constraints);
  if (missing !== undefined) {
    const questions = {
      limit: l10n.t('What is the limit: dollars or kilograms of CO2e a month? For example: $500 a month.'),
      hardware: l10n.t('On which accelerator? For example: L4, A100 or H100.'),
      calls: l10n.t('How many calls a month? For example: 2 million calls a month.'),
    };
    return { markdown: questions[missing], asksBack: true };
  }
  const rows = await priced(constraints.hardware, uri, context, token);
  const lines = rows.map((row) => planLine(row, constraints));
  return plain(lines.join('\n'));
}

function planLine({ id, name, estimate: one }: Priced, constraints: PlanConstraints): string {
  if (one === null) return `- **${name}**: ${l10n.t('unknown')}`;
  const row = planRow(constraints, {
    usd: one.per_million.usd?.value ?? null,
    gCO2e: one.per_million.gCO2e?.value ?? null,
  });
  const month = l10n.t(
    '{0} costs {1} and {2} a month',
    inert(one.entry),
    row.usd === null ? l10n.t('unknown') : dollars(row.usd),
    row.kgCO2e === null ? l10n.t('unknown') : grams(row.kgCO2e * 1000),
  );
  const verdict = row.fits === null ? '' : row.fits ? l10n.t('within the limit') : l10n.t('over the limit');
  const room = row.maxCalls === null ? '' : l10n.t('room for {0} calls', row.maxCalls.toLocaleString('en'));
  // the price is of busy time: an accelerator that stands idle is paid for as well
  const busy =
    one.time_s && constraints.callsPerMonth ? (one.time_s.value * constraints.callsPerMonth) / 2_592_000 : null;
  const use = busy === null ? '' : l10n.t('{0} accelerators busy all month', busy.toPrecision(2));
  const known = accelerators.some((other) => other.id === id);
  return `- **${known ? name : id}**: ${[month, verdict, room, use].filter(Boolean).join('; ')}.`;
}

/** Names from code, so that they neither format nor link. */
function inert(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, (c) => `\\${c}`);
}
