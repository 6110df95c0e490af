/** ECO900: a suppression comment that silences nothing, or names a rule that does not exist. */
import { defineRule } from './defineRule.js';
import { type NamedCode, type Suppression, suppressionRule } from './suppressions.js';
import type { OffsetEdit, TracedRange } from './types.js';

export default defineRule({
  code: 'ECO900',
  name: 'unused-suppression',
  family: 'suppressions',
  severity: 'information',
  fixSafety: 'safe',
  saving: 'formula',
  since: '0.2.0',
  minTorch: '1.8',
  evidence: [
    {
      claim: 'A suppression that outlives its finding hides the next one on that line.',
      source: 'https://docs.astral.sh/ruff/rules/unused-noqa/',
    },
  ],
  messages: {
    unused: {
      en: 'This comment silences {what}, which finds nothing here.',
      zh: '此注释屏蔽了 {what}，但它在此处没有任何发现。',
    },
    unknown: {
      en: 'This comment silences {what}, and there is no such rule: it silences nothing.',
      zh: '此注释屏蔽了 {what}，但不存在该规则：它没有屏蔽任何内容。',
    },
    remove: { en: 'Remove the unused suppression', zh: '移除未使用的屏蔽注释' },
  },
  gate: ['eco:'],
  check({ text, suppressions, report }) {
    for (const suppression of suppressions) {
      if (suppression.names.length === 0) {
        if (suppression.used.size > 0) continue;
        report({
          messageId: 'unused',
          node: at(suppression),
          data: { what: { en: 'every rule', zh: '所有规则' } },
          fix: { messageId: 'remove', safety: 'safe', edits: [removal(suppression, text)] },
        });
        continue;
      }
      const idle = suppression.names.filter((name) => isIdle(name, suppression));
      for (const name of idle) {
        // all go at once: the comment with them when none is left
        const edits =
          idle.length === suppression.names.length
            ? [removal(suppression, text)]
            : [{ ...listOf(suppression), newText: kept(suppression, idle) }];
        const isUnknown = name.codes.length === 0;
        report({
          messageId: isUnknown ? 'unknown' : 'unused',
          node: at(name),
          data: { what: name.name },
          severity: isUnknown ? 'warning' : 'information',
          fix: { messageId: 'remove', safety: 'safe', edits },
        });
      }
    }
  },
});

function isIdle(name: NamedCode, { used, names }: Suppression): boolean {
  if (name.codes.length === 1 && name.codes[0] === suppressionRule) return false;
  const isTwice = names.some(
    (other) => other.start < name.start && name.codes.every((code) => other.codes.includes(code)),
  );
  return isTwice || !name.codes.some((code) => used.has(code));
}

function at({ start, end }: { readonly start: number; readonly end: number }): TracedRange {
  return { at: { start, end } };
}

function listOf({ names }: Suppression): { start: number; end: number } {
  return { start: (names[0] as NamedCode).start, end: (names.at(-1) as NamedCode).end };
}

function kept({ names }: Suppression, idle: readonly NamedCode[]): string {
  return names
    .filter((name) => !idle.includes(name))
    .map((name) => name.name)
    .join(', ');
}

/** The comment with the blanks before it, or its whole line when it stands alone. */
function removal({ start, end }: Suppression, text: string): OffsetEdit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const lineEnd = newline < 0 ? text.length : newline;
  const isLast = text.slice(end, lineEnd).trim() === '';
  const before = text.slice(lineStart, start);
  if (before.trim() === '' && isLast) return { start: lineStart, end: Math.min(lineEnd + 1, text.length), newText: '' };
  if (isLast)
    return {
      start: lineStart + before.trimEnd().length,
      end: text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd,
      newText: '',
    };
  // another comment follows
  return {
    start,
    end: end + (text.slice(end, lineEnd).length - text.slice(end, lineEnd).trimStart().length),
    newText: '',
  };
}
