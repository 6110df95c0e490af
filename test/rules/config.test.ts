/** Which rules run and how loud: presets, layers, pyproject.toml, patterns, baselines. */
import { describe, expect, it } from 'vitest';
import { fileBaseline, newFindings, parseBaseline, renderBaseline } from '../../server/src/rules/baseline.js';
import { checkModule } from '../../server/src/rules/checkModule.js';
import { type ConfigLayer, checkLayer, defaultRuleConfig, ruleConfigOf } from '../../server/src/rules/config.js';
import { findProjectConfig, parseProjectConfig } from '../../server/src/rules/configFile.js';
import { noFacts } from '../../server/src/rules/facts.js';
import { matchesGlob } from '../../server/src/rules/globs.js';
import { isInPreset, presets, rulesOf, severityIn } from '../../server/src/rules/presets.js';
import { allRules } from '../../server/src/rules/registry.js';
import { sharedParser } from './harness.js';

const codes = allRules.map((rule) => rule.meta.code);

/** Codes that run under these layers. */
function on(...layers: ConfigLayer[]): string[] {
  const { off } = ruleConfigOf(layers, null);
  return codes.filter((code) => !off.includes(code));
}

describe('presets', () => {
  it('are what the metadata says', () => {
    for (const preset of presets) {
      const { off, severity } = ruleConfigOf([{ preset }], null);
      expect(codes.filter((code) => !off.includes(code))).toEqual(rulesOf(preset).map((meta) => meta.code));
      for (const { meta } of allRules) {
        expect(severity[meta.code] ?? meta.severity).toBe(severityIn(meta, preset));
        expect(isInPreset(meta, 'strict')).toBe(true);
      }
    }
    expect(defaultRuleConfig).toEqual(ruleConfigOf([{ preset: 'recommended' }], null));
  });

  it('strict is one level louder', () => {
    const config = ruleConfigOf([{ preset: 'strict' }], null);
    const loudest = allRules.find((rule) => rule.meta.severity === 'warning')?.meta.code as string;
    expect(config.severity[loudest]).toBe('error');
  });
});

describe('layers', () => {
  const family = codes.filter((code) => code.startsWith('ECO1'));

  it('select codes, families, names and aliases', () => {
    expect(on({ select: ['ECO1'] })).toEqual(family);
    expect(on({ select: ['materialised-attention', 'tor402'] })).toEqual(['ECO100', 'ECO604']);
    expect(on({ select: ['ALL'] })).toEqual(codes);
  });

  it('the more exact name wins, of two as exact the one that ignores', () => {
    expect(on({ select: ['ECO1'], ignore: ['ECO100'] })).toEqual(family.filter((code) => code !== 'ECO100'));
    expect(on({ select: ['ECO100', 'ECO5'], ignore: ['ECO1'] }).slice(0, 1)).toEqual(['ECO100']);
    expect(on({ select: ['ECO100'], ignore: ['ECO100'] })).toEqual([]);
  });

  it('a later one starts anew with select or preset, else it adds', () => {
    expect(on({ ignore: ['ECO100'] }, { select: ['ECO100'] })).toEqual(['ECO100']);
    expect(on({ select: ['ECO100'] }, { extendSelect: ['ECO102'] })).toEqual(['ECO100', 'ECO102']);
    expect(on({ select: ['ECO1'] }, { ignore: ['ECO1'] })).toEqual([]);
    expect(on({ select: ['ECO100'] }, { preset: 'all' })).toEqual(codes);
  });

  it('severities by rule go before those by family, thresholds are the last one given', () => {
    const config = ruleConfigOf(
      [{ severity: { ECO100: 'error', ECO1: 'hint' }, savingsThreshold: 3 }, { savingsThreshold: 5 }],
      null,
    );
    expect([config.severity['ECO100'], config.severity['ECO102']]).toEqual(['error', 'hint']);
    expect(config.savingsThreshold_percent).toBe(5);
  });

  it('per-file-ignores are for the files that match', () => {
    const layer = { perFileIgnores: { 'tests/**': ['ALL'], 'scripts/*.py': ['ECO1'] } };
    expect(ruleConfigOf([layer], 'tests/unit/a.py').off).toEqual(codes);
    expect(ruleConfigOf([layer], 'scripts/a.py').off).toEqual(expect.arrayContaining(family));
    expect(ruleConfigOf([layer], 'src/a.py').off).toEqual(defaultRuleConfig.off);
    expect(ruleConfigOf([layer], null).off).toEqual(defaultRuleConfig.off);
  });

  it('names of no rule and options of rules that take none are left out and told', () => {
    const { layer, problems } = checkLayer({ select: ['ECO100', 'ECO99'], options: { ECO100: { speed: 2 } } });
    expect(layer.select).toEqual(['ECO100']);
    expect(layer.options).toEqual({});
    expect(problems.map(({ path }) => path.join('.'))).toEqual(['options.ECO100', 'select']);
  });
});

