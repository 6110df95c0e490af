/** What must not be in the repository, and what package.json and the lockfile must hold. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles, projectRoot } from './trackedFiles.js';

const files = projectFiles();
const binary = /\.(?:png|gif|ico|wasm|vsix|jpg|woff2?)$/;
const texts = files
  .filter((path) => !binary.test(path))
  .map((path) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') }));
const readJson = (path: string) => JSON.parse(readFileSync(join(projectRoot, path), 'utf8'));

/** `path:line` of every match. */
function matches(pattern: RegExp, keep: (path: string) => boolean = () => true): string[] {
  const found: string[] = [];
  for (const { path, text } of texts) {
    if (!keep(path) || path.startsWith('test/architecture/')) continue;
    for (const [index, line] of text.split('\n').entries()) if (pattern.test(line)) found.push(`${path}:${index + 1}`);
  }
  return found;
}

describe('the repository', () => {
  it('holds no path of somebody’s machine', () => {
    expect(matches(/(?:^|[\s"'`=(:])\/(?:home|root|Users|work|tmp\/(?:setup|brief))\/[\w.-]/)).toEqual([]);
    expect(matches(/\b[A-Z]:\\Users\\/)).toEqual([]);
  });

  it('reaches for nothing outside the checkout', () => {
    // A relative path that climbs out of the project from where its file lies.
    const escapes = texts.flatMap(({ path, text }) => {
      const depth = path.split('/').length - 1;
      const climb = new RegExp(`(?:\\.\\./){${depth + 1},}(?:shared|[\\w-]+)`);
      return /\.(?:ts|mjs|js|json|sh|py)$/.test(path) && path !== 'package-lock.json' && climb.test(text) ? [path] : [];
    });
    expect(escapes.filter((path) => !path.startsWith('test/architecture/'))).toEqual([]);
  });

  it('names no package registry', () => {
    expect(
      matches(/https?:\/\/[^\s"']*(?:registry|artifactory|nexus|pypi|npmjs\.(?:org|com))[^\s"']*/, (path) =>
        /(?:lock|rc|\.json|\.mjs|run)$|\.ya?ml$|\.toml$|\.txt$/.test(path),
      ),
    ).toEqual([]);
    expect(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
  });

  it('holds no file larger than 2 MB', () => {
    expect(files.filter((path) => statSync(join(projectRoot, path)).size > 2_000_000)).toEqual([]);
  });
});

describe('package.json', () => {
  const manifest = readJson('package.json');
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };

  it('pins every dependency exactly', () => {
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version as string))).toEqual([]);
  });

  it('keeps the native parser optional and runs no install script', () => {
    expect(manifest.optionalDependencies).toHaveProperty('tree-sitter');
    expect(manifest.dependencies).not.toHaveProperty('tree-sitter');
    expect(Object.keys(manifest.scripts).filter((name) => /^(?:pre|post)?install$|^prepare$/.test(name))).toEqual([]);
    expect(readFileSync(join(projectRoot, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });

  it('has a lockfile entry for every platform’s package, so that `npm ci` works on each', () => {
    const { packages } = readJson('package-lock.json') as {
      packages: Record<string, { optionalDependencies?: object; version?: string }>;
    };
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) =>
          packages[`node_modules/${name}`] === undefined && packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });
});
