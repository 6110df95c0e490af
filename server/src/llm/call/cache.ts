/** Answers by content: the same question about the same code costs once. */

export class AnswerCache<T> {
  private readonly entries = new Map<string, { value: T; at: number }>();

  constructor(
    private readonly capacity = 200,
    private readonly maxAgeMs = 7 * 24 * 3_600_000,
  ) {}

  get(key: string, now: number): T | null {
    const found = this.entries.get(key);
    if (found === undefined) return null;
    this.entries.delete(key);
    if (now - found.at > this.maxAgeMs) return null;
    // most recently used goes last
    this.entries.set(key, found);
    return found.value;
  }

  set(key: string, value: T, now: number): void {
    this.entries.delete(key);
    this.entries.set(key, { value, at: now });
    if (this.entries.size > this.capacity) this.entries.delete(this.entries.keys().next().value!);
  }

  clear(): void {
    this.entries.clear();
  }
}

/** 106 bits of a content: two passes of cyrb53's mixing with different seeds. Not for secrets. */
export function contentKey(...parts: readonly string[]): string {
  const text = parts.map((part) => `${part.length}:${part}`).join('|');
  return mix(text, 0) + mix(text, 0x9e3779b9);
}

function mix(text: string, seed: number): string {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2654435761);
    b = Math.imul(b ^ c, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36).padStart(11, '0');
}