describe('a module', () => {
  const text = 'import torch\n\n\ndef step(optimizer):\n    optimizer.zero_grad(set_to_none=False)\n';
  const check = async (layer: ConfigLayer, source = text) =>
    checkModule({
      tree: (await sharedParser()).parse(source),
      text: source,
      file: 'm.py',
      facts: noFacts,
      config: ruleConfigOf([layer], 'm.py'),
    }).map(({ code, severity }) => `${code} ${severity}`);

  it('is checked as configured', async () => {
    const [found] = await check({});
    expect(found).toMatch(/^ECO604 /);
    expect(await check({ ignore: ['ECO6'] })).toEqual([]);
    expect(await check({ severity: { ECO604: 'error' } })).toEqual(['ECO604 error']);
  });

  it('a suppression of a rule that is off is not called unused, and its rule stays silent', async () => {
    const silenced = text.replace('False)', 'False)  # eco: ignore[ECO604]');
    expect(await check({ ignore: ['ECO604'] }, silenced)).toEqual([]);
    expect(await check({ ignore: ['ECO604', 'ECO900'] }, silenced.replace('ECO604', 'ECO100'))).toEqual([]);
    expect(await check({}, silenced.replace('ECO604', 'ECO600'))).toContain('ECO900 information');
  });
});

describe('pyproject.toml', () => {
  const problemsOf = (body: string) =>
    parseProjectConfig(`[project]\nname = "x"\n\n[tool.ecocompute]\n${body}\n`, '/p/pyproject.toml')?.problems.map(
      ({ line, message }) => `${line} ${message}`,
    );

  it('is read whole', () => {
    const read = parseProjectConfig(
      [
        '[tool.ecocompute]',
        'preset = "all"',
        'ignore = ["ECO3"]',
        'hardware = "L4"',
        'region = "FRA"',
        'dtype = "bfloat16"',
        'batch = 8',
        'savings-threshold = 2.5',
        'baseline = "known.json"',
        '[tool.ecocompute.per-file-ignores]',
        '"tests/**" = ["ALL"]',
        '[tool.ecocompute.severity]',
        'ECO1 = "hint"',
      ].join('\n'),
      '/p/pyproject.toml',
    );
    expect(read).toMatchObject({
      folder: '/p',
      layer: {
        preset: 'all',
        ignore: ['ECO3'],
        perFileIgnores: { 'tests/**': ['ALL'] },
        severity: { ECO1: 'hint' },
        savingsThreshold: 2.5,
      },
      target: { hardware: 'l4', dtype: 'bfloat16', batch: 8 },
      baseline: 'known.json',
      problems: [],
    });
  });

  it.each([
    ['select = ["ECO99"]', '5 tool.ecocompute.select: no such rule "ECO99". Did you mean'],
    ['ignore = [\n  "ECO1",\n  "ECOX",\n]', '7 tool.ecocompute.ignore: no such rule "ECOX"'],
    ['selekt = []', '5 tool.ecocompute.selekt: no such key. Did you mean select?'],
    ['preset = "loud"', '5 tool.ecocompute.preset: expected one of recommended, all, strict.'],
    ['select = "ECO1"', '5 tool.ecocompute.select: expected a list of rules such as'],
    ['\nbatch = 0', '6 tool.ecocompute.batch: expected a whole number from 1.'],
    ['hardware = "h10"', '5 tool.ecocompute.hardware: Unknown hardware "h10". Did you mean'],
    ['region = "Atlantis"', '5 tool.ecocompute.region: '],
    ['savings-threshold = "1 %"', '5 tool.ecocompute.savings-threshold: expected a number of percent.'],
    ['[tool.ecocompute.severity]\nECO100 = "loud"', '6 tool.ecocompute.severity.ECO100: expected one of error'],
    ['[tool.ecocompute.options.ECO100]\nx = 1', '5 tool.ecocompute.options.ECO100: '],
    ['[tool.ecocompute.per-file-ignores]\n"a/*" = ["ECOX"]', '6 tool.ecocompute.per-file-ignores.a/*: no such rule'],
    ['x = [', ' not valid TOML: '],
  ])('%j is told with its line', (body, message) => {
    const problems = problemsOf(body);
    expect(problems).toHaveLength(1);
    expect(problems?.[0]).toContain(message);
  });

  it('of a project that says nothing to us need not even be valid', () => {
    expect(parseProjectConfig('x = [', '/p/pyproject.toml')).toBeNull();
    expect(parseProjectConfig('[project]\nname = "ecocompute"\n', '/p/pyproject.toml')).toBeNull();
  });

  it('is the nearest one upwards that speaks to us, no further than the workspace or the repository', () => {
    const texts: Record<string, string> = {
      '/pyproject.toml': '[tool.ecocompute]\nbatch = 1\n',
      '/w/pyproject.toml': '[tool.ecocompute]\nbatch = 2\n',
      '/w/a/pyproject.toml': '[project]\nname = "a"\n',
      '/w/a/b/pyproject.toml': '[tool.ecocompute]\nbatch = 3\n',
    };
    const find = (file: string, root: string | null, git = '') =>
      findProjectConfig(
        file,
        { read: (path) => texts[path] ?? null, isDirectory: (path) => path === `${git}/.git`, list: () => [] },
        root,
      )?.target.batch ?? null;
    expect(find('/w/a/b/m.py', '/w')).toBe(3);
    expect(find('/w/a/m.py', '/w')).toBe(2);
    expect(find('/w/a/m.py', '/w/a')).toBeNull();
    expect(find('/x/m.py', null)).toBe(1);
    expect(find('/x/m.py', null, '/x')).toBeNull();
  });
});

