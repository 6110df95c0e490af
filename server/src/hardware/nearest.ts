/** Near misses for error messages: the listed names closest to what was typed. */

/** Damerau-free edit distance (Levenshtein), two rows. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    previous = row;
  }
  return previous[b.length];
}

/** Up to `count` of `names`, nearest first; names that share nothing with `wanted` are left out. */
export function nearest(wanted: string, names: readonly string[], count: number): string[] {
  const key = wanted.toLowerCase();
  return names
    .map((name) => {
      const other = name.toLowerCase();
      const prefix = key.length >= 2 && (other.startsWith(key) || other.includes(key) || key.includes(other));
      return { name, score: prefix ? Math.abs(other.length - key.length) / 100 : distance(key, other) };
    })
    .filter(({ name, score }) => score <= Math.max(2, Math.max(key.length, name.length) / 3))
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, count)
    .map(({ name }) => name);
}
