/** Usage: help on each command, and one clear line for each kind of bad input. */
import { describe, expect, it } from 'vitest';
import type { Io } from '../../server/src/cli/io.js';
import { run } from '../../server/src/cli/run.js';

async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    env: {},
    cwd: process.cwd(),
    colour: false,
    width: 100,
    isTerminal: false,
    folder: process.cwd(),
  };
  return { code: await run(args, io), out, err };
}

describe('help and version', () => {
  it.each(['estimate', 'audit', 'hardware', 'rules', 'explain', 'ai', 'lsp', 'mcp'])('%s --help', async (command) => {
    const { code, out, err } = await cli(command, '--help');
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')[0]).toContain(`ecocompute ${command}`);
    expect((await cli('help', command)).out).toBe(out);
  });

  it('says its version and its commands', async () => {
    expect((await cli('--version')).out).toMatch(/^ecocompute \d+\.\d+\.\d+\n$/);
    expect((await cli('--help')).out).toContain('ecocompute audit PATH…');
    expect((await cli()).code).toBe(2);
  });
});

describe('bad usage: exit 2 and one line', () => {
  it.each([
    [['estimat'], 'Unknown command "estimat". Did you mean "estimate"?'],
    [['estimate'], 'name a Python file'],
    [['estimate', 'a.py', 'b.py'], '"b.py" is one too many'],
    [['estimate', 'no/such.py'], 'no/such.py: no such file'],
    [['estimate', 'test'], 'test: a folder, not a file'],
    [['estimate', 'x.py', '--hardwrae', 'h100'], 'Unknown flag --hardwrae. Did you mean --hardware?'],
    [['estimate', 'x.py', '--hardware', 'h10'], '--hardware: Unknown hardware "h10". Did you mean'],
    [['estimate', 'x.py', '--hardware'], '--hardware needs a value'],
    [['estimate', 'x.py', '--dtype', 'bf17'], '--dtype bf17: not one of'],
    [['estimate', 'x.py', '--phase', 'serving'], '--phase serving: not one of inference, training'],
    [['estimate', 'x.py', '--batch', '0'], '--batch 0'],
    [['estimate', 'x.py', '--torch', 'new'], '--torch new: not a version'],
    [['estimate', 'x.py', '--format', 'xml'], '--format xml: not one of text, json'],
    [['audit'], 'name files or folders'],
    [['audit', 'no/such'], 'no/such: no such file'],
    [['audit', 'media'], 'media: no .py files'],
    [['audit', 'x.py', '--select', 'ECO10'], '--select: no such rule "ECO10". Did you mean ECO100'],
    [['audit', 'x.py', '--budget-usd', '10'], 'A budget needs --runs-per-month'],
    [['audit', 'x.py', '--budget-usd', 'ten', '--runs-per-month', '5'], '--budget-usd ten'],
    [['audit', 'x.py', '--preset', 'loud'], '--preset loud: not one of recommended, all, strict'],
    [['audit', 'x.py', '--savings-threshold', 'few'], '--savings-threshold few: not a number of percent'],
    [['audit', 'x.py', '--jobs', '0'], '--jobs 0: not a whole number'],
    [['audit', 'x.py', '--write-baseline', 'b.json', '--fix'], '--write-baseline: fix first'],
    [['audit', 'examples', '--baseline', 'no/such'], '--baseline no/such: no such file, and no such git revision'],
    [['audit', 'examples', '--baseline', '--all'], '--baseline --all: no such file, and no such git revision'],
    [['audit', 'examples', '--baseline', 'package.json'], 'package.json: not a baseline: version'],
    [['audit', 'examples', 'examples', '--jobs', '2'], '--jobs: worker.js is missing'],
    [['rules', '--preset', 'loud'], '--preset loud: not one of'],
    [['explain'], 'name a rule'],
    [['explain', 'ECO10'], 'no rule "ECO10". Did you mean ECO100'],
    [['hardware', 'h100'], 'takes no operand'],
    [['rules', '--format', 'yaml'], '--format yaml: not one of'],
    [['lsp'], 'name the transport'],
    [['mcp', 'x'], '"x" is one too many'],
    [['ai'], 'ai: name what to do: explain'],
    [['ai', 'dance'], '"dance" is nothing it can do'],
    [['ai', 'explain', 'test/fixtures/rules/ECO100.py'], 'name the line as well'],
    [['ai', 'traces', 'burn'], '"burn" is not one of inspect'],
  ])('%j', async (args, text) => {
    const { code, out, err } = await cli(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(text);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('tables', () => {
  it('lists accelerators with their sources', async () => {
    const { accelerators } = JSON.parse((await cli('hardware', '--format', 'json')).out);
    const h100 = accelerators.find((one: { id: string }) => one.id === 'h100-sxm');
    expect(h100.peak_dense_tflops.bf16).toBeCloseTo(989, -1);
    expect(h100.source.length).toBeGreaterThan(0);
    expect((await cli('hardware')).out).toContain('h100-sxm');
  });

  it('lists rules with all metadata and explains them', async () => {
    const { rules } = JSON.parse((await cli('rules', '--format', 'json')).out);
    for (const rule of rules) {
      expect(Object.keys(rule)).toEqual(
        expect.arrayContaining([
          'code',
          'name',
          'family',
          'severity',
          'fixSafety',
          'aliases',
          'since',
          'docs',
          'options',
        ]),
      );
      const page = await cli('explain', rule.code);
      expect(page.out.startsWith(`# ${rule.code} ${rule.name}\n`)).toBe(true);
      expect(JSON.parse((await cli('explain', rule.name, '--format', 'json')).out)).toEqual({
        code: rule.code,
        markdown: page.out,
      });
    }
  });
});
