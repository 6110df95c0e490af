/**
 * The modules in whose description an object is. Objects of the file itself outlive models that an edit does away
 * with: beyond a few, owners are not kept alive by what they hold.
 */
import type { PyInstance } from './values.js';

/** As many as the parts of one model usually share. */
const mostStrong = 8;

export class Owners {
  private strong: Set<PyInstance> | null;
  private readonly known = new WeakSet<PyInstance>();
  private weak: WeakRef<PyInstance>[] = [];
  /** How many may be held before those that are gone are looked for. */
  private room = 64;

  constructor(...owners: readonly PyInstance[]) {
    this.strong = new Set(owners);
  }

  add(owner: PyInstance): void {
    if (this.strong !== null) {
      this.strong.add(owner);
      if (this.strong.size <= mostStrong) return;
      const all = this.strong;
      this.strong = null;
      for (const one of all) this.addWeak(one);
    } else this.addWeak(owner);
  }

  private addWeak(owner: PyInstance): void {
    if (this.known.has(owner)) return;
    this.known.add(owner);
    if (this.weak.length >= this.room) {
      this.weak = this.weak.filter((ref) => ref.deref() !== undefined);
      this.room = Math.max(64, 2 * this.weak.length);
    }
    this.weak.push(new WeakRef(owner));
  }

  each(visit: (owner: PyInstance) => void): void {
    if (this.strong !== null) for (const owner of this.strong) visit(owner);
    for (const ref of this.weak) {
      const owner = ref.deref();
      if (owner !== undefined) visit(owner);
    }
  }
}
