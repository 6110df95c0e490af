/** What a top-level statement makes and writes to while it runs: only its own objects, or also those that others made. */
import type { PyModule } from './objects.js';
import { type HeapObserver, heap, type PyObject } from './values.js';

export class StatementWrites implements HeapObserver {
  private readonly start = heap.now;
  private end = Number.POSITIVE_INFINITY;
  /** Serial numbers of what statements made that ran on its demand: from, to, from, to … */
  private readonly demanded: number[] = [];
  /** Objects of others that it wrote to: what it registered itself in, what it filled. */
  readonly reached = new Set<PyObject>();
  constructor(
    /** Its names are followed one by one (dependencies.ts). */
    private readonly module: PyModule,
  ) {}

  touch(object: PyObject): void {
    if (object !== this.module && !this.made(object)) this.reached.add(object);
  }

  made({ serial }: PyObject): boolean {
    if (serial < this.start || serial >= this.end) return false;
    for (let i = 0; i < this.demanded.length; i += 2)
      if (serial >= this.demanded[i]! && serial < this.demanded[i + 1]!) return false;
    return true;
  }

  /** The statement has run; `outer`: the one that demanded it. */
  close(outer: HeapObserver | null): void {
    this.end = heap.now;
    if (outer instanceof StatementWrites) outer.demanded.push(this.start, this.end);
  }
}
