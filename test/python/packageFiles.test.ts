/** Configuration files beside a package, and modules that are loaded after `sys.modules` was first seen. */
import { expect, it } from 'vitest';
import { createParser } from '../../server/src/syntax/createParser.js';
import { evaluate } from '../../server/src/trace/evaluate.js';
import { Program } from '../../server/src/trace/program.js';
import { Sources } from '../../server/src/trace/sources.js';

const files: Readonly<Record<string, string>> = {
  '/site/lib/__init__.py': '',
  '/site/lib/late.py': 'import sys\ndef register(f):\n    return sys.modules[f.__module__].__name__\n',
  '/site/lib/models.py': 'from lib.late import register\n@register\ndef net(): pass\n',
  '/site/lib/shapes/pruned.txt': 'conv:64***head:1000\n',
  '/code/main.py': `
import pkgutil, importlib.resources, os, sys
import lib.late
known = 'lib.models' in sys.modules
from lib.models import net
shapes = pkgutil.get_data('lib', os.path.join('shapes', 'pruned.txt')).decode('utf-8').strip()
again = (importlib.resources.files('lib') / 'shapes' / 'pruned.txt').read_text()
sizes = sum(int(part.split(':')[1]) for part in shapes.split('***'))
same = again.strip() == shapes
`,
};

it('are read as the package would read them', async () => {
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
  expect(evaluate(program, 'net')).toBe('lib.models');
  expect(evaluate(program, 'sizes')).toBe(1064);
  expect(evaluate(program, 'same')).toBe(true);
  expect(program.recorder.gaps).toEqual([]);
});
