/** What static analysis cannot know stays unknown through the built-ins: never zero, never dropped, never decided by chance. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createParser } from '../../../server/src/syntax/createParser.js';
import type { Parser } from '../../../server/src/syntax/parser.js';
import { runProgram } from '../interpreter.js';

let parser: Parser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => parser.dispose());

/** Runs code that may use `u` (any), `i` (int), `f` (float), `s` (str), `t` (tensor); gives the printed lines. */
function printed(code: string): string[] {
  const prelude = [
    'from _eco import is_unknown, kind_of, runtime',
    "u, i, f, s, t = runtime('why'), runtime('why', 'int'), runtime('why', 'float'), runtime('why', 'str'), runtime('why', 'tensor')",
    'def show(v): print((kind_of(v) if is_unknown(v) else repr(v)))',
  ].join('\n');
  const { out, error } = runProgram(parser, `${prelude}\n${code}\n`);
  expect(error).toBeNull();
  return out.trimEnd().split('\n');
}

/** One `show(...)` per expression. */
const shown = (...expressions: string[]) => printed(expressions.map((e) => `show(${e})`).join('\n'));

describe('operators', () => {
  test('arithmetic keeps the kind when it is sure', () => {
    expect(
      shown(
        'i + 1',
        'i / 2',
        'i // 2',
        'f * 2',
        '1 + f',
        'u + 1',
        's + "a"',
        't * 2',
        '-i',
        'i & 3',
        '"%d" % i',
        'i ** 2',
      ),
    ).toEqual(['int', 'float', 'int', 'float', 'float', 'any', 'str', 'tensor', 'int', 'int', 'str', 'any']);
  });
  test('comparisons are unknown, unless the kinds decide', () => {
    expect(
      shown(
        'i < 3',
        'u == 1',
        'i == None',
        's == None',
        'u is None',
        'i is None',
        's == 1',
        't == 1',
        '[1, u] == [2, 3]',
        '[1, u] == [1, 3]',
      ),
    ).toEqual(['bool', 'any', 'False', 'False', 'bool', 'False', 'False', 'tensor', 'False', 'bool']);
  });
  test('membership', () => {
    expect(
      shown('1 in [1, u]', '2 in [1, u]', 'u in []', 'u in {1: 2}', '2 in {1: 2}', 's in "abc"', 'u not in (1, 2)'),
    ).toEqual(['True', 'any', 'False', 'bool', 'False', 'bool', 'any'].map((v) => (v === 'any' ? 'bool' : v)));
  });
});

describe('functions', () => {
  test('aggregates', () => {
    expect(
      shown(
        'len(u)',
        'sum([1, i])',
        'sum(u)',
        'max(1, i)',
        'max([1, 2.0, i])',
        'min(u)',
        'sorted([2, i])',
        'any([0, u])',
        'any([1, u])',
        'all([u, 0])',
        'round(f)',
        'abs(i)',
      ),
    ).toEqual(['int', 'int', 'any', 'int', 'any', 'any', 'any', 'bool', 'True', 'False', 'int', 'int']);
  });
  test('conversions', () => {
    expect(
      shown(
        'int(u)',
        'float(i)',
        'str(i)',
        'bool(u)',
        'list(u)',
        'f"{i:>3}"',
        'str([1, i])',
        '"-".join(["a", s])',
        '"{}".format(u)',
        'range(i)',
        'isinstance(i, int)',
        'isinstance(i, str)',
        'isinstance(u, int)',
        'isinstance(t, int)',
      ),
    ).toEqual([
      'int',
      'float',
      'str',
      'bool',
      'any',
      'str',
      'str',
      'str',
      'str',
      'any',
      'True',
      'False',
      'bool',
      'False',
    ]);
  });
  test('methods of known objects with unknown arguments', () => {
    expect(
      printed(
        'import math\nfor v in ("abc".find(s), [1, 2][i], {1: 2}.get(u), {}.get(u, 5), math.sqrt(f), math.floor(f)): show(v)',
      ),
    ).toEqual(['int', 'any', 'any', '5', 'float', 'int']);
  });
});

describe('containers written with unknown keys', () => {
  test('a list assigned at an unknown index is unknown everywhere, its length is known', () => {
    expect(printed('l = [1, 2]\nl[i] = 5\nshow(l[0])\nshow(len(l))')).toEqual(['any', '2']);
  });
  test('a dict with an unknown key: misses prove nothing', () => {
    expect(printed('d = {}\nd[u] = 1\nshow(d.get("x"))\nshow("x" in d)\nshow(len({}))')).toEqual(['any', 'bool', '0']);
    expect(printed('d = {"a": 1}\nd[u] = 2\nshow(d["a"])')).toEqual(['any']);
  });
  test('a set that holds an unknown element', () => {
    expect(printed('x = {1, u}\nshow(1 in x)\nshow(2 in x)')).toEqual(['True', 'bool']);
  });
});

describe('library', () => {
  test('clocks and chance have kinds', () => {
    expect(
      printed(
        'import random, time, os\nfor v in (random.random(), random.randint(1, 9), random.choice([1, 2]), time.time(), os.cpu_count(), os.path.exists("x")): show(v)',
      ),
    ).toEqual(['float', 'int', 'int', 'float', 'int', 'bool']);
  });
  test('required arguments without default are unknown of their type', () => {
    expect(
      printed(
        'import argparse\np = argparse.ArgumentParser()\np.add_argument("--n", type=int, required=True)\np.add_argument("data")\np.add_argument("--k", type=int, default=3)\na = p.parse_args()\nshow(a.n)\nshow(a.data)\nshow(a.k)',
      ),
    ).toEqual(['int', 'str', '3']);
  });
  test('calls with unknown arguments are not cached', () => {
    expect(
      printed(
        'from functools import lru_cache\n@lru_cache\ndef g(x): return [x]\nshow(g(1) is g(1))\nshow(g(u) is g(u))',
      ),
    ).toEqual(['True', 'False']);
  });
  test('json and regular expressions on unknown text', () => {
    expect(
      printed(
        'import json, re\nshow(json.loads(s))\nshow(re.match("a", s))\nshow(re.sub("a", "b", s))\nshow(json.dumps({"a": i}))',
      ),
    ).toEqual(['any', 'any', 'str', 'str']);
  });
});
