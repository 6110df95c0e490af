/** Packages that load their parts when asked: lazy module tables with several switches, registries keyed by enumerations. */
import { expect, it } from 'vitest';
import { createParser } from '../../server/src/syntax/createParser.js';
import { evaluate } from '../../server/src/trace/evaluate.js';
import { Program } from '../../server/src/trace/program.js';
import { Sources } from '../../server/src/trace/sources.js';

const files: Readonly<Record<string, string>> = {
  '/site/lib/__init__.py': `
from typing import TYPE_CHECKING
from .tools import SLOW, Missing, Lazy, has_torch

_table = {'models': ['Small', 'Large']}
if TYPE_CHECKING or SLOW:
    try:
        if not has_torch():
            raise Missing()
    except Missing:
        from .dummies import *
    else:
        from .models import Small, Large
else:
    import sys
    sys.modules[__name__] = Lazy(__name__, globals()['__file__'], _table, module_spec=__spec__)
`,
  '/site/lib/tools.py': `
from types import ModuleType
SLOW = False
class Missing(Exception): pass
class Lazy(ModuleType): pass
def has_torch(): return True
`,
  '/site/lib/dummies.py': 'raise RuntimeError("not reached")\n',
  '/site/lib/models/__init__.py': `
from typing import TYPE_CHECKING
from ..tools import SLOW, Lazy, has_torch
if TYPE_CHECKING or SLOW:
    if has_torch():
        from .small import Small
        from .large import Large
else:
    import sys
    sys.modules[__name__] = Lazy(__name__, globals()['__file__'], {}, module_spec=__spec__)
`,
  '/site/lib/models/small.py': `
from enum import Enum
class Kind(str, Enum):
    PLAIN = 'plain'
    FAST = 'fast'
class Registry:
    makers = {}
    @classmethod
    def register(cls, kind):
        def add(f):
            cls.makers[kind] = f
            return f
        return add
@Registry.register(Kind.PLAIN)
def plain():
    return 1
@Registry.register(Kind.FAST)
def fast():
    return 2
class Small:
    size = Registry.makers[Kind.FAST]()
`,
  '/site/lib/models/large.py': 'class Large:\n    size = 9\n',
  '/code/main.py': 'from lib import Small\n',
};

it('a lazy table gives the name that is asked for and loads nothing else', async () => {
  const names = Object.keys(files);
  const port = {
    read: (p: string) => files[p] ?? null,
    isDirectory: (p: string) => names.some((n) => n.startsWith(`${p}/`)),
    list: (p: string) => [
      ...new Set(names.filter((n) => n.startsWith(`${p}/`)).map((n) => n.slice(p.length + 1).split('/')[0]!)),
    ],
  };
  const program = new Program('/code/main.py', {
    sources: new Sources(await createParser(), port),
    pythonPath: [],
    sitePackages: ['/site'],
    torchVersion: [2, 13],
    fuel: 1_000_000,
    cancelled: () => false,
  });
  expect(evaluate(program, 'Small.size')).toBe(2);
  expect(program.recorder.gaps).toEqual([]);
  const loaded = [...program.machine.imports.modules.keys()];
  expect(loaded).toContain('lib.models.small');
  expect(loaded).not.toContain('lib.models.large');
  expect(loaded).not.toContain('lib.dummies');
});
