/** The reviewed findings: complete, about rules that exist, and docs/precision.md is made from them. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allRules } from '../../server/src/rules/registry.js';
import { precisionFile, precisionSource, reviewedFile, wilsonLow } from './precision/report.mjs';

interface Reviewed {
  readonly path: string;
  readonly line: number;
  readonly code: string;
  readonly verdict: string;
  readonly by: string;
}

interface Rereading {
  readonly read: number;
  readonly right: number;
}

const { findings, corrected, rereadings } = JSON.parse(readFileSync(reviewedFile, 'utf8')) as {
  findings: Reviewed[];
  corrected: Reviewed[];
  rereadings: Rereading[];
};

it('docs/precision.md is what `npm run precision` writes', () => {
  expect(readFileSync(precisionFile, 'utf8')).toBe(precisionSource());
});

it('every verdict names a rule, a place and what decided it', () => {
  const codes = allRules.map((rule) => rule.meta.code);
  for (const one of [...findings, ...corrected]) {
    expect(codes).toContain(one.code);
    expect(one.path).toMatch(/^[\w+.-]+\/.*\.py$/);
    expect(one.line).toBeGreaterThan(0);
    expect(['right', 'wrong']).toContain(one.verdict);
    expect(one.by.length, `${one.path}:${one.line} ${one.code}`).toBeGreaterThan(10);
  }
  const all = [...findings, ...corrected];
  expect(new Set(all.map((one) => `${one.path}:${one.line}:${one.code}`)).size).toBe(all.length);
});

it('a random sample was read by others, and each finding that they call wrong is there', () => {
  const read = rereadings.reduce((sum, one) => sum + one.read, 0);
  const wrong = rereadings.reduce((sum, one) => sum + one.read - one.right, 0);
  expect(read).toBeGreaterThanOrEqual(150);
  expect(corrected.every((one) => one.verdict === 'wrong')).toBe(true);
  const left = findings.filter((one) => 'reader' in one && one.verdict === 'wrong');
  expect(corrected.length + left.length).toBe(wrong);
});

it('at least 300 findings, 95 % of them right, and no rule with ten or more under 90 %', () => {
  const right = findings.filter((one) => one.verdict === 'right');
  expect(findings.length).toBeGreaterThanOrEqual(300);
  expect(right.length / findings.length).toBeGreaterThanOrEqual(0.95);
  for (const code of new Set(findings.map((one) => one.code))) {
    const own = findings.filter((one) => one.code === code);
    const share = own.filter((one) => one.verdict === 'right').length / own.length;
    if (own.length >= 10) expect(share, code).toBeGreaterThanOrEqual(0.9);
  }
});

it("Wilson's bound: nothing reviewed proves little", () => {
  expect(wilsonLow(10, 10)).toBeCloseTo(0.787, 3);
  expect(wilsonLow(0, 10)).toBeCloseTo(0, 6);
});
