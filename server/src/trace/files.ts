/** The only I/O the core does: synchronous reads through a port. */
export interface FilePort {
  /** Text with any BOM removed; null = missing. Throws a message for people when the file exists but is not UTF-8 or is too large. */
  read(path: string): string | null;
  isDirectory(path: string): boolean;
  list(path: string): readonly string[];
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

export function folderOf(path: string): string {
  const i = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return i < 0 ? '' : i === 0 ? '/' : path.slice(0, i);
}

export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
