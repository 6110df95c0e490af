/** Seeded damage to source text: the same seed gives the same text on every machine. */

/** Mulberry32: a small generator of good enough quality, in [0, 1). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Edit {
  readonly start: number;
  readonly oldEnd: number;
  readonly newText: string;
}

type Next = () => number;
const below = (next: Next, n: number): number => Math.floor(next() * n);
const pick = <T>(next: Next, items: readonly T[]): T => items[below(next, items.length)];

/** What a person or a program may put in a wrong place. */
const pieces = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ':',
  ',',
  '.',
  '=',
  '==',
  '->',
  '*',
  '**',
  '//',
  '@',
  '\\',
  '\n',
  '\n\n',
  '\t',
  '    ',
  '\r\n',
  "'",
  '"',
  '"""',
  'f"{',
  '#',
  '# eco: x=(1,3,',
  '# eco: x=(8,3,224,224) bf16',
  ' if ',
  ' else ',
  ' for i in range(3)',
  ' lambda: ',
  ' yield ',
  ' await ',
  'return ',
  'raise ',
  'del ',
  'global x\n',
  'import ',
  'from . import ',
  'None',
  'True',
  'self',
  'super().__init__()',
  'while True:\n        pass\n',
  '0',
  '-1',
  '1e999',
  '10**400',
  '999999999999',
  '0.5',
  'float("nan")',
  '[[]]',
  '{}',
  '()',
  '...',
  'torch.empty(0)',
  'torch.randn(2, 3)',
  '[0] * 10**9',
  '"a" * 10**9',
  'range(10**12)',
  'not ',
  ' and ',
  ' is ',
  '\u0000',
  '\ufeff',
  '🙂',
  'é',
  '\u202e',
  '\u2028',
  'print(',
  'class A(A): pass\n',
  'def f(*, **): pass\n',
  'match x:\n    case ',
  'try:\n',
  'except* E:\n',
  'with ',
  'async def g():\n',
  '@property\n',
  'self.forward(x)',
  'self(x)',
  'exec("x")',
  'nn.Linear(3, 4)',
  '.view(-1)',
  '.T',
  '[..., None]',
  '[::-1]',
  ':=',
];

/** Spans of tokens, roughly: words, numbers, runs of blanks, single other characters. */
function tokenAt(text: string, at: number): [number, number] {
  const kind = (c: string) => (/\w/.test(c) ? 1 : /\s/.test(c) ? 2 : 0);
  let start = at;
  let end = at + 1;
  const k = kind(text[at]);
  if (k !== 0) {
    while (start > 0 && kind(text[start - 1]) === k) start--;
    while (end < text.length && kind(text[end]) === k) end++;
  }
  return [start, end];
}

function lineAt(text: string, at: number): [number, number] {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return [start, end < 0 ? text.length : end + 1];
}

/** One random change of `text`, which is not empty. */
export function mutation(text: string, next: Next): Edit {
  const at = below(next, text.length);
  const [start, oldEnd] = tokenAt(text, at);
  const [line, lineEnd] = lineAt(text, at);
  const other = below(next, text.length);
  switch (below(next, 13)) {
    case 0:
      return { start: at, oldEnd: at + 1, newText: '' };
    case 1:
      return { start, oldEnd, newText: '' };
    case 2:
      return { start: at, oldEnd: at, newText: pick(next, pieces) };
    case 3:
      return { start, oldEnd, newText: pick(next, pieces) };
    case 4:
      return { start: line, oldEnd: lineEnd, newText: '' };
    case 5:
      return { start: line, oldEnd: line, newText: text.slice(line, lineEnd) };
    case 6:
      return { start: line, oldEnd: line, newText: text.slice(...lineAt(text, other)) };
    case 7:
      return { start, oldEnd, newText: text.slice(...tokenAt(text, other)) };
    case 8:
      return { start: line, oldEnd: line, newText: ' '.repeat(1 + below(next, 5)) };
    case 9: {
      const blanks = /^[ \t]*/.exec(text.slice(line, lineEnd))![0].length;
      return { start: line, oldEnd: line + Math.min(blanks, 1 + below(next, 4)), newText: '' };
    }
    case 10:
      return { start: at, oldEnd: Math.min(text.length, at + below(next, 200)), newText: '' };
    case 11:
      return { start: at, oldEnd: text.length, newText: '' };
    default: {
      const number = /\d+/.exec(text.slice(at));
      if (number === null) return { start: at, oldEnd: at, newText: pick(next, pieces) };
      const from = at + number.index;
      return {
        start: from,
        oldEnd: from + number[0].length,
        newText: pick(next, ['0', '1', '-1', '2', '7', '3.5', '1000000', '10**30', '(1, 2)']),
      };
    }
  }
}

export function apply(text: string, edit: Edit): string {
  return text.slice(0, edit.start) + edit.newText + text.slice(edit.oldEnd);
}

/** One to four mutations, one after the other. */
export function mutate(text: string, seed: number): Edit[] {
  const next = random(seed);
  const edits: Edit[] = [];
  let current = text;
  const count = 1 + below(next, 4);
  for (let i = 0; i < count && current.length > 0; i++) {
    const edit = mutation(current, next);
    edits.push(edit);
    current = apply(current, edit);
  }
  return edits;
}
