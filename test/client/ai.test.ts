/** The client's words for language models: figures, answers in pieces, sentences to `@eco`, paths of tools, providers with keys. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandFor, ecoCommands, planText } from '../../client/src/ai/chatWords.js';
import { budgetUsed, dollars, figuresOfCall, joules, mass, readable, savingOf } from '../../client/src/ai/figures.js';
import { isInside } from '../../client/src/ai/paths.js';
import { providers } from '../../server/src/llm/providers/registry.js';

const root = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('figures', () => {
  it('of a call and of a saving', () => {
    expect(figuresOfCall(0.00123, 0.3456)).toBe('$0.0012, 0.35 g CO2e');
    expect([dollars(0), dollars(12.345), mass(0), mass(1234)]).toEqual(['$0', '$12.35', '0 g', '1.23 kg']);
    expect([joules(1234), joules(0.00201), joules(2e-7)]).toEqual(['1.23 kJ', '2.01 mJ', '0.2 µJ']);
  });

  it('of a saving are of all models together, and none without figures', () => {
    const saving = savingOf([
      { before_J: 1, after_J: 0.5 },
      { before_J: 3, after_J: 2.5 },
    ]);
    expect(saving).toEqual({ joules: 1, percent: 25 });
    expect([savingOf([]), savingOf([{ before_J: Number.NaN, after_J: 1 }])]).toEqual([null, null]);
  });

  it('of a budget: used up when reached, never without one', () => {
    expect([budgetUsed(4.99, 5), budgetUsed(5, 5), budgetUsed(100, null), budgetUsed(0, 0)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('an answer in pieces', () => {
  const whole = JSON.stringify({
    summary: 'It "waits".\nTwice.',
    claims: [{ fact: 'time' }],
    explanation: 'Because ✓.',
  });

  it('shows its texts as far as they have come, for every length', () => {
    expect(readable(whole)).toBe('It "waits".\nTwice.\n\nBecause ✓.');
    let before = '';
    for (let end = 0; end <= whole.length; end++) {
      const shown = readable(whole.slice(0, end));
      expect(shown.startsWith(before), `${before} → ${shown}`).toBe(true);
      before = shown;
    }
  });

  it('shows nothing of what is no text of an answer', () => {
    expect(readable('{"claims": [{"fact": "energy", "value": 3}]}')).toBe('');
  });
});

describe('@eco', () => {
  it.each([
    [undefined, 'plan for under $500 a month on L4', 'plan'],
    [undefined, 'compare L4 and H100', 'compare'],
    [undefined, 'fix this line', 'fix'],
    [undefined, 'why is this slow?', 'explain'],
    [undefined, 'how much does this cost?', 'analyse'],
    ['compare', 'why', 'compare'],
    ['nonsense', '', 'analyse'],
  ])('%s "%s" is %s', (command, prompt, expected) => {
    expect(commandFor(command, prompt)).toBe(expected);
  });

  it('has the commands that the manifest names', () => {
    const named = manifest.contributes.chatParticipants[0].commands.map((one: { name: string }) => one.name);
    expect(named).toEqual([...ecoCommands]);
  });

  it('keeps the constraints of earlier turns', () => {
    const turns = [
      { command: 'plan', prompt: 'under $500 a month' },
      { command: undefined, prompt: 'L4' },
    ];
    expect(planText(turns, '2 million calls a month')).toBe('under $500 a month. L4. 2 million calls a month');
  });
});

describe('paths of tools', () => {
  it.each([
    ['/project/a.py', true],
    ['/project/sub/a.py', true],
    ['/project/sub/../a.py', true],
    ['/project/../etc/a.py', false],
    ['/projectile/a.py', false],
    ['/etc/a.py', false],
    ['/project', false],
    ['/project/..a.py', true],
  ])('%s lies inside /project: %s', (path, inside) => {
    expect(isInside('/project', path)).toBe(inside);
  });
});

it('every provider that takes a key can be given one, under its own variable', () => {
  const source = readFileSync(join(root, 'client/src/ai/keys.ts'), 'utf8');
  const offered = [...source.matchAll(/id: '(\w+)', label: '[^']+', variable: '(\w+)'/g)].map(([, id, name]) => [
    id,
    name,
  ]);
  const known = providers
    .filter(({ keyVariables }) => keyVariables.length > 0)
    .map(({ id, keyVariables }) => [id, keyVariables]);
  expect(offered.map(([id]) => id).sort()).toEqual(known.map(([id]) => id).sort());
  for (const [id, name] of offered) expect(known.find(([one]) => one === id)?.[1], id).toContain(name);
});
