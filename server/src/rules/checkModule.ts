/**
 * Runs the rules over one module. Pure: tree, text and facts in, findings out; nothing
 * is thrown at the caller, a rule that fails is reported as a problem of ours.
 */
import type { ModuleTree } from '../syntax/ast.js';
import { lineAt, lineStarts } from '../syntax/lineStarts.js';
import { type RuleConfig, ruleConfigOf } from './config.js';
import { type FactSource, watchedFacts } from './facts.js';
import { rulesFor } from './gates.js';
import { allRules } from './registry.js';
import { ModuleIndex } from './semantic/moduleIndex.js';
import { isSuppressed, readSuppressions, rulesNamed, type Suppression, suppressionRule } from './suppressions.js';
import type { Datum, FixSafety, Message, Report, Rule, RuleFinding, Severity } from './types.js';
import { visitsOf } from './visits.js';

export interface CheckInput {
  readonly tree: ModuleTree;
  readonly text: string;
  readonly file: string;
  readonly facts: FactSource;
  /** Which rules run and how loud they are; absent: what `options` say. */
  readonly config?: RuleConfig;
  readonly options?: RuleOptions;
  /** False while models of the file are still to be traced: what suppressions are for may not have been found. */
  readonly complete?: boolean;
  /** Suppressions that were told to be unused when the file was last traced as a whole (`unusedSuppressions`): until then they stay told. */
  readonly unusedBefore?: ReadonlySet<string>;
}

export interface RuleOptions {
  /** Names of rules to run; absent: all. */
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  /** Told when a rule itself fails. */
  readonly onFailure?: (code: string, error: unknown) => void;
}

export const everyRule: RuleConfig = ruleConfigOf([{ preset: 'all' }], null);

export function checkModule(input: CheckInput): RuleFinding[] {
  const { text, tree } = input;
  const hasTorch = mentionsTorch(text);
  if (!hasTorch && !text.includes('eco:')) return [];
  const config = input.config ?? configOf(input.options);
  const off = new Set(config.off);
  const suppressions = readSuppressions(tree.comments, text);
  const isWhole = input.complete !== false;
  const judged =
    suppressions.length > 0 && !off.has(suppressionRule) && (isWhole || (input.unusedBefore?.size ?? 0) > 0);
  // a suppression of a rule that is off has its use as well: the rule runs, unheard
  const named = judged ? rulesNamed(suppressions) : new Set<string>();
  const rules = hasTorch
    ? rulesFor(tree, (code) => code !== suppressionRule && (!off.has(code) || named === null || named.has(code)))
    : [];
  if (rules.length === 0 && !judged) return [];
  const index = new ModuleIndex(tree, text);
  const facts = watchedFacts(input.facts, () => void index.looksAround++);
  const run: Run = { input, config, suppressions, index, facts, lines: lineStarts(text) };
  const findings = rules.flatMap((rule) => findingsOf(rule, run));
  if (judged) {
    const idle = allRules.filter(({ meta }) => meta.code === suppressionRule).flatMap((rule) => findingsOf(rule, run));
    findings.push(...idle.filter((finding) => isWhole || input.unusedBefore?.has(unusedKey(finding, text)) === true));
  }
  return findings
    .filter((finding) => !off.has(finding.code))
    .sort((a, b) => a.start - b.start || a.code.localeCompare(b.code));
}

/** What suppressions without a use are known by from one text to the next: their line and the rule they name. */
export function unusedSuppressions(findings: readonly RuleFinding[], text: string): ReadonlySet<string> {
  return new Set(findings.filter(({ code }) => code === suppressionRule).map((one) => unusedKey(one, text)));
}

function unusedKey({ start, data }: RuleFinding, text: string): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', start);
  return `${text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd).trim()}\n${data['what'] ?? ''}`;
}

interface Run {
  readonly input: CheckInput;
  readonly config: RuleConfig;
  readonly suppressions: readonly Suppression[];
  readonly index: ModuleIndex;
  readonly facts: FactSource;
  readonly lines: Int32Array;
}

