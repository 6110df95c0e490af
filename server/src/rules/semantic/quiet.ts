/**
 * Visits of a rule to one top-level statement that found nothing and looked at nothing but the
 * statement. While the statement is the same object and what names mean stays the same (the
 * stamp), the rule need not come again.
 */

/** A rule's visit, with all that it brings along: a number per text. */
export type VisitKey = number;

const keys = new Map<string, VisitKey>();

export function visitKey(text: string): VisitKey {
  let key = keys.get(text);
  if (key === undefined) {
    key = keys.size;
    keys.set(text, key);
  }
  return key;
}

const none = new Uint32Array(0);

export class Quiet {
  private stamp: object | null = null;
  /** None before the first: most functions of an imported file are never visited. */
  private bits: Uint32Array = none;

  has(key: VisitKey, stamp: object): boolean {
    return stamp === this.stamp && ((this.bits[key >>> 5] ?? 0) & (1 << (key & 31))) !== 0;
  }

  add(key: VisitKey, stamp: object): void {
    if (stamp !== this.stamp) {
      this.stamp = stamp;
      if (this.bits === none) this.bits = new Uint32Array(4);
      else this.bits.fill(0);
    }
    if (key >>> 5 >= this.bits.length) {
      const wider = new Uint32Array((key >>> 5) + 4);
      wider.set(this.bits);
      this.bits = wider;
    }
    this.bits[key >>> 5] = (this.bits[key >>> 5] ?? 0) | (1 << (key & 31));
  }
}
