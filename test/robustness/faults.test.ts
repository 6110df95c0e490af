/** Inputs that are wrong in the ways files are: each gives a partial result or one clear message, never a throw. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { Engine } from '../../server/src/analysis/engine.js';
import type { FileReport } from '../../server/src/analysis/model.js';

const model = `import torch
from torch import nn


# eco: x=(2,16) float32
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 8)

    def forward(self, x):
        return self.fc(x)
`;
/** 2 × 16 × 8 × 2: two rows, one multiply and one add per weight. */
const FLOPS = 512;

/** Files in memory. */
function memoryFiles(files: Record<string, string>) {
  return {
    read: (path: string) => files[path] ?? null,
    isDirectory: (path: string) => Object.keys(files).some((file) => file.startsWith(`${path}/`)),
    list: (path: string) => [
      ...new Set(
        Object.keys(files)
          .filter((file) => file.startsWith(`${path}/`))
          .map((file) => file.slice(path.length + 1).split('/')[0]),
      ),
    ],
  };
}

const file = '/p/main.py';
let engine: Engine;
let files: Record<string, string>;

beforeEach(async () => {
  files = {};
  engine = await createEngine({ files: memoryFilesOf(), cancelled: () => false, log: () => {} }, { fuel: 300_000 });
});
afterEach(() => engine.dispose());

/** The port looks at the test's own files each time. */
function memoryFilesOf() {
  return {
    read: (path: string) => memoryFiles(files).read(path),
    isDirectory: (path: string) => memoryFiles(files).isDirectory(path),
    list: (path: string) => memoryFiles(files).list(path),
  };
}

function analyse(text: string): FileReport {
  engine.open(file, text, 1);
  const report = engine.analyse(file, defaultTarget);
  expect(report.problems.filter((p) => /internal error/i.test(p.message))).toEqual([]);
  return report;
}
const flopsOf = (report: FileReport, name = 'Net') =>
  report.estimates.find((e) => e.entry.startsWith(name))?.flops.forward;

describe('texts', () => {
  it('the model of these tests has a number', () => {
    expect(flopsOf(analyse(model))).toBe(FLOPS);
  });

  it('an empty file gives an empty report', () => {
    expect(analyse('')).toMatchObject({ estimates: [], findings: [], problems: [] });
    expect(analyse('\n\n   \n')).toMatchObject({ estimates: [], findings: [], problems: [] });
  });

  it.each(['yield 3', 'yield from [1]', 'class Wrong:\n    yield', 'x = [(yield) for _ in range(3)]'])(
    '`%s` outside a function: the model keeps its number',
    (line) => {
      expect(flopsOf(analyse(`${line}\n${model}\n${line}\n`))).toBe(FLOPS);
    },
  );

  it('half an `if` after the model: the model keeps its number, the problem has its line', () => {
    const report = analyse(`${model}\n\nif torch.\n`);
    expect(flopsOf(report)).toBe(FLOPS);
    expect(report.problems[0].line).toBeGreaterThanOrEqual(15);
  });

  it('half an `if` inside forward: the other class keeps its number', () => {
    const other = model.replaceAll('Net', 'Other').replace('return self.fc(x)', 'if x.\n        return self.fc(x)');
    const report = analyse(`${model}\n\n${other}`);
    expect(flopsOf(report)).toBe(FLOPS);
    expect(report.problems.length).toBeGreaterThan(0);
  });

  it('a syntax error at each line: a report each time, and a number again once it is gone', () => {
    const lines = model.split('\n');
    for (let i = 0; i < lines.length; i++) {
      const broken = [...lines.slice(0, i), `${lines[i]} ) (`, ...lines.slice(i + 1)].join('\n');
      engine.open(file, model, 1);
      engine.change(file, [{ start: 0, oldEnd: model.length, newText: broken }], 2);
      const report = engine.analyse(file, defaultTarget);
      expect(report.version).toBe(2);
      if (!lines[i].startsWith('#')) expect(report.problems.length, `line ${i + 1}`).toBeGreaterThan(0);
      engine.change(file, [{ start: 0, oldEnd: broken.length, newText: model }], 3);
      expect(flopsOf(engine.analyse(file, defaultTarget)), `after line ${i + 1}`).toBe(FLOPS);
    }
  });

  it('CRLF and tabs read as LF and blanks do', () => {
    expect(flopsOf(analyse(model.replaceAll('\n', '\r\n')))).toBe(FLOPS);
    expect(flopsOf(analyse(model.replaceAll('    ', '\t')))).toBe(FLOPS);
  });

  it('a byte order mark is no obstacle', () => {
    expect(flopsOf(analyse(`\ufeff${model}`))).toBe(FLOPS);
  });

  it('a 3 MB file: the model keeps its number', () => {
    const table = `TABLE = [\n${'    (1, 2.5, "a row of data"),\n'.repeat(100_000)}]\n`;
    const text = `${table}\n\n${model}`;
    expect(text.length).toBeGreaterThan(3_000_000);
    expect(flopsOf(analyse(text))).toBe(FLOPS);
  });

  it('nesting deeper than any host stack', () => {
    for (const text of [
      `x = ${'('.repeat(5_000)}1${')'.repeat(5_000)}\n`,
      `x = ${'-'.repeat(20_000)}1\n`,
      `x = 1${' + 1'.repeat(20_000)}\n`,
      `x = y${'.a'.repeat(20_000)}\n`,
    ]) {
      expect(flopsOf(analyse(`${model}\n\n${text}`)), text.slice(0, 20)).toBe(FLOPS);
    }
  });
});

