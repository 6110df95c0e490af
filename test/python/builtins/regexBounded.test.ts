/** Our own regular expression engine: the same matches as the host's, and no text makes it run away. */
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../server/src/python/builtins/modules/regexProgram.js';
import { runProgram } from '../../../server/src/python/builtins/modules/regexRun.js';
import { translate } from '../../../server/src/python/builtins/modules/regexSyntax.js';
import { createParser } from '../../../server/src/syntax/createParser.js';
import { runProgram as runPython } from '../interpreter.js';

function spans(
  source: string,
  flags: string,
  text: string,
  search: boolean,
  whole: boolean,
): (number[] | null)[] | null {
  const found = runProgram(analyse(source, flags).program(), text, 0, search, {
    end: text.length,
    whole,
    spend: () => {},
  });
  if (found === null) return null;
  return Array.from({ length: found.length / 2 }, (_, i) =>
    found[2 * i + 1]! < 0 ? null : [found[2 * i]!, found[2 * i + 1]!],
  );
}

function hostSpans(
  source: string,
  flags: string,
  text: string,
  search: boolean,
  whole: boolean,
): (number[] | null)[] | null {
  const m = new RegExp(whole ? `(?:${source})(?![\\s\\S])` : source, `${flags}d${search ? 'g' : 'y'}`).exec(text);
  return m === null ? null : Array.from(m.indices!, (x) => (x === undefined ? null : [x[0], x[1]]));
}

/** Numbers from a seed (a linear congruential generator): the same cases on every machine. */
function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * n);
  };
}

function pattern(next: (n: number) => number, depth: number): string {
  const atoms = ['a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', 'c', '^', '$', '\\b', '(?=a)', '(?<!b)', '(?!c)', 'é'];
  let out = '';
  for (let i = 0, n = 1 + next(3); i < n; i++) {
    let atom = atoms[next(atoms.length)]!;
    let repeatable = !/^(\^|\$|\\b|\(\?[=!<])/.test(atom);
    if (depth > 0 && next(3) === 0) {
      const inner =
        next(3) === 0 ? `${pattern(next, depth - 1)}|${pattern(next, depth - 1)}` : pattern(next, depth - 1);
      atom = next(2) === 0 ? `(${inner})` : `(?:${inner})`;
      // what may be empty inside a repetition leaves the groups differently from engine to engine
      repeatable = false;
    }
    out += atom;
    if (repeatable && next(2) === 0) out += ['*', '+', '?', '{2}', '{1,3}', '*?', '+?', '{,2}'][next(8)]!;
  }
  return out;
}

describe('bounded regular expressions', () => {
  it('match as the host does, groups included', () => {
    const next = numbers(7);
    let matched = 0;
    for (let i = 0; i < 1500; i++) {
      const t = translate(pattern(next, 2), next(4) === 0 ? 2 : 0);
      const text = Array.from({ length: next(10) }, () => 'aabbc1 é\nA😀'[next(11)]).join('');
      const whole = next(4) === 0;
      const search = !whole && next(2) === 0;
      const want = hostSpans(t.source, t.flags, text, search, whole);
      expect(spans(t.source, t.flags, text, search, whole), `${t.source} on ${JSON.stringify(text)}`).toEqual(want);
      if (want !== null) matched++;
    }
    expect(matched).toBeGreaterThan(300);
  });

  it('end where going back and trying again would not', async () => {
    const parser = await createParser();
    const program = `
import re
text = 'a' * 5000 + '!'
print(re.match(r'(a+)+$', text), re.match(r'(a|aa)*b', text), re.search(r'(\\w+\\s?)*:$', text))
print(re.fullmatch(r'(?:a?){30}a{30}', 'a' * 30).span(), re.match(r'(.*)*!$', text).span())
print(re.match(r'^(([a-z])+.)+[A-Z]([a-z])+$', text))
print(re.sub(r'(?:\\s*a\\s*)+', 'x', ' a ' * 300))
m = re.match(r'(?P<head>(?:a+)+)(!)$', text)
print(m.span('head'), m.group(2), re.findall(r'(?:x+)+y', 'xxxxy' * 3 + 'x' * 400))
`;
    const r = runPython(parser, program);
    expect(r).toEqual({
      error: null,
      gaps: [],
      out: "None None None\n(0, 30) (0, 5001)\nNone\nx\n(0, 5000) ! ['xxxxy', 'xxxxy', 'xxxxy']\n",
    });
  });

  it('say so where they cannot be bounded', async () => {
    const parser = await createParser();
    const r = runPython(parser, "import re\nre.match(r'(a+)+\\1$', 'a' * 200 + '!')");
    expect(r.gaps.join()).toContain('back-reference');
  });
});
