/** The renderers: everything is there, everything from source code is escaped, both languages say it. */
import { describe, expect, it } from 'vitest';
import { digitsOf, dollars, quantity, withInterval } from '../../server/src/audit/figures.js';
import { escapeHtml, renderBody, renderPage } from '../../server/src/audit/html.js';
import { auditJson } from '../../server/src/audit/json.js';
import { renderMarkdown } from '../../server/src/audit/markdown.js';
import { auditMessages, localeOf, type MessageId, say } from '../../server/src/audit/messages.js';
import { renderSarif } from '../../server/src/audit/sarif.js';
import { headline, mainComparison } from '../../server/src/audit/summary.js';
import { sample } from './sampleReport.js';

describe('figures', () => {
  it('shows two significant digits and one prefix per interval', () => {
    expect(quantity(8178368512, 'FLOP', 3)).toBe('8.18 GFLOP');
    expect(quantity(999.6, 'J')).toBe('1.0 kJ');
    expect(quantity(0.00123, 'J')).toBe('1.2 mJ');
    expect(quantity(null, 'J')).toBe('–');
    expect(quantity(Number.NaN, 'J')).toBe('–');
    expect(withInterval({ value: 12.3, low: 9.84, high: 15.4 }, 'J')).toBe('12 J (9.8–15)');
    expect(dollars(1234)).toBe('$1,200');
    expect(dollars(0.031)).toBe('$0.031');
    expect(digitsOf(100)).toBe('100');
  });
});

describe('languages', () => {
  it.each(Object.keys(auditMessages) as MessageId[])('%s has the same placeholders in both', (id) => {
    const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]).sort();
    expect(holes(auditMessages[id].zh)).toEqual(holes(auditMessages[id].en));
    expect(auditMessages[id].zh).not.toBe('');
  });

  it('reads locale tags', () => {
    expect(['zh-cn', 'zh_CN', 'zh-Hans', 'zh'].map(localeOf)).toEqual(['zh', 'zh', 'zh', 'zh']);
    expect(['en', 'de', undefined, 'zh-TW'].map(localeOf)).toEqual(['en', 'en', 'en', 'en']);
  });
});

describe('the report', () => {
  it('compares the entry with the most energy', () => {
    const main = mainComparison(sample);
    expect(main?.before.entry).toBe('Llama(LlamaConfig())');
    expect(main?.savedPercent).toBeCloseTo(31.25);
    expect(headline(sample, 'en')).toBe('Energy per call falls from 130 J to 88 J: 31 % saved.');
    expect(headline({ ...sample, after: [] }, 'en')).toContain('Nothing here has a safe fix');
    expect(headline({ ...sample, before: [], after: [] }, 'en')).toBe(say('en', 'noModels'));
  });

  it.each(['en', 'zh'] as const)(
    'HTML in %s shows every finding with its line and lets no markup through',
    (locale) => {
      const page = renderPage(sample, { locale });
      for (const finding of sample.findings) {
        expect(page).toContain(finding.rule);
        expect(page).toContain(`data-line="${finding.range.start.line + 1}"`);
      }
      expect(page).not.toContain('<b>wastes');
      expect(page).not.toContain('<llama>');
      expect(page).not.toMatch(/<script|javascript:|\son\w+=/i);
      // Nothing is loaded from anywhere
      expect(page).not.toMatch(/<(img|link|iframe|object)|url\(|@import/i);
      expect(page).toContain(escapeHtml(say(locale, 'assumptions')));
    },
  );

  it('shows the line of a finding when the source is at hand', () => {
    const source = Array.from({ length: 200 }, (_, line) => `line_${line + 1} = "<tag>"`).join('\n');
    expect(renderBody(sample, { source })).toContain(`<code>line_86 = ${escapeHtml('"<tag>"')}</code>`);
  });

  it('escapes Markdown', () => {
    const text = renderMarkdown(sample);
    expect(text).toContain('&lt;llama&gt;');
    expect(text).not.toContain('<b>');
    expect(text).toContain('| Energy per call | 130 J | 88 J | 31 % |');
    expect(text).toContain('**Line 86** [ECO100 materialised-attention](https://');
  });

  it('adds up files in JSON, the largest entry of each', () => {
    const json = auditJson([sample, sample]);
    expect(json.summary.files).toBe(2);
    expect(json.summary.findings).toBe(8);
    expect(json.summary.energy_J?.value).toBe(256);
    expect(json.summary.optimised_energy_J?.value).toBe(176);
    expect(json.problems.length).toBe(2);
  });

  it('writes SARIF with 1-based regions and encoded paths', () => {
    const sarif = JSON.parse(
      renderSarif([sample], [{ code: 'ECO100', name: 'n', docs: 'https://x', description: 'd' }], '0.1.0'),
    );
    const result = sarif.runs[0].results.find((one: { ruleId: string }) => one.ruleId === 'ECO100');
    expect(result.level).toBe('warning');
    expect(result.locations[0].physicalLocation.region).toEqual({
      startLine: 86,
      startColumn: 9,
      endLine: 86,
      endColumn: 33,
    });
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('models/%3Cllama%3E.py');
    expect(result.fixes[0].artifactChanges[0].replacements[0].insertedContent.text).toContain(
      'scaled_dot_product_attention',
    );
  });
});
