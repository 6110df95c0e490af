/**
 * Regular expressions compiled to a small program (character, split, jump, save, assertion), from the host
 * syntax that `regexSyntax.ts` writes. Single characters stay opaque: the host's own engine says what matches one.
 */
import { Untranslatable } from './regexSyntax.js';

export type Instruction =
  | { readonly op: 'char'; readonly test: (codePoint: number) => boolean }
  /** Tries `first`, then `second`. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  /** `behind`: characters before the place where it starts, null when it looks ahead; `reach`: the most that it reads. */
  | {
      readonly op: 'look';
      readonly program: Program;
      readonly behind: number | null;
      readonly reach: number;
      readonly negated: boolean;
    }
  | { readonly op: 'match' };

export interface Program {
  readonly code: readonly Instruction[];
  readonly groups: number;
}

type Node =
  | { readonly kind: 'char'; readonly source: string }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'group'; readonly index: number; readonly body: Node }
  | { readonly kind: 'look'; readonly body: Node; readonly behind: boolean; readonly negated: boolean }
  | {
      readonly kind: 'repeat';
      readonly body: Node;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    };

/** Instructions that one program may have: counted repetitions are written out. */
const sizeLimit = 20_000;

class Reader {
  at = 0;
  groups = 0;
  /** Nested unbounded repetitions, which make a backtracking engine try exponentially many ways. */
  nested = false;
  unbounded = 0;
  references = false;
  constructor(private readonly s: string) {}

