/**
 * Small numbers for structures (hash consing): the number of a pair of numbers is the same whenever the pair is, and
 * no other pair has it. A sequence is folded into one number pair by pair, with no text in between.
 */

/** Slots of the table at first, and at most: beyond half of these everything is let go. Powers of two. */
const fewest = 1 << 12;
const most = 1 << 19;
/** Texts kept at most, which are names of types and devices and words in settings. */
const mostTexts = 1 << 15;

export class PairTable {
  private first = new Int32Array(fewest);
  private second = new Int32Array(fewest);
  /** 0: a free slot. */
  private ids = new Int32Array(fewest);
  private used = 0;
  private readonly texts = new Map<string, number>();
  private next: number;

  /** @param from the first number given out; those below are the caller's */
  constructor(from: number) {
    this.next = from;
  }

  /** The number of a pair of 32-bit integers. */
  pair(a: number, b: number): number {
    const mask = this.ids.length - 1;
    let at = mixed(a, b) & mask;
    for (; this.ids[at] !== 0; at = (at + 1) & mask)
      if (this.first[at] === a && this.second[at] === b) return this.ids[at]!;
    if (this.used >= this.ids.length >> 1) {
      if (this.ids.length < most) this.grow();
      else this.forget();
      return this.pair(a, b);
    }
    this.used++;
    this.first[at] = a;
    this.second[at] = b;
    this.ids[at] = this.next;
    return this.next++;
  }

  /** The number of a text; no pair has it. */
  text(text: string): number {
    let id = this.texts.get(text);
    if (id === undefined) {
      if (this.texts.size >= mostTexts) this.texts.clear();
      id = this.next++;
      this.texts.set(text, id);
    }
    return id;
  }

  /** What is asked for again gets another number: never one that something else had. */
  private forget(): void {
    this.ids.fill(0);
    this.used = 0;
  }

  private grow(): void {
    const { first, second, ids } = this;
    const size = ids.length * 2;
    this.first = new Int32Array(size);
    this.second = new Int32Array(size);
    this.ids = new Int32Array(size);
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] === 0) continue;
      let at = mixed(first[i]!, second[i]!) & (size - 1);
      while (this.ids[at] !== 0) at = (at + 1) & (size - 1);
      this.first[at] = first[i]!;
      this.second[at] = second[i]!;
      this.ids[at] = ids[i]!;
    }
  }
}

/** Multiplication and shifts as in MurmurHash3's finaliser. */
function mixed(a: number, b: number): number {
  let h = Math.imul(a, 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
