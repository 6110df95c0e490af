/** Patterns of `per-file-ignores`: `*` and `?` within a folder, `**` across folders, `[ab]`, `{a,b}`. */

/**
 * True when a pattern means the file. Both are relative to the configuration's folder, with `/`. A pattern without a
 * slash means files and folders of that name anywhere; a folder means all below it.
 */
export function matchesGlob(path: string, pattern: string): boolean {
  const trimmed = pattern.replace(/^\.\//, '').replace(/\/$/, '');
  const rooted = trimmed.includes('/') ? trimmed.replace(/^\//, '') : `**/${trimmed}`;
  return new RegExp(`^${sourceOf(rooted)}(?:/.*)?$`).test(path);
}

function sourceOf(pattern: string): string {
  let source = '';
  let depth = 0;
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at] as string;
    if (c === '*' && pattern[at + 1] === '*') {
      const isWhole = pattern[at + 2] === '/';
      source += isWhole ? '(?:.*/)?' : '.*';
      at += isWhole ? 2 : 1;
    } else if (c === '*') source += '[^/]*';
    else if (c === '?') source += '[^/]';
    else if (c === '{' && pattern.indexOf('}', at) > 0) {
      depth++;
      source += '(?:';
    } else if (c === '}' && depth > 0) {
      depth--;
      source += ')';
    } else if (c === ',' && depth > 0) source += '|';
    else if (c === '[' && pattern.indexOf(']', at + 2) > 0) {
      const end = pattern.indexOf(']', at + 2);
      source += `[${pattern
        .slice(at + 1, end)
        .replace(/^!/, '^')
        .replace(/[\\[]/g, '\\$&')}]`;
      at = end;
    } else source += c.replace(/[.+^$()|[\]\\{}]/g, '\\$&');
  }
  return source + ')'.repeat(depth);
}