/** What one rule finds and no comment silences. */
function findingsOf(rule: Rule, { input, config, suppressions, index, facts, lines }: Run): RuleFinding[] {
  const { file } = input;
  const own: RuleFinding[] = [];
  const { code } = rule.meta;
  try {
    rule.check({
      ...visitsOf(`${code} ${JSON.stringify(config.options[code])}`, index),
      file,
      get text() {
        return index.text;
      },
      index,
      facts,
      suppressions,
      options: optionsOf(rule, config),
      kernelsAt: (node) => {
        const { start, end } = index.range(node);
        return facts.kernelsIn(start, end);
      },
      modulesAt: (node) => {
        const { start, end } = index.range(node);
        return facts.modulesIn(start, end);
      },
      statement: (node) => index.statementOf(node),
      report: (report) => {
        index.looksAround++;
        own.push(findingOf(rule, report, index, config.severity[code]));
      },
    });
  } catch (error) {
    input.options?.onFailure?.(code, error);
    return [];
  }
  return own.filter(
    (finding) => !isSuppressed(code, lineAt(lines, finding.start), lineAt(lines, finding.end), suppressions),
  );
}

/** Without torch in the file there is nothing to do for any rule. */
function mentionsTorch(text: string): boolean {
  return text.includes('torch') || text.includes('transformers') || text.includes('lightning') || text.includes('vllm');
}

function configOf(options: RuleOptions | undefined): RuleConfig {
  if (options?.select === undefined && options?.ignore === undefined) return everyRule;
  const { select, ignore } = options;
  return ruleConfigOf([{ preset: 'all', select, ignore }], null);
}

const defaults = new WeakMap<Rule, unknown>();

function optionsOf(rule: Rule, config: RuleConfig): unknown {
  const own = config.options[rule.meta.code];
  const given = own === undefined ? null : rule.meta.options.safeParse(own);
  if (given?.success === true) return given.data;
  if (!defaults.has(rule)) defaults.set(rule, rule.meta.options.parse({}));
  return defaults.get(rule);
}

const weaker: Record<Severity, Severity> = {
  error: 'warning',
  warning: 'information',
  information: 'hint',
  hint: 'hint',
};

function findingOf(rule: Rule, report: Report<string>, index: ModuleIndex, configured?: Severity): RuleFinding {
  const { meta } = rule;
  const data = texts(report.data, 'en');
  const dataZh = texts(report.data, 'zh');
  const say = (id: string, own: Readonly<Record<string, Datum>> | undefined, language: 'en' | 'zh'): string =>
    format((meta.messages[id] as Message)[language], texts(own, language));
  const first = rangeOf(report.node, index);
  const severity = configured ?? report.severity ?? meta.severity;
  const undecided = report.undecided === true;
  const fix = report.fix ?? null;
  const safety: FixSafety | null = fix === null ? null : undecided && fix.safety === 'safe' ? 'suggestion' : fix.safety;
  return {
    code: meta.code,
    name: meta.name,
    severity: undecided ? weaker[severity] : severity,
    messageId: report.messageId,
    data,
    message: format((meta.messages[report.messageId] as Message).en, data),
    messageZh: format((meta.messages[report.messageId] as Message).zh, dataZh),
    start: first.start,
    end: report.endNode === undefined ? first.end : index.range(report.endNode).end,
    related: (report.related ?? []).map((related) => ({
      ...rangeOf(related.node, index),
      message: say(related.messageId, related.data, 'en'),
      messageZh: say(related.messageId, related.data, 'zh'),
    })),
    fix:
      fix === null || safety === null
        ? null
        : {
            safety,
            messageId: fix.messageId,
            title: say(fix.messageId, fix.data, 'en'),
            titleZh: say(fix.messageId, fix.data, 'zh'),
            edits: [...fix.edits].sort((a, b) => a.start - b.start || a.end - b.end),
          },
    requires: report.requires ?? null,
    saving: meta.saving,
    docs: meta.docs,
  };
}

function rangeOf(node: Report<string>['node'], index: ModuleIndex): { start: number; end: number } {
  return 'at' in node ? node.at : index.range(node);
}

function texts(data: Readonly<Record<string, Datum>> | undefined, language: 'en' | 'zh'): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [
      key,
      typeof value === 'object' ? value[language] : String(value),
    ]),
  );
}

/** Fills `{name}` placeholders. */
export function format(template: string, data: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => data[key] ?? whole);
}
