/** What the rules take of an analysis: all together, and each of them. */
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import { DocumentAnalysis } from '../../server/src/analysis/documentAnalysis.js';
import { nodeFiles } from '../../server/src/lsp/nodeFiles.js';
import { allRules } from '../../server/src/rules/registry.js';
import type { RuleContext } from '../../server/src/rules/types.js';
import { quantile, type Row, report, row } from './samples.js';
import { type EditedFile, editedFiles, keystrokes, packageFile, readText, sitePackages } from './subjects.js';

/** Share of an analysis that detection may take. */
const wantedShare = 0.3;
const warmUp = 20;

let inRules = 0;
const perRule = new Map<string, number>();

const findings = DocumentAnalysis.prototype.findings;
DocumentAnalysis.prototype.findings = function (...args: Parameters<typeof findings>) {
  const start = performance.now();
  const found = findings.apply(this, args);
  inRules += performance.now() - start;
  return found;
};

/** Each rule's own time; what rules share falls to the first that asks. */
function watchEachRule(): void {
  for (const rule of allRules) {
    const { check } = rule;
    const { code } = rule.meta;
    (rule as { check: (context: RuleContext) => void }).check = (context) => {
      const start = performance.now();
      check(context);
      perRule.set(code, (perRule.get(code) ?? 0) + performance.now() - start);
    };
  }
}

interface Timing {
  readonly all: number[];
  readonly rules: number[];
  readonly opened: { readonly all: number; readonly rules: number };
}

async function type(file: EditedFile, at: number, strokes: number): Promise<Timing> {
  const path = packageFile(file.path);
  const text = readText(path);
  const engine = await createEngine({ files: nodeFiles, cancelled: () => false, log: () => {} });
  engine.configure({ pythonPath: [], sitePackages });
  engine.open(path, text, 1);
  inRules = 0;
  const begin = performance.now();
  engine.analyse(path, defaultTarget);
  const opened = { all: performance.now() - begin, rules: inRules };
  const edits = keystrokes(text, file.typings[at]);
  const all: number[] = [];
  const rules: number[] = [];
  for (let i = 0; i < strokes + warmUp; i++) {
    if (i === warmUp) perRule.clear();
    inRules = 0;
    const start = performance.now();
    engine.change(path, [edits[i % edits.length]], i + 2);
    engine.analyse(path, defaultTarget);
    if (i < warmUp) continue;
    all.push(performance.now() - start);
    rules.push(inRules);
  }
  engine.dispose();
  return { all, rules, opened };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const shareText = (part: number, whole: number): string => {
  const share = part / whole;
  const percent = `${(100 * share).toFixed(0)} %`;
  return share <= wantedShare
    ? `${percent} of the analysis (≤ 30 %)`
    : `**${percent}** of the analysis (wanted ≤ 30 %)`;
};

const rows: Row[] = [];
for (const file of editedFiles) {
  for (const [at, { name }] of file.typings.entries())
    rows.push(
      await row(`${file.name}: ${name}, all rules`, async () => {
        const { all, rules, opened } = await type(file, at, 60);
        const atOpening = shareText(opened.rules, opened.all);
        return { samples: rules, note: `${shareText(sum(rules), sum(all))}; when the file is opened ${atOpening}` };
      }),
    );
}
watchEachRule();
const largest = editedFiles.at(-1) as EditedFile;
rows.push(
  await row(`${largest.name}: ${largest.typings[0].name}, rule by rule`, async () => {
    const { rules } = await type(largest, 0, 60);
    const each = [...perRule]
      .sort((a, b) => b[1] - a[1])
      .map(([code, ms]) => `${code} ${(ms / rules.length).toFixed(2)}`);
    const idle = allRules.length - each.length;
    return {
      samples: rules,
      value: `median ${quantile(rules, 0.5).toFixed(2)} ms a keystroke`,
      note: `mean ms of each: ${each.join(', ')}; the other ${idle} have no word of theirs in the file`,
    };
  }),
);
report([
  {
    title: 'Rules',
    text: 'Detection within the keystrokes of the first section: parsing and tracing are not in these times, their share is of the whole.',
    rows,
  },
]);
