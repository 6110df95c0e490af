/** Whether a path lies inside a folder. Both with forward slashes. */
import { posix } from 'node:path';

export function isInside(folder: string, path: string): boolean {
  const from = posix.relative(folder, posix.normalize(path));
  return from !== '' && from !== '..' && !from.startsWith('../') && !posix.isAbsolute(from);
}
