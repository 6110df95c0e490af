/** Rules come again only where something changed, and then find what they would find in a file never seen. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkModule } from '../../server/src/rules/checkModule.js';
import { noFacts } from '../../server/src/rules/facts.js';
import { ModuleIndex } from '../../server/src/rules/semantic/moduleIndex.js';
import { visitsOf } from '../../server/src/rules/visits.js';
import { createParser } from '../../server/src/syntax/createParser.js';
import type { ParsedFile, Parser } from '../../server/src/syntax/parser.js';

const text = `import torch
import torch.nn.functional as F


def first(x):
    return F.softmax(x)


def second(x):
    return torch.log(torch.exp(x).sum(-1))
`;

let parser: Parser;
beforeAll(async () => {
  parser = await createParser({ log: () => {} });
});
afterAll(() => parser.dispose());

function replace(file: ParsedFile, old: string, newText: string): void {
  const start = file.text.indexOf(old);
  file.edit([{ start, oldEnd: start + old.length, newText }]);
}

/** Functions that a rule of this name visits; `look` is what it does there. */
function visited(rule: string, file: ParsedFile, look: (index: ModuleIndex) => unknown = () => null): string[] {
  const index = new ModuleIndex(file.tree, file.text);
  const names: string[] = [];
  visitsOf(rule, index).eachFunction((scope) => {
    names.push(scope.name);
    look(index);
  });
  return names;
}

it('visits the statement that changed', () => {
  const file = parser.open(text);
  expect(visited('A', file)).toEqual(['first', 'second']);
  replace(file, '.sum(-1)', '.sum(0)');
  expect(visited('A', file)).toEqual(['second']);
  expect(visited('A', file)).toEqual([]);
});

it('visits every statement when names mean something else', () => {
  const file = parser.open(text);
  visited('B', file);
  replace(file, 'import torch\n', 'import numpy as torch\n');
  expect(visited('B', file)).toEqual(['first', 'second']);
});

it('visits a statement again when the visit looked elsewhere', () => {
  const file = parser.open(text);
  for (const look of [
    (index: ModuleIndex) => index.text,
    (index: ModuleIndex) => index.calls,
    (index: ModuleIndex) => index.functionNamed('first'),
    (index: ModuleIndex) => index.top.flow,
  ]) {
    const rule = `C ${look}`;
    visited(rule, file, look);
    expect(visited(rule, file, look)).toEqual(['first', 'second']);
  }
});

it('finds after each edit what it finds in the same text opened anew', () => {
  const file = parser.open(text);
  const findings = ({ tree, text }: ParsedFile) => checkModule({ tree, text, file: 'model.py', facts: noFacts });
  const codes: string[][] = [];
  for (const [old, newText] of [
    ['F.softmax(x)', 'F.softmax(x, -1)'],
    ['import torch\n', 'import math as torch\n'],
    ['import math as torch\n', 'import torch\n'],
    ['F.softmax(x, -1)', 'F.softmax(x)'],
  ] as const) {
    findings(file);
    replace(file, old, newText);
    const found = findings(file);
    expect(found).toEqual(findings(parser.open(file.text)));
    codes.push(found.map(({ code }) => code));
  }
  expect(codes).toEqual([['ECO705'], [], ['ECO705'], ['ECO706', 'ECO705']]);
});

const model = `import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = 1

    def forward(self, x):
        return x * self.scale

    def other(self, x):
        return torch.log(x)
`;

it('visits the method that changed, and those that look at their class', () => {
  const file = parser.open(model);
  replace(file, 'scale = 1', 'scale = 12');
  expect(visited('D', file)).toEqual(['__init__', 'forward', 'other']);
  visited('E', file, (index) => index.functions.map((scope) => index.enclosingClass(scope)));
  replace(file, 'scale = 12', 'scale = 123');
  expect(visited('D', file)).toEqual(['__init__']);
  expect(visited('E', file)).toEqual(['__init__', 'forward', 'other']);
});

it('visits every method when the class is another', () => {
  const file = parser.open(model);
  replace(file, 'scale = 1', 'scale = 12');
  visited('F', file);
  replace(file, 'Model(nn.Module)', 'Model(object)');
  expect(visited('F', file)).toEqual(['__init__', 'forward', 'other']);
});
