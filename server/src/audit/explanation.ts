/** The explanation of a figure as Markdown: value, formula, what the trace counted, constants with their rows, steps, sources. */
import type { FigureExplanation, FigureName } from '../analysis/model.js';
import { digitsOf, percent, quantity, unknown, withInterval } from './figures.js';
import type { Locale } from './messages.js';

const words = {
  figures: {
    en: { time: 'Time', energy: 'Energy', power: 'Power', usd: 'Cost', gCO2e: 'Carbon', memory: 'Peak memory' },
    zh: { time: '时间', energy: '能耗', power: '功率', usd: '费用', gCO2e: '碳排放', memory: '峰值显存' },
  } as Readonly<Record<Locale, Readonly<Record<FigureName, string>>>>,
  of: { en: 'of', zh: '：' },
  value: { en: 'Value', zh: '数值' },
  notKnown: { en: 'not known', zh: '未知' },
  formula: { en: 'Formula', zh: '公式' },
  counted: { en: 'Counted in the code', zh: '从代码得出' },
  classes: { en: 'Where the time goes', zh: '时间去向' },
  constants: { en: 'Constants', zh: '常数' },
  constant: { en: 'constant', zh: '常数' },
  from: { en: 'from', zh: '来源' },
  unverified: { en: 'not verified', zh: '未核实' },
  steps: { en: 'Steps, multiplied in this order', zh: '步骤（依次相乘）' },
  interval: { en: 'What the 90 % interval rests on', zh: '90 % 区间的依据' },
  sources: { en: 'Sources', zh: '数据来源' },
} as const;

/** Text from files (names, lines) is put in code spans or escaped by `safe`. */
export function explanationMarkdown(
  told: FigureExplanation,
  locale: Locale,
  safe: (text: string) => string = (text) => text,
): string {
  const say = (key: Exclude<keyof typeof words, 'figures'>): string => words[key][locale];
  const name = words.figures[locale][told.figure];
  const lines = [
    locale === 'zh' ? `# ${safe(told.title)}${say('of')}${name}` : `# ${name} ${say('of')} ${safe(told.title)}`,
    '',
    `**${say('value')}**: ${valueText(told, say('notKnown'))}`,
  ];
  if (told.why !== null) lines.push('', safe(told.why));
  if (told.formula !== '') lines.push('', `## ${say('formula')}`, '', `\`${told.formula}\``);
  if (told.inputs.length > 0) {
    lines.push('', `## ${say('counted')}`, '');
    for (const { name, value, unit } of told.inputs) lines.push(`- ${safe(name)}: ${quantity(value, unit, 3)}`);
  }
  if (told.classes.length > 0) {
    lines.push('', `## ${say('classes')}`, '');
    for (const one of told.classes)
      lines.push(`- ${one.class}: ${quantity(one.time_s, 's', 3)} (${percent(one.share * 100)})`);
  }
  if (told.constants.length > 0) {
    lines.push('', `## ${say('constants')}`, '', `| ${say('constant')} | | ${say('from')} |`, '| --- | ---: | --- |');
    for (const one of told.constants) {
      const value = one.value === null ? unknown : plain(one.value);
      const doubt = one.verified ? '' : ` (${say('unverified')})`;
      lines.push(`| ${cell(safe(one.name))} | ${value} ${one.unit} | ${cell(safe(one.from))}${doubt} |`);
    }
  }
  if (told.steps.length > 0) {
    lines.push('', `## ${say('steps')}`, '');
    told.steps.forEach((step, at) => {
      lines.push(`${at + 1}. ${safe(step.name)}: ${plain(step.factor)} ${step.unit}; ${safe(step.source)}`);
    });
  }
  if (told.interval !== '') lines.push('', `## ${say('interval')}`, '', safe(told.interval));
  if (told.sources.length > 0) {
    lines.push('', `## ${say('sources')}`, '');
    for (const source of told.sources) lines.push(`- ${safe(source)}`);
  }
  return `${lines.join('\n')}\n`;
}

function valueText({ value, unit, figure }: FigureExplanation, notKnown: string): string {
  if (value === null) return notKnown;
  if (figure !== 'usd' && figure !== 'gCO2e') return withInterval(value, unit);
  return `${digitsOf(value.value)} (${digitsOf(value.low)}–${digitsOf(value.high)}) ${unit}`;
}

/** Three significant digits; small ones as a power of ten, so that a column shows them. */
function plain(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e7) ? value.toExponential(2) : digitsOf(value, 3);
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
