/** Each rule's page: its sections, its metadata, and its code samples, which are linted. */
import { describe, expect, it } from 'vitest';
import { optionsSection } from '../../server/src/rules/optionsSection.js';
import { assumptionsOf, formulaOf, pages } from '../../server/src/rules/pages.js';
import { allRules } from '../../server/src/rules/registry.js';
import { check, sharedParser } from './harness.js';

const sections = [
  'What it does',
  'Why it is a waste',
  'Example',
  'Use instead',
  'When not to use it',
  'Evidence',
  'References',
];

function samples(page: string, section: string): string[] {
  const body = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return [...body.matchAll(/```python\n([\s\S]*?)```/g)].map((match) => match[1] as string);
}

describe.each(allRules.map(({ meta }) => [meta.code, meta] as const))('%s', (code, meta) => {
  const page = pages[code] ?? '';

  it('has the sections in order and says what the metadata says', () => {
    const takesOptions = optionsSection(meta) !== null;
    expect([...page.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual(
      sections.flatMap((section) => (section === 'Evidence' && takesOptions ? ['Options', section] : [section])),
    );
    expect(page.split('\n')[0]).toBe(`# ${code} ${meta.name}`);
    const severity = meta.severity[0]?.toUpperCase() + meta.severity.slice(1);
    const fix =
      meta.fixSafety === null
        ? 'No automatic fix'
        : { safe: 'Safe fix', unsafe: 'Unsafe fix', suggestion: 'Suggested fix' }[meta.fixSafety];
    const optIn = meta.recommended ? '' : ' Not in the recommended preset.';
    expect(page.split('\n')[2]).toBe(`${severity}. ${fix}. Since ${meta.since}.${optIn}`);
  });

  it('describes the options from their schema', () => {
    expect(page).toContain(optionsSection(meta) ?? '');
  });

  it('gives the formula of the waste', () => {
    // A defect endangers the run as a whole
    if (meta.saving !== 'at-risk') expect(formulaOf(code)).not.toBe('');
    expect(assumptionsOf(code).length).toBeGreaterThan(0);
  });

  it('its example is found, what to use instead is not', async () => {
    const parser = await sharedParser();
    const [wrong, right] = [samples(page, 'Example'), samples(page, 'Use instead')];
    expect(wrong.length).toBeGreaterThan(0);
    expect(right.length).toBeGreaterThan(0);
    for (const text of [...wrong, ...right]) expect(parser.parse(text).problems).toEqual([]);
    for (const text of wrong)
      expect((await check(text, 'model.py', code)).length, `${code}: the example`).toBeGreaterThan(0);
    for (const text of right) expect(await check(text, 'model.py', code), `${code}: use instead`).toEqual([]);
  });
});
