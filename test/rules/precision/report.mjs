/**
 * Writes docs/precision.md from the reviewed findings (`reviewed.json` beside this file):
 * precision per rule with the Wilson interval, and the wrong ones with their reasons.
 * `npm run precision` writes it; a test fails when it is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const reviewedFile = join(here, 'reviewed.json');
export const precisionFile = join(here, '../../../docs/precision.md');

/** Lower bound of the Wilson score interval at 90 % for `right` of `all`. */
export function wilsonLow(right, all) {
  const z = 1.645;
  const p = right / all;
  const middle = p + (z * z) / (2 * all);
  const spread = z * Math.sqrt((p * (1 - p)) / all + (z * z) / (4 * all * all));
  return (middle - spread) / (1 + (z * z) / all);
}

const percent = (value) => `${(100 * value).toFixed(1)} %`;

export function precisionSource() {
  const { sources, findings, rereadings, corrected } = JSON.parse(readFileSync(reviewedFile, 'utf8'));
  const byCode = new Map();
  for (const finding of findings) byCode.set(finding.code, [...(byCode.get(finding.code) ?? []), finding]);
  const right = (list) => list.filter((one) => one.verdict === 'right').length;
  const rows = [...byCode]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, list]) => {
      const n = right(list);
      return `| ${code} | ${list.length} | ${n} | ${percent(n / list.length)} | ${percent(wilsonLow(n, list.length))} | ${list.filter((one) => one.by.startsWith('run')).length} |`;
    });
  const wrong = findings.filter((one) => one.verdict !== 'right');
  return [
    '# Precision on real code',
    '',
    'Written by `npm run precision` from [reviewed.json](../test/rules/precision/reviewed.json): findings of our rules in code of others, each looked at by hand or decided by a run in PyTorch. Right means: what the message says is the case, and the fix, where it is called safe, computes the same.',
    '',
    `${findings.length} findings, ${right(findings)} right: ${percent(right(findings) / findings.length)} (at least ${percent(wilsonLow(right(findings), findings.length))} with 90 % confidence). Code: ${sources.map((one) => `${one.name} ${one.version}`).join(', ')}.`,
    '',
    'Found from the source alone, without a trace, which is the harder case.',
    '',
    '## Read again by others',
    '',
    'Findings of the rules as they were, drawn by seed from other repositories and read by someone who had not written the rules. What was wrong became a guard and a neighbour in the fixture, and is listed below; what the rules still report is counted in the table.',
    '',
    '| drawn | seed | read | right | precision | at least (90 %) |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rereadings.map(
      (one) =>
        `| ${one.of} | ${one.seed} | ${one.read} | ${one.right} | ${percent(one.right / one.read)} | ${percent(wilsonLow(one.right, one.read))} |`,
    ),
    '',
    '## Rule by rule',
    '',
    'Rules without a row were found nowhere in this code: their neighbours are in their fixtures.',
    '',
    '| rule | reviewed | right | precision | at least (90 %) | decided by a run |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    '## The wrong ones',
    '',
    ...(wrong.length === 0
      ? [
          'None among these. What was wrong when the rules first ran over this code became a guard and a neighbour in the fixture.',
        ]
      : [
          '| rule | place | why |',
          '| --- | --- | --- |',
          ...wrong.map((one) => `| ${one.code} | ${one.path}:${one.line} | ${one.by.replaceAll('|', '\\|')} |`),
        ]),
    '',
    '## Wrong when they were read again, and no longer reported',
    '',
    '| rule | place | why |',
    '| --- | --- | --- |',
    ...corrected.map((one) => `| ${one.code} | ${one.path}:${one.line} | ${one.by.replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(precisionFile, precisionSource());
  console.log('docs/precision.md');
}