  choice(): Node {
    const options = [this.sequence()];
    while (this.s[this.at] === '|') {
      this.at++;
      options.push(this.sequence());
    }
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  private sequence(): Node {
    const items: Node[] = [];
    while (this.at < this.s.length && this.s[this.at] !== '|' && this.s[this.at] !== ')') items.push(this.repeated());
    return { kind: 'sequence', items };
  }

  private repeated(): Node {
    const from = this.at;
    const { unbounded } = this;
    let body = this.atom();
    for (;;) {
      const m = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})(\??)/.exec(this.s.slice(this.at, this.at + 24));
      if (m === null) return body;
      this.at += m[0].length;
      const sign = m[0][0]!;
      const min = sign === '{' ? Number(m[1]) : sign === '+' ? 1 : 0;
      const max =
        sign === '?'
          ? 1
          : sign !== '{' || (m[2] === ',' && m[3] === '')
            ? Infinity
            : Number(m[2] === ',' ? m[3] : m[1]);
      if (max > 1) {
        // a choice or another repetition inside a repetition may match the same text in several ways
        const inner = this.s.slice(from, this.at - m[0].length);
        if (this.unbounded > unbounded || (body.kind !== 'char' && /[|*+?{]/.test(inner.replace(/\(\?[:=!<]/g, '('))))
          this.nested = true;
        if (max > 8) this.unbounded++;
      }
      body = { kind: 'repeat', body, min, max, lazy: m[4] === '?' };
    }
  }

  private atom(): Node {
    const { s } = this;
    const c = s[this.at]!;
    if (c === '(') return this.group();
    if (c === '[') {
      let end = this.at + 1;
      while (s[end] !== ']') end += s[end] === '\\' ? 2 : 1;
      return this.character(end + 1);
    }
    if (c === '\\') {
      const next = s[this.at + 1]!;
      if (/[1-9k]/.test(next)) {
        this.references = true;
        return this.character(this.at + /^\\(?:\d+|k<[^>]*>)/.exec(s.slice(this.at))![0].length);
      }
      const long = /^\\(?:u\{[^}]*\}|x[0-9a-f]{2}|[pP]\{[^}]*\})/i.exec(s.slice(this.at, this.at + 40));
      return this.character(this.at + (long === null ? 2 : long[0].length));
    }
    return this.character(this.at + (s.codePointAt(this.at)! > 0xffff ? 2 : 1));
  }

  private character(end: number): Node {
    const source = this.s.slice(this.at, end);
    this.at = end;
    return { kind: 'char', source };
  }

  private group(): Node {
    const opening = /^\((?:\?(?:<?[=!]|:|<[^>=!]*>))?/.exec(this.s.slice(this.at))![0];
    this.at += opening.length;
    const look = /^\(\?(<?)([=!])$/.exec(opening);
    const captures = opening === '(' || (look === null && opening !== '(?:');
    const index = captures ? ++this.groups : 0;
    const body = this.choice();
    this.at++; // the closing parenthesis, which the translator has checked
    if (look !== null) return { kind: 'look', body, behind: look[1] === '<', negated: look[2] === '!' };
    return captures ? { kind: 'group', index, body } : body;
  }
}

/** Characters that every match of `n` has; null when it varies. */
function width(n: Node): number | null {
  switch (n.kind) {
    case 'char':
      return 1;
    case 'look':
      return 0;
    case 'group':
      return width(n.body);
    case 'repeat': {
      const w = width(n.body);
      return w === null || n.min !== n.max ? null : w * n.min;
    }
    case 'sequence':
      return n.items.map(width).reduce((a, b) => (a === null || b === null ? null : a + b), 0 as number | null);
    case 'choice': {
      const all = n.options.map(width);
      return all.every((w) => w === all[0]) ? all[0]! : null;
    }
  }
}

/** The most characters that a match of `n` reads, look-around included. */
function reach(n: Node): number {
  switch (n.kind) {
    case 'char':
      return 1;
    case 'look':
    case 'group':
      return reach(n.body);
    case 'repeat': {
      const r = reach(n.body);
      return r === 0 ? 0 : r * n.max;
    }
    case 'sequence':
      return n.items.reduce((a, x) => a + reach(x), 0);
    case 'choice':
      return Math.max(...n.options.map(reach));
  }
}

class Compiler {
  readonly code: Instruction[] = [];
  constructor(
    private readonly flags: string,
    private readonly groups: number,
    private readonly tests: Map<string, (codePoint: number) => boolean>,
  ) {}

  node(n: Node): void {
    if (this.code.length > sizeLimit) throw new Untranslatable('a very large repetition');
    switch (n.kind) {
      case 'char':
        this.code.push({ op: 'char', test: this.test(n.source) });
        return;
      case 'sequence':
        for (const x of n.items) this.node(x);
        return;
      case 'choice':
        this.choice(n.options);
        return;
      case 'group':
        this.code.push({ op: 'save', slot: 2 * n.index });
        this.node(n.body);
        this.code.push({ op: 'save', slot: 2 * n.index + 1 });
        return;
      case 'look': {
        const behind = n.behind ? width(n.body) : null;
        if (n.behind && behind === null) throw new Untranslatable('look-behind of varying width');
        const inner = new Compiler(this.flags, this.groups, this.tests);
        inner.node(n.body);
        this.code.push({ op: 'look', program: inner.finish(), behind, reach: reach(n.body), negated: n.negated });
        return;
      }
      case 'repeat':
        this.repeat(n.body, n.min, n.max, n.lazy);
    }
  }

  private choice(options: readonly Node[]): void {
    const ends: { op: 'jump'; to: number }[] = [];
    options.forEach((o, i) => {
      if (i === options.length - 1) {
        this.node(o);
        return;
      }
      const split = { op: 'split' as const, first: this.code.length + 1, second: 0 };
      this.code.push(split);
      this.node(o);
      const end = { op: 'jump' as const, to: 0 };
      ends.push(end);
      this.code.push(end);
      split.second = this.code.length;
    });
    for (const e of ends) e.to = this.code.length;
  }

  private repeat(body: Node, min: number, max: number, lazy: boolean): void {
    for (let i = 0; i < min; i++) this.node(body);
    const set = (s: { first: number; second: number }, into: number, past: number): void => {
      s.first = lazy ? past : into;
      s.second = lazy ? into : past;
    };
    if (max === Infinity) {
      const split = { op: 'split' as const, first: 0, second: 0 };
      const at = this.code.length;
      this.code.push(split);
      this.node(body);
      this.code.push({ op: 'jump', to: at });
      set(split, at + 1, this.code.length);
      return;
    }
    const splits: { at: number; split: { op: 'split'; first: number; second: number } }[] = [];
    for (let i = min; i < max; i++) {
      const split = { op: 'split' as const, first: 0, second: 0 };
      splits.push({ at: this.code.length, split });
      this.code.push(split);
      this.node(body);
    }
    for (const s of splits) set(s.split, s.at + 1, this.code.length);
  }

  private test(source: string): (codePoint: number) => boolean {
    let t = this.tests.get(source);
    if (t === undefined) {
      const known = new Map<number, boolean>();
      const r = new RegExp(`^(?:${source})$`, this.flags);
      t = (codePoint) => {
        let yes = known.get(codePoint);
        if (yes === undefined) {
          yes = r.test(String.fromCodePoint(codePoint));
          known.set(codePoint, yes);
        }
        return yes;
      };
      this.tests.set(source, t);
    }
    return t;
  }

  finish(): Program {
    this.code.push({ op: 'match' });
    return { code: this.code, groups: this.groups };
  }
}

export interface Analysed {
  /** Ways that a backtracking engine may try on a text of `length` characters, roughly; at most 1e30. */
  ways(length: number): number;
  /** Throws `Untranslatable` for what a program cannot express. */
  program(): Program;
}

/** Reads a translated pattern; `flags` are the host's. */
export function analyse(source: string, flags: string): Analysed {
  const reader = new Reader(source);
  const tree = reader.choice();
  let made: Program | null = null;
  return {
    ways: (length) =>
      Math.min(1e30, reader.nested ? 2 ** Math.min(length, 99) : (length + 1) ** (reader.unbounded + 1)),
    program: () => {
      if (made === null) {
        if (reader.references) throw new Untranslatable('back-reference');
        const c = new Compiler(flags, reader.groups, new Map());
        c.node(tree);
        made = c.finish();
      }
      return made;
    },
  };
}