it.each([
  ['tests/**', 'tests/a/b.py', true],
  ['tests/**', 'src/tests/b.py', false],
  ['**/tests/**', 'src/tests/b.py', true],
  ['tests', 'src/tests/b.py', true],
  ['tests/', 'tests/b.py', true],
  ['test_*.py', 'a/test_x.py', true],
  ['test_*.py', 'a/my_test_x.py', false],
  ['src/*.py', 'src/a.py', true],
  ['src/*.py', 'src/a/b.py', false],
  ['src/{a,b}/*.py', 'src/b/x.py', true],
  ['x?.py', 'x1.py', true],
  ['x[0-9].py', 'xa.py', false],
  ['a+b(c).py', 'a+b(c).py', true],
])('pattern %s and %s: %s', (pattern, path, expected) => {
  expect(matchesGlob(path, pattern)).toBe(expected);
});

describe('a baseline', () => {
  const at = (rule: string, line: number) => ({ rule, range: { start: { line, column: 0 } } });
  const text = 'a\n  waste()\nwaste()\nother()\n';
  const known = fileBaseline([at('ECO100', 1), at('ECO100', 2), at('ECO102', 3)], text);

  it('knows findings whose lines moved or were indented, and counts equal ones', () => {
    const moved = `# new\n\n${text.replace('other()', '    other()')}waste()\n`;
    const findings = [at('ECO100', 3), at('ECO100', 4), at('ECO102', 5), at('ECO100', 6)];
    expect(newFindings(findings, moved, known)).toEqual([at('ECO100', 6)]);
    expect(newFindings([at('ECO101', 3)], moved, known)).toHaveLength(1);
    expect(newFindings(findings, moved, undefined)).toEqual(findings);
  });

  it('is the same whatever order findings come in, and reads back', () => {
    const files = new Map([
      ['b.py', known],
      ['a.py', fileBaseline([at('ECO102', 3), at('ECO100', 2), at('ECO100', 1)], text)],
      ['none.py', {}],
    ]);
    const rendered = renderBaseline(files);
    expect(rendered).toBe(renderBaseline(new Map([...files].reverse())));
    const read = parseBaseline(rendered);
    expect(read.ok && Object.keys(read.value.files)).toEqual(['a.py', 'b.py']);
    expect(parseBaseline('{"version": 2}').ok).toBe(false);
    expect(parseBaseline('[').ok).toBe(false);
  });
});

describe('options of rules', () => {
  const grows = (turns: number) =>
    `import torch\n\n\ndef f(x):\n    out = x\n    for i in range(${turns}):\n        out = torch.cat([out, x])\n    return out\n`;
  const found = async (text: string, options: Record<string, unknown>) => {
    const { layer, problems } = checkLayer({ options: { ECO309: options } });
    const tree = (await sharedParser()).parse(text);
    const findings = checkModule({ tree, text, file: 'model.py', facts: noFacts, config: ruleConfigOf([layer], null) });
    return { codes: findings.map((one) => one.code), problems: problems.map((one) => one.message) };
  };

  it('reach the rule, and their defaults hold where nothing is said', async () => {
    expect((await found(grows(4), {})).codes).toEqual(['ECO309']);
    expect((await found(grows(3), {})).codes).toEqual([]);
    expect((await found(grows(4), { 'max-turns': 10 })).codes).toEqual([]);
    expect((await found(grows(2), { 'max-turns': 1 })).codes).toEqual(['ECO309']);
  });

  it('of the wrong kind are told with what the rule takes, and left out', async () => {
    const { codes, problems } = await found(grows(4), { 'max-turns': 'many' });
    expect(codes).toEqual(['ECO309']);
    expect(problems).toEqual(['max-turns: expected a whole number (ECO309 takes max-turns).']);
  });
});
