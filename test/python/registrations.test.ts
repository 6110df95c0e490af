/** Modules imported only for what they register: nothing reads their names, and yet what they registered is there. */
import { describe, expect, it } from 'vitest';
import { createParser } from '../../server/src/syntax/createParser.js';
import { evaluate } from '../../server/src/trace/evaluate.js';
import { Program } from '../../server/src/trace/program.js';
import { Sources } from '../../server/src/trace/sources.js';

async function open(files: Readonly<Record<string, string>>): Promise<Program> {
  const names = Object.keys(files);
  const port = {
    read: (p: string) => files[p] ?? null,
    isDirectory: (p: string) => names.some((n) => n.startsWith(`${p}/`)),
    list: (p: string) => [
      ...new Set(names.filter((n) => n.startsWith(`${p}/`)).map((n) => n.slice(p.length + 1).split('/')[0]!)),
    ],
  };
  return new Program('/code/main.py', {
    sources: new Sources(await createParser(), port),
    pythonPath: ['/code'],
    sitePackages: ['/site'],
    torchVersion: [2, 13],
    fuel: 1_000_000,
    cancelled: () => false,
  });
}

describe('imports for their effects', () => {
  it('a list of back ends, in the order of the imports', async () => {
    const program = await open({
      '/site/lib/__init__.py': 'from .core import choose\nfrom . import backends\n',
      '/site/lib/core.py': `
BACKENDS = []
def register(backend):
    BACKENDS.append(backend)
def choose():
    return [b.name for b in BACKENDS]
`,
      '/site/lib/backends/__init__.py': 'from . import second\nimport lib.backends.first\n',
      '/site/lib/backends/first.py':
        "from ..core import register\nclass First:\n    name = 'first'\nregister(First())\n",
      '/site/lib/backends/second.py':
        "from .. import core\nclass Second:\n    name = 'second'\ncore.register(Second())\n",
      '/site/lib/backends/never.py': 'from ..core import register\nregister(object())\n',
      '/code/main.py': 'import lib\nfound = lib.choose()\n',
    });
    expect(evaluate(program, "','.join(found)")).toBe('second,first');
    expect(program.recorder.gaps).toEqual([]);
    expect([...program.machine.imports.modules.keys()]).not.toContain('lib.backends.never');
  });

  it('a dict whose keys the text does not show', async () => {
    const program = await open({
      '/code/zoo/__init__.py': 'from . import blocks, extra\n',
      '/code/zoo/registry.py': `
class Registry:
    def __init__(self):
        self.items = {}
    def __call__(self, cls):
        key = cls.__name__.lower()
        if key in self.items:
            raise KeyError(key)
        self.items[key] = cls
        return cls
    def build(self, key):
        if key not in self.items:
            raise KeyError(key)
        return self.items[key]()
BLOCKS = Registry()
`,
      '/code/zoo/blocks.py': `
from .registry import BLOCKS
@BLOCKS
class Wide:
    size = 7
`,
      '/code/zoo/extra.py': `
from zoo import registry
@registry.BLOCKS
class Deep:
    size = 9
`,
      '/code/main.py': `
from zoo.registry import BLOCKS
a = BLOCKS.build('wide').size * 10 + BLOCKS.build('deep').size
n = len(BLOCKS.items)
`,
    });
    expect(evaluate(program, 'a')).toBe(79);
    expect(evaluate(program, 'n')).toBe(2);
    expect(program.recorder.gaps).toEqual([]);
  });

  it('subclasses that register themselves, and entries that other modules put in', async () => {
    const program = await open({
      '/code/parts/__init__.py': 'from . import left\nfrom . import right\n',
      '/code/parts/base.py': `
class Part:
    known = {}
    def __init_subclass__(cls, **kwargs):
        cls.known[cls.__name__] = cls
TABLE = {}
def add(key, value):
    TABLE[key] = value
`,
      '/code/parts/left.py': "from .base import Part, TABLE\nclass Left(Part): pass\nTABLE['l'] = 1\n",
      '/code/parts/right.py': "from .base import Part, add\nclass Right(Part): pass\nadd('r', 2)\n",
      '/code/main.py': `
from parts.base import Part, TABLE
names = ','.join(sorted(Part.known))
total = sum(TABLE.values())
`,
    });
    expect(evaluate(program, 'names')).toBe('Left,Right');
    expect(evaluate(program, 'total')).toBe(3);
  });

  it('modules beside the file, without a package', async () => {
    const program = await open({
      '/code/registry.py': 'MODELS = {}\ndef model(f):\n    MODELS[f.__name__] = f\n    return f\n',
      '/code/small.py': 'from registry import model\n@model\ndef tiny():\n    return 3\n',
      '/code/main.py': 'import small\nfrom registry import MODELS\nvalues = [f() for f in MODELS.values()]\n',
    });
    expect(evaluate(program, 'values[0]')).toBe(3);
  });
});
