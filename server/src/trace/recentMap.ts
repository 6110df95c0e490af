/** After how many texts what was not used since is let go, at the latest after twice as many. */
const texts = 16;

/**
 * A map that keeps what was used last: at least `few` entries, at most twice as many. What is remembered of a model
 * holds that model: what no text has needed for a while goes as well.
 */
export class RecentMap<K, V> {
  private age = 0;
  private recent = new Map<K, V>();
  private before = new Map<K, V>();

  constructor(private readonly few: number) {}

  get(key: K): V | undefined {
    const value = this.recent.get(key);
    if (value !== undefined) return value;
    const older = this.before.get(key);
    if (older !== undefined) {
      this.before.delete(key);
      this.set(key, older);
    }
    return older;
  }

  set(key: K, value: V): void {
    if (this.recent.size >= this.few) this.turn();
    this.recent.set(key, value);
  }

  private turn(): void {
    this.before = this.recent;
    this.recent = new Map();
    this.age = 0;
  }

  /** Another text begins. */
  nextText(): void {
    if (++this.age >= texts) this.turn();
  }

  /** Lets go what is not to be found again. */
  dropIf(test: (value: V) => boolean): void {
    for (const map of [this.recent, this.before])
      map.forEach((value, key) => {
        if (test(value)) map.delete(key);
      });
  }

  clear(): void {
    this.recent.clear();
    this.before.clear();
  }
}