describe('programs', () => {
  const withForward = (body: string) => model.replace('        return self.fc(x)', body.replace(/^/gm, '        '));
  /** Nothing is claimed: no number, and a reason for people. */
  const expectReason = (report: FileReport, reason: RegExp) => {
    const estimate = report.estimates.find((e) => e.entry.startsWith('Net'))!;
    expect(estimate.flops.forward).toBeNull();
    const said = [estimate.missing ?? '', ...estimate.coverage.unknown.map((u) => `${u.what} ${u.why}`)].join('\n');
    expect(said).toMatch(reason);
  };

  it('recursion without end', () => {
    expectReason(analyse(withForward('return self.forward(x)')), /recursion|longer than/i);
    expectReason(analyse(withForward('return self(x)')), /recursion|longer than/i);
  });

  it('recursion without end while building', () => {
    expectReason(analyse(model.replace('self.fc = nn.Linear(16, 8)', 'self.fc = Net()')), /recursion|longer than/i);
  });

  it('a loop without end', () => {
    expectReason(analyse(withForward('while True:\n    x = x + 1\nreturn x')), /longer than/i);
  });

  it('an empty loop without end, in a class body', () => {
    const endless = 'class Odd(nn.Module):\n    while True:\n        pass\n';
    expect(flopsOf(analyse(`${model}\n\n${endless}`))).toBe(FLOPS);
  });

  it('objects without end', () => {
    const report = analyse(withForward('rows = []\nwhile True:\n    rows.append([0] * 1000)'));
    expect(flopsOf(report)).toBeNull();
  });

  it('numbers and sequences that no memory holds', () => {
    for (const body of [
      'return self.fc(x) * 10 ** 10 ** 10',
      'y = [0] * 10 ** 12\nreturn x',
      'y = "a" * 10 ** 12\nreturn x',
      'y = list(range(10 ** 12))\nreturn x',
      'y = 1 << 10 ** 12\nreturn x',
    ]) {
      const estimate = analyse(withForward(body)).estimates[0];
      // a complete number would be a wrong one: CPython raises MemoryError or never ends
      expect(
        estimate.coverage.unknownOps === 0 && estimate.coverage.knownFlopShare === 1 && estimate.missing === null,
        body,
      ).toBe(false);
    }
  });

  it('a tensor larger than any memory is still a shape', () => {
    const report = analyse(withForward('return self.fc(x).unsqueeze(0).expand(10 ** 9, 2, 8).contiguous()'));
    expect(flopsOf(report)).toBe(FLOPS);
  });

  it('a size that no integer of PyTorch holds is an error of the model', () => {
    const text =
      'import torch.nn as nn\nclass Net(nn.Linear):\n    def __init__(self, n=10**30256):\n        super().__init__(4, n)\n';
    const [{ params, missing }] = analyse(text).estimates;
    expect([params, missing]).toEqual([null, expect.stringContaining('Overflow when unpacking long long')]);
  });

  it('an import that does not resolve: its name is unknown, the rest has numbers', () => {
    const report = analyse(`import no_such_package\nfrom no_such_package.deep import thing\n${model}`);
    expect(flopsOf(report)).toBe(FLOPS);
  });

  it('a call into it is unknown with its name, not zero', () => {
    expectReason(
      analyse(`import no_such_package\n${withForward('return no_such_package.op(self.fc(x))')}`),
      /no_such_package/,
    );
  });

  it('circular imports end as CPython’s do', () => {
    files['/p/a.py'] = 'from b import WIDTH\nclass A: pass\n';
    files['/p/b.py'] = 'import a\nWIDTH = 8\n';
    expect(flopsOf(analyse(`from a import A\nfrom b import WIDTH\n${model.replace('(16, 8)', '(16, WIDTH)')}`))).toBe(
      FLOPS,
    );
  });

  it('a module that imports itself', () => {
    expect(flopsOf(analyse(`import main\nfrom main import *\n${model}`))).toBe(FLOPS);
  });

  it('a workspace file with a syntax error', () => {
    files['/p/config.py'] = 'WIDTH = 8\ndef broken(:\n';
    const report = analyse(`from config import WIDTH\n${model.replace('(16, 8)', '(16, WIDTH)')}`);
    expect(report.estimates.length).toBe(1);
  });

  it('a class that is its own base, and a metaclass that is none', () => {
    expect(
      flopsOf(analyse(`${model}\n\nclass Loop(Loop):\n    pass\n\n\nclass Odd(nn.Module, metaclass=3):\n    pass\n`)),
    ).toBe(FLOPS);
  });
});

