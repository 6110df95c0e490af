/**
 * Characters that people do not see or that reorder what they see: zero-width, bidirectional
 * controls (CVE-2021-42574), tags, variation selectors, other controls. In prompts they are
 * shown by code point and counted; in answers they are taken out.
 */
const ranges: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfff8],
  [0xe0000, 0xe0fff],
];
const hidden = new RegExp(
  `[${ranges.map(([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`).join('')}]`,
  'gu',
);

export interface HiddenCharacter {
  /** 1-based. */
  readonly line: number;
  readonly codePoint: string;
}

export function findHidden(text: string, firstLine = 1): HiddenCharacter[] {
  const found: HiddenCharacter[] = [];
  let line = firstLine;
  let at = 0;
  for (const match of text.matchAll(hidden)) {
    for (; at < match.index; at++) if (text.charCodeAt(at) === 10) line++;
    found.push({ line, codePoint: name(match[0]) });
  }
  return found;
}

/** Shows each as `⟦U+202E⟧`. */
export function showHidden(text: string): string {
  return text.replace(hidden, (c) => `⟦${name(c)}⟧`);
}

export function removeHidden(text: string): string {
  return text.replace(hidden, '');
}

export function hasHidden(text: string): boolean {
  return text.search(hidden) >= 0;
}

function name(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}
