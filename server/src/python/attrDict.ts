/**
 * `object.__dict__`: a dict whose entries are the object's attributes, live in both directions; and the other way round,
 * the attributes of an object whose `__dict__` was set to a dict of the program (`self.__dict__ = self`).
 */
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

/** Attributes that live in a dict of the program. */
class DictAttrs extends Map<string, Value> {
  constructor(readonly dict: PyDict) {
    super();
  }
  override get size(): number {
    return this.dict?.entries.size ?? 0;
  }
  override get(name: string): Value | undefined {
    return this.dict.entries.get(name)?.[1];
  }
  override has(name: string): boolean {
    return this.dict.entries.has(name);
  }
  override set(name: string, value: Value): this {
    heap.touch(this.dict);
    this.dict.entries.set(name, [name, value]);
    return this;
  }
  override delete(name: string): boolean {
    heap.touch(this.dict);
    return this.dict.entries.delete(name);
  }
  override clear(): void {
    heap.touch(this.dict);
    this.dict.entries.clear();
  }
  override *entries(): MapIterator<[string, Value]> {
    for (const [k, v] of this.dict.entries.values()) if (typeof k === 'string') yield [k, v];
  }
  override *keys(): MapIterator<string> {
    for (const [k] of this.entries()) yield k;
  }
  override *values(): MapIterator<Value> {
    for (const [, v] of this.entries()) yield v;
  }
  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
  override forEach(f: (value: Value, name: string, map: Map<string, Value>) => void): void {
    for (const [k, v] of this.entries()) f(v, k, this);
  }
}

export class AttrDict extends PyDict {
  constructor(readonly object: PyObject) {
    super();
    this.entries = new AttrEntries(object);
  }
}

/** What `object.__dict__` gives. */
export function dictOf(object: PyObject): PyDict {
  object.attrs ??= new Map();
  return object.attrs instanceof DictAttrs ? object.attrs.dict : new AttrDict(object);
}

/** `object.__dict__ = dict`: from now on they are one; the `__dict__` of another object is shared with it. */
export function setDict(object: PyObject, dict: PyDict): void {
  heap.touch(object);
  if (!(dict instanceof AttrDict)) object.attrs = new DictAttrs(dict);
  else {
    dict.object.attrs ??= new Map();
    object.attrs = dict.object.attrs;
  }
}
