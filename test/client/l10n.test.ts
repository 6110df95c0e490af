/** Two languages say the same: every text in use has its translation, and no translation is left over. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const json = (path: string): Record<string, string> => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** Texts given to `l10n.t` in client and server. A call without a literal would be missed, so it is an error. */
function textsInCode(): Set<string> {
  const texts = new Set<string>();
  for (const folder of ['client/src', 'server/src/lsp']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const source = readFileSync(join(root, folder, name), 'utf8');
      for (const [call, single, double] of source.matchAll(
        /l10n\.t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|[^\s'"])/g,
      )) {
        const text = single ?? double;
        if (text === undefined) throw new Error(`${folder}/${name}: ${call} … takes no literal text`);
        texts.add(text.replace(/\\(.)/g, '$1'));
      }
    }
  }
  return texts;
}

const placeholders = (text: string) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort();

describe('texts of client and server', () => {
  const used = [...textsInCode()].sort();
  const chinese = json('l10n/bundle.l10n.zh-cn.json');

  it('are all translated, and none is translated that is not used', () => {
    expect(Object.keys(chinese).sort()).toEqual(used);
  });

  it('keep their placeholders', () => {
    for (const text of used)
      expect({ text, has: placeholders(chinese[text]) }).toEqual({ text, has: placeholders(text) });
  });
});

describe('texts of the manifest', () => {
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const used = [...new Set([...manifest.matchAll(/"%([\w.]+)%"/g)].map((found) => found[1]))].sort();
  const english = json('package.nls.json');
  const chinese = json('package.nls.zh-cn.json');

  it('exist in both languages, and no others do', () => {
    expect(Object.keys(english).sort()).toEqual(used);
    expect(Object.keys(chinese).sort()).toEqual(used);
  });

  it('are translated, with the same settings, commands and links', () => {
    for (const key of used) {
      expect(chinese[key], key).not.toBe(english[key]);
      const links = (text: string) => [...(text.match(/\(command:[\w.]+\)|`[^`]+`/g) ?? [])].sort();
      expect({ key, links: links(chinese[key]) }).toEqual({ key, links: links(english[key]) });
    }
  });
});
