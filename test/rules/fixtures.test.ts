/** Each rule's fixture: the findings it expects and no others, and the text after fix-all. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  indexFile,
  indexSource,
  manifestFile,
  manifestSource,
  pagesFile,
  pagesSource,
  registryFile,
  registrySource,
  ruleFiles,
} from '../../server/build/ruleRegistry.mjs';
import { checkModule } from '../../server/src/rules/checkModule.js';
import { slugOf } from '../../server/src/rules/defineRule.js';
import { fixAll } from '../../server/src/rules/fixes.js';
import { allRules } from '../../server/src/rules/registry.js';
import { check, expectationsOf, factsOf, fixtures, positionOf, readFixture, sharedParser } from './harness.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('one rule, one file, one fixture, one page', () => {
  it('registry, pages and index are what `node server/build/ruleRegistry.mjs` writes', () => {
    expect(readFileSync(registryFile, 'utf8')).toBe(registrySource());
    expect(readFileSync(pagesFile, 'utf8')).toBe(pagesSource());
    expect(readFileSync(indexFile, 'utf8')).toBe(indexSource());
    expect(readFileSync(manifestFile, 'utf8')).toBe(manifestSource());
  });

  it.each(allRules.map((rule) => [rule.meta.code, rule] as const))('%s', (code, rule) => {
    const slug = slugOf(rule.meta);
    expect(ruleFiles()).toContain(slug);
    expect(existsSync(join(fixtures, `${code}.py`)), `test/fixtures/rules/${code}.py`).toBe(true);
    expect(existsSync(join(root, 'docs/rules', `${slug}.md`)), `docs/rules/${slug}.md`).toBe(true);
    expect(rule.meta.docs.endsWith(`${slug}.md`)).toBe(true);
    expect(rule.meta.evidence.length).toBeGreaterThan(0);
    for (const [id, message] of Object.entries(rule.meta.messages)) {
      const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]).sort();
      expect(holes(message.zh), `${code} ${id}: the same placeholders in both languages`).toEqual(holes(message.en));
    }
  });

  it('no fixture and no page without a rule', () => {
    const codes = allRules.map((rule) => rule.meta.code);
    const pages = readdirSync(join(root, 'docs/rules')).filter((name) => name.startsWith('eco'));
    expect(pages.sort()).toEqual(allRules.map((rule) => `${slugOf(rule.meta)}.md`).sort());
    for (const name of readdirSync(fixtures)) expect(codes).toContain(/^ECO\d{3}/.exec(name)?.[0]);
  });
});

const files = readdirSync(fixtures).filter((name) => /^ECO\d{3}\w*\.py$/.test(name));

describe.each(files)('%s', (name) => {
  const text = readFixture(name);
  const code = name.slice(0, 6);

  it('finds what is expected and nothing else', async () => {
    const findings = await check(text, name, code);
    const seen = findings.map((finding) => ({ ...positionOf(text, finding.start), finding }));
    for (const expected of expectationsOf(text)) {
      const at = seen.findIndex(
        ({ line, column, finding }) =>
          line === expected.line && column === expected.column && finding.code === expected.code,
      );
      expect(
        at,
        `${name}:${expected.line + 1}:${expected.column} ${expected.code}; found ${JSON.stringify(seen.map(({ line, column }) => [line + 1, column]))}`,
      ).toBeGreaterThanOrEqual(0);
      const { finding } = seen[at] as (typeof seen)[number];
      expect(finding.message).toContain(expected.text);
      for (const flag of expected.flags) {
        if (flag === 'no fix') expect(finding.fix, `${name}:${expected.line + 1}`).toBeNull();
        else if (flag === 'suggestion' || flag === 'safe' || flag === 'unsafe')
          expect(finding.fix?.safety, `${name}:${expected.line + 1}`).toBe(flag);
        else expect(finding.severity, `${name}:${expected.line + 1}`).toBe(flag);
      }
      seen.splice(at, 1);
    }
    expect(seen.map(({ line, finding }) => `${name}:${line + 1} ${finding.code} ${finding.message}`)).toEqual([]);
  });

  it('fix-all leaves valid code that stays as it is', async () => {
    const parser = await sharedParser();
    const analyse = (current: string) =>
      checkModule({
        tree: parser.parse(current),
        text: current,
        file: name,
        facts: factsOf(current),
        options: { select: [code] },
      });
    const result = fixAll(text, analyse, ['safe', 'unsafe', 'suggestion']);
    expect(result.settled).toBe(true);
    expect(parser.parse(result.text).problems).toEqual(parser.parse(text).problems);
    await expect(result.text).toMatchFileSnapshot(join(fixtures, `${code}.fixed${name.slice(6)}`));
  });
});
