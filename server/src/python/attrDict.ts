/** `object.__dict__`: a dict whose entries are the object's attributes, live in both directions. */
import { type HashKey, heap, PyDict, type PyObject, type Value } from './values.js';

class AttrEntries extends Map<HashKey, [Value, Value]> {
  constructor(private readonly object: PyObject) {
    super();
  }
  private get attrs(): Map<string, Value> {
    this.object.attrs ??= new Map();
    return this.object.attrs;
  }
  override get size(): number {
    return this.object?.attrs?.size ?? 0;
  }
  override get(key: HashKey): [Value, Value] | undefined {
    const v = this.attrs.get(key as string);
    return v === undefined ? undefined : [key as string, v];
  }
  override has(key: HashKey): boolean {
    return this.attrs.has(key as string);
  }
  override set(key: HashKey, entry: [Value, Value]): this {
    heap.touch(this.object);
    this.attrs.set(key as string, entry[1]);
    return this;
  }
  override delete(key: HashKey): boolean {
    heap.touch(this.object);
    return this.attrs.delete(key as string);
  }
  override clear(): void {
    heap.touch(this.object);
    this.attrs.clear();
  }
  override *entries(): MapIterator<[HashKey, [Value, Value]]> {
    for (const [k, v] of this.attrs) yield [k, [k, v]];
  }
  override *values(): MapIterator<[Value, Value]> {
    for (const [k, v] of this.attrs) yield [k, v];
  }
  override *keys(): MapIterator<HashKey> {
    for (const k of this.attrs.keys()) yield k;
  }
  override [Symbol.iterator](): MapIterator<[HashKey, [Value, Value]]> {
    return this.entries();
  }
  override forEach(f: (value: [Value, Value], key: HashKey, map: Map<HashKey, [Value, Value]>) => void): void {
    for (const [k, e] of this.entries()) f(e, k, this);
  }
}

export class AttrDict extends PyDict {
  constructor(object: PyObject) {
    super();
    this.entries = new AttrEntries(object);
  }
}
