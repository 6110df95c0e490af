/** A file system in memory, for tests that need files beside the one that is open. */
import type { FilePort } from '../../server/src/trace/files.js';

export function memoryFiles(files: Readonly<Record<string, string>>): FilePort {
  const paths = Object.keys(files);
  return {
    read: (path) => files[path] ?? null,
    isDirectory: (path) => paths.some((p) => p.startsWith(`${path}/`)),
    list: (folder) => [
      ...new Set(paths.filter((p) => p.startsWith(`${folder}/`)).map((p) => p.slice(folder.length + 1).split('/')[0]!)),
    ],
  };
}
