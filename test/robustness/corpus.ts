/** Real files that are damaged: our examples and fixtures, and torchvision's and timm's models where they are installed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SourceText {
  readonly name: string;
  readonly text: string;
}

/** Larger ones are left to the benchmarks. */
const MAX_LENGTH = 60_000;

function pythonFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Files of the repository, always there. */
export function ownFiles(root: string): SourceText[] {
  const folders = ['examples', 'test/fixtures', 'test/bench'].map((folder) => join(root, folder));
  return folders.flatMap(pythonFiles).flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return text.length === 0 || text.length > MAX_LENGTH
      ? []
      : [{ name: path.slice(root.length + 1).replaceAll('\\', '/'), text }];
  });
}

/** Model sources of installed packages; empty where there are none. */
export function packageFiles(sitePackages: readonly string[]): SourceText[] {
  return sitePackages.flatMap((folder) =>
    ['torchvision/models', 'timm/models', 'torchaudio/models'].flatMap((name) =>
      pythonFiles(join(folder, name)).flatMap((path) => {
        const text = readFileSync(path, 'utf8');
        return text.length === 0 || text.length > MAX_LENGTH ? [] : [{ name: path.slice(folder.length + 1), text }];
      }),
    ),
  );
}
