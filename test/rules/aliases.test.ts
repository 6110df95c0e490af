/** TorchFix's codes stand for ours: in selections and in suppression comments. */
import { expect, it } from 'vitest';
import { codesNamed } from '../../server/src/rules/aliases.js';
import { checkModule } from '../../server/src/rules/checkModule.js';
import { noFacts } from '../../server/src/rules/facts.js';
import { sharedParser } from './harness.js';

const text = 'import torch\n\n\ndef step(optimizer):\n    optimizer.zero_grad(set_to_none=False)\n';

async function codes(source: string, options: { select?: string[]; ignore?: string[] }): Promise<string[]> {
  const tree = (await sharedParser()).parse(source);
  return checkModule({ tree, text: source, file: 'm.py', facts: noFacts, options }).map((finding) => finding.code);
}

it('resolves codes, names and aliases', () => {
  expect(codesNamed('TOR402')).toEqual(['ECO604']);
  expect(codesNamed('tor107')).toEqual(['ECO705']);
  expect(codesNamed('zero-grad-set-to-none-false')).toEqual(['ECO604']);
  expect(codesNamed('TOR999')).toEqual([]);
});

it('selects and ignores by alias', async () => {
  expect(await codes(text, { select: ['TOR402'] })).toEqual(['ECO604']);
  expect(await codes(text, { ignore: ['TOR402'] })).toEqual([]);
});

it('suppresses by alias', async () => {
  const suppressed = text.replace('False)', 'False)  # eco: ignore[TOR402] measured');
  expect(await codes(suppressed, {})).toEqual([]);
  // one that silences nothing is told
  expect(await codes(suppressed.replace('TOR402', 'TOR401'), {})).toEqual(['ECO604', 'ECO900']);
});
