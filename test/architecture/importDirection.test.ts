/** A room imports only from rooms above it; the client and shared/ keep to themselves. See docs/architecture.md. */
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles, projectRoot } from './trackedFiles.js';

/** From the top down; the last three are the shells (`ecocompute lsp` and `ecocompute mcp` start from the CLI). */
const rooms = ['syntax', 'python', 'torch', 'trace', 'hardware', 'energy', 'rules', 'analysis', 'llm', 'audit'];
const shells = ['lsp', 'mcp', 'cli'];
const order = [...rooms, ...shells];

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Every static, re-exporting and dynamic import of a relative path, resolved from the project's root. */
function relativeImports(path: string, text: string): Import[] {
  const pattern = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])(\.{1,2}\/[^'"]*)\1/g;
  return [...text.matchAll(pattern)].map((match) => ({ from: path, to: normalize(join(dirname(path), match[2])) }));
}

/** What is wrong with an import, or null. */
function complaint({ from, to }: Import): string | null {
  const [area, , room] = from.split('/');
  const [toArea, toSrc, toRoom] = to.split('/');
  if (to.startsWith('..')) return `${from} imports ${to}, outside the project`;
  if (area === 'shared' && toArea !== 'shared') return `${from} imports ${to}: shared/ imports nothing of ours`;
  if (area === 'client' && toArea !== 'client' && toArea !== 'shared') {
    return `${from} imports ${to}: the client imports only client/ and shared/`;
  }
  if (area !== 'server') return null;
  if (toArea === 'shared' || toArea === 'package.json') return null;
  if (toArea !== 'server' || toSrc !== 'src')
    return `${from} imports ${to}: the server imports only server/src and shared/`;
  if (room === toRoom) return null;
  return order.indexOf(toRoom) < order.indexOf(room) ? null : `${from} imports ${to}: ${toRoom} is below ${room}`;
}

const sources = projectFiles().filter(
  (path) => /^(?:client|server\/src|shared)\//.test(path) && /\.(?:ts|mts|mjs|js)$/.test(path),
);

describe('import direction', () => {
  it('finds the sources', () => {
    expect(sources.length).toBeGreaterThan(20);
  });

  it('every file under server/src lies in a known room', () => {
    const strays = sources.filter((path) => {
      const [area, , room, ...rest] = path.split('/');
      return area === 'server' && (rest.length === 0 || !order.includes(room));
    });
    expect(strays).toEqual([]);
  });

  it('a room imports only from rooms above it', () => {
    const complaints = sources.flatMap((path) =>
      relativeImports(path, readFileSync(join(projectRoot, path), 'utf8'))
        .map(complaint)
        .filter((text) => text !== null),
    );
    expect(complaints).toEqual([]);
  });

  it('a wrong import is noticed (the test itself is tested)', () => {
    const check = (from: string, text: string) => relativeImports(from, text).map(complaint);
    expect(check('server/src/torch/a.ts', "import { x } from '../rules/y.js';")[0]).toMatch(/rules is below torch/);
    expect(check('server/src/rules/a.ts', "import type { x } from '../torch/y.js';")).toEqual([null]);
    expect(check('server/src/audit/a.ts', "await import('../lsp/main.js')")[0]).toMatch(/lsp is below audit/);
    expect(check('server/src/lsp/a.ts', "export * from '../cli/main.js';")[0]).toMatch(/cli is below lsp/);
    expect(check('client/src/a.ts', "import '../../server/src/syntax/ast.js';")[0]).toMatch(/client/);
    expect(check('shared/a.ts', "import '../server/src/syntax/ast.js';")[0]).toMatch(/shared/);
    expect(check('server/src/hardware/a.ts', "import x from '../../../../shared/data/h.json';")[0]).toMatch(/outside/);
  });
});