describe('the port', () => {
  it('a file that cannot be read is one problem with the port’s message', async () => {
    const other = await createEngine({
      files: {
        read: () => {
          throw new Error('/p/latin.py is not UTF-8 text; save it as UTF-8');
        },
        isDirectory: () => false,
        list: () => [],
      },
      cancelled: () => false,
      log: () => {},
    });
    const report = other.analyse('/p/latin.py', defaultTarget);
    expect(report.problems.map((p) => p.message)).toEqual(['/p/latin.py is not UTF-8 text; save it as UTF-8']);
    other.dispose();
  });

  it('a missing file is one problem', () => {
    expect(engine.analyse('/p/none.py', defaultTarget).problems).toHaveLength(1);
    expect(engine.audit('/p/none.py', defaultTarget).problems).toHaveLength(1);
    expect(engine.hover('/p/none.py', 0, 0, defaultTarget)).toBeNull();
    expect(engine.fixAll('/p/none.py', defaultTarget, true)).toEqual({ text: '', applied: 0 });
  });

  it('a cancelled run leaves nothing behind', async () => {
    let cancelled = true;
    const other = await createEngine({ files: memoryFiles({}), cancelled: () => cancelled, log: () => {} });
    other.open(file, model, 1);
    other.analyse(file, defaultTarget);
    cancelled = false;
    expect(flopsOf(other.analyse(file, defaultTarget))).toBe(FLOPS);
    other.dispose();
  });

  it('questions about a place that is not in the file', () => {
    engine.open(file, model, 1);
    expect(engine.hover(file, 10_000, 10_000, defaultTarget)).toBeNull();
    expect(engine.setInputs(file, 'NoSuchModel()', 'x=(1,2)')).toEqual([]);
    const wrong = engine.estimate({ file, entry: 'Net(', inputs: ['2x16:float32'], target: defaultTarget });
    expect(wrong.estimates[0].missing).toMatch(/SyntaxError/);
  });
});

it('a fault of ours while fixes are tried is a problem of that file, and the figures stay', () => {
  engine.open(file, model, 1);
  Object.assign(engine, {
    fixAll: () => {
      throw new Error('broken inside');
    },
  });
  const report = engine.audit(file, defaultTarget);
  expect(report.problems.map((p) => p.message)).toEqual(['internal error: broken inside']);
  expect([report.before[0]!.flops.forward, report.after, report.fixedText]).toEqual([FLOPS, report.before, model]);
});
