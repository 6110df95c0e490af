/**
 * Runs the rules over one module. Pure: tree, text and facts in, findings out; nothing
 * is thrown at the caller, a rule that fails is reported as a problem of ours.
 */
import type { ModuleTree } from '../syntax/ast.js';
import type { FactSource } from './facts.js';
import { rulesFor } from './gates.js';
import { ModuleIndex } from './semantic/moduleIndex.js';
import { isSuppressed, readSuppressions } from './suppressions.js';
import type { Datum, FixSafety, Message, Report, Rule, RuleFinding, Severity } from './types.js';

export interface CheckInput {
  readonly tree: ModuleTree;
  readonly text: string;
  readonly file: string;
  readonly facts: FactSource;
  /** Options per rule code, and the rules to leave out. */
  readonly options?: RuleOptions;
}

export interface RuleOptions {
  /** Codes to run; absent: all. */
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  readonly rules?: Readonly<Record<string, unknown>>;
  /** Told when a rule itself fails. */
  readonly onFailure?: (code: string, error: unknown) => void;
}

export function checkModule(input: CheckInput): RuleFinding[] {
  const { text, tree, facts, file } = input;
  if (!mentionsTorch(text)) return [];
  const rules = rulesFor(tree, (code) => isSelected(code, input.options));
  if (rules.length === 0) return [];
  const index = new ModuleIndex(tree, text);
  const lines = lineStarts(text);
  const suppressions = readSuppressions(tree.comments, text);
  const findings: RuleFinding[] = [];
  for (const rule of rules) {
    const own: RuleFinding[] = [];
    try {
      rule.check({
        file,
        text,
        index,
        facts,
        options: optionsOf(rule, input.options),
        kernelsAt: (node) => {
          const { start, end } = index.range(node);
          return facts.kernelsIn(start, end);
        },
        modulesAt: (node) => {
          const { start, end } = index.range(node);
          return facts.modulesIn(start, end);
        },
        statement: (node) => index.statementOf(node),
        report: (report) => void own.push(findingOf(rule, report, index)),
      });
    } catch (error) {
      input.options?.onFailure?.(rule.meta.code, error);
      continue;
    }
    for (const finding of own) {
      if (!isSuppressed(finding.code, lineAt(lines, finding.start), lineAt(lines, finding.end), suppressions))
        findings.push(finding);
    }
  }
  return findings.sort((a, b) => a.start - b.start || a.code.localeCompare(b.code));
}

/** Without torch in the file there is nothing to do for any rule. */
function mentionsTorch(text: string): boolean {
  return text.includes('torch') || text.includes('transformers') || text.includes('lightning') || text.includes('vllm');
}

function isSelected(code: string, options: RuleOptions | undefined): boolean {
  return (options?.select?.includes(code) ?? true) && !(options?.ignore?.includes(code) ?? false);
}

function optionsOf(rule: Rule, options: RuleOptions | undefined): unknown {
  const given = rule.meta.options.safeParse(options?.rules?.[rule.meta.code] ?? {});
  return given.success ? given.data : rule.meta.options.parse({});
}

const weaker: Record<Severity, Severity> = {
  error: 'warning',
  warning: 'information',
  information: 'hint',
  hint: 'hint',
};

function findingOf(rule: Rule, report: Report<string>, index: ModuleIndex): RuleFinding {
  const { meta } = rule;
  const data = texts(report.data, 'en');
  const dataZh = texts(report.data, 'zh');
  const say = (id: string, own: Readonly<Record<string, Datum>> | undefined, language: 'en' | 'zh'): string =>
    format((meta.messages[id] as Message)[language], texts(own, language));
  const first = index.range(report.node);
  const severity = report.severity ?? meta.severity;
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
      ...index.range(related.node),
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

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
