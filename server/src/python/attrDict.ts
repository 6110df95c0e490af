/**
 * `object.__dict__`: a dict whose entries are the object's attributes, live in both directions; and the other way round,
 * the attributes of an object whose `__dict__` was set to a dict of the program (`self.__dict__ = self`).
 */
import { type AttributeMap, Attributes } from './instanceAttributes.js';
import { type HashKey, heap, PyDict, type PyObject, type Value } from './values.js';

class AttrEntries extends Map<HashKey, [Value, Value]> {
  constructor(private readonly object: PyObject) {
    super();
  }
  private get attrs(): AttributeMap {
    this.object.attrs ??= new Attributes();
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

/** Attributes that live in a dict of the program. */
class DictAttrs implements AttributeMap {
  constructor(readonly dict: PyDict) {}
  get size(): number {
    return this.dict.entries.size;
  }
  get(name: string): Value | undefined {
    return this.dict.entries.get(name)?.[1];
  }
  has(name: string): boolean {
    return this.dict.entries.has(name);
  }
  set(name: string, value: Value): this {
    heap.touch(this.dict);
    this.dict.writable.set(name, [name, value]);
    return this;
  }
  delete(name: string): boolean {
    heap.touch(this.dict);
    return this.dict.writable.delete(name);
  }
  clear(): void {
    heap.touch(this.dict);
    this.dict.writable.clear();
  }
  *[Symbol.iterator](): Generator<[string, Value]> {
    for (const [k, v] of this.dict.entries.values()) if (typeof k === 'string') yield [k, v];
  }
  *keys(): Generator<string> {
    for (const [k] of this) yield k;
  }
  *values(): Generator<Value> {
    for (const [, v] of this) yield v;
  }
  forEach(f: (value: Value, name: string) => void): void {
    for (const [k, v] of this) f(v, k);
  }
  copy(): this {
    return this;
  }
}

export class AttrDict extends PyDict {
  constructor(readonly object: PyObject) {
    super();
    this.own = new AttrEntries(object);
  }
  override snapshot(): () => void {
    return this.object.snapshot();
  }
}

/** What `object.__dict__` gives. */
export function dictOf(object: PyObject): PyDict {
  object.attrs ??= new Attributes();
  return object.attrs instanceof DictAttrs ? object.attrs.dict : new AttrDict(object);
}

/** `object.__dict__ = dict`: from now on they are one; the `__dict__` of another object is shared with it. */
export function setDict(object: PyObject, dict: PyDict): void {
  heap.touch(object);
  if (!(dict instanceof AttrDict)) object.attrs = new DictAttrs(dict);
  else {
    dict.object.attrs ??= new Attributes();
    object.attrs = dict.object.attrs;
  }
}
