/**
 * The attributes of an instance, kept as CPython keeps them (key-sharing dictionaries, PEP 412): the names belong
 * to a table that the instances of a class share, an instance has only its values. A model is thousands of modules
 * with the same twenty names, so this is most of what building and copying one costs.
 */
import type { Value } from './values.js';

/** What the rest of the interpreter asks of attributes, whoever keeps them. */
export interface AttributeMap extends Iterable<[string, Value]> {
  readonly size: number;
  get(name: string): Value | undefined;
  has(name: string): boolean;
  set(name: string, value: Value): this;
  delete(name: string): boolean;
  clear(): void;
  keys(): Iterable<string>;
  values(): Iterable<Value>;
  forEach(f: (value: Value, name: string) => void): void;
  /** Attributes of their own with the same values; those that live elsewhere are the same ones. */
  copy(): AttributeMap;
}

/** Tables that grow from one: an instance whose names diverge beyond them has a table of its own. */
const mostBranches = 32;

/** Names in the order in which instances get them. An instance with n attributes has the first n. */
export class KeyTable {
  private static next = 1;
  readonly id = KeyTable.next++;
  readonly names: string[];
  private readonly positions = new Map<string, number>();
  private branches: Map<string, KeyTable> | null = null;
  constructor(
    names: readonly string[] = [],
    /** How many tables have grown from the first one; null: nobody shares this one. */
    private readonly grown: { count: number } | null = { count: 0 },
  ) {
    this.names = [...names];
    for (let i = 0; i < names.length; i++) this.positions.set(names[i]!, i);
  }

  /** -1 when no instance has it. */
  position(name: string): number {
    return this.positions.get(name) ?? -1;
  }

  /** The table of an instance that has the first `size` names and gets `name`. */
  after(size: number, name: string): KeyTable {
    const { names } = this;
    if (names[size] === name) return this;
    if (names.length === size) {
      this.positions.set(name, size);
      names.push(name);
      return this;
    }
    return this.branch(`${size} ${name}`, () => [...names.slice(0, size), name]);
  }

  /** The table of an instance that has the first `size` names and loses the one at `position`. */
  without(size: number, position: number): KeyTable {
    // no name can look like this: those stand behind a space
    return this.branch(`${size}-${position}`, () => this.names.slice(0, size).toSpliced(position, 1));
  }

  private branch(key: string, names: () => string[]): KeyTable {
    const known = this.branches?.get(key);
    if (known !== undefined) return known;
    const { grown } = this;
    const isShared = grown !== null && grown.count < mostBranches;
    const branch = new KeyTable(names(), isShared ? grown : null);
    if (isShared) {
      grown.count++;
      this.branches ??= new Map();
      this.branches.set(key, branch);
    }
    return branch;
  }
}

export class Attributes implements AttributeMap {
  private held: Value[] = [];
  constructor(private table: KeyTable = new KeyTable()) {}

  /** Two of one number and one size have the same names in the same order. */
  get namesId(): number {
    return this.table.id;
  }

  get size(): number {
    return this.held.length;
  }

  get(name: string): Value | undefined {
    const i = this.table.position(name);
    return i >= 0 && i < this.held.length ? this.held[i] : undefined;
  }

  has(name: string): boolean {
    const i = this.table.position(name);
    return i >= 0 && i < this.held.length;
  }

  set(name: string, value: Value): this {
    const { held } = this;
    const i = this.table.position(name);
    if (i >= 0 && i < held.length) held[i] = value;
    else {
      this.table = this.table.after(held.length, name);
      held.push(value);
    }
    return this;
  }

  delete(name: string): boolean {
    const i = this.table.position(name);
    if (i < 0 || i >= this.held.length) return false;
    this.table = this.table.without(this.held.length, i);
    this.held.splice(i, 1);
    return true;
  }

  clear(): void {
    this.held.length = 0;
  }

  *[Symbol.iterator](): Generator<[string, Value]> {
    for (let i = 0; i < this.held.length; i++) yield [this.table.names[i]!, this.held[i]!];
  }

  *keys(): Generator<string> {
    for (let i = 0; i < this.held.length; i++) yield this.table.names[i]!;
  }

  *values(): Generator<Value> {
    for (let i = 0; i < this.held.length; i++) yield this.held[i]!;
  }

  forEach(f: (value: Value, name: string) => void): void {
    for (let i = 0; i < this.held.length; i++) f(this.held[i]!, this.table.names[i]!);
  }

  copy(): Attributes {
    return this.copyWith(null);
  }

  /** A copy in which `inner` says what each object becomes. */
  copyWith(inner: ((value: Value) => Value) | null): Attributes {
    // who shares a table that is not a class's could grow it under the other: it never diverges, it only gains names
    const made = new Attributes(this.table);
    const held = this.held.slice();
    if (inner !== null)
      for (let i = 0; i < held.length; i++) {
        const v = held[i]!;
        if (v !== null && typeof v === 'object') held[i] = inner(v);
      }
    made.held = held;
    return made;
  }
}
