/** Python regular expressions translated to the host's (`u` mode). What has no equivalent is refused. */

export interface Translated {
  readonly source: string;
  /** Host flags without `g`, `y` and `d`. */
  readonly flags: string;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
  /** Python flag bits, inline flags included. */
  readonly bits: number;
}

export const flagBits = { I: 2, L: 4, M: 8, S: 16, U: 32, X: 64, A: 256 } as const;
const inlineFlags: Record<string, number> = { i: 2, L: 4, m: 8, s: 16, u: 32, x: 64, a: 256 };

/** A pattern Python itself would refuse. */
export class PatternError {
  constructor(readonly message: string) {}
}
/** A valid pattern that the host cannot express. */
export class Untranslatable {
  constructor(readonly what: string) {}
}

const start = '(?<![\\s\\S])';
const end = '(?![\\s\\S])';

class Translator {
  private at = 0;
  private out = '';
  private depth = 0;
  groups = 0;
  readonly names = new Map<string, number>();
  constructor(
    private readonly p: string,
    public bits: number,
  ) {}

  private has(flag: number): boolean {
    return (this.bits & flag) !== 0;
  }
  private get digit(): string {
    return this.has(flagBits.A) ? '0-9' : '\\p{Nd}';
  }
  private get word(): string {
    return this.has(flagBits.A) ? 'a-zA-Z0-9_' : '\\p{L}\\p{N}\\p{Mn}\\p{Mc}_';
  }

  run(): string {
    this.leadingFlags();
    while (this.at < this.p.length) this.item();
    if (this.depth > 0) throw new PatternError('missing ), unterminated subpattern');
    return this.out;
  }

  private leadingFlags(): void {
    for (
      let m = /^\(\?([aiLmsux]+)\)/.exec(this.p.slice(this.at));
      m !== null;
      m = /^\(\?([aiLmsux]+)\)/.exec(this.p.slice(this.at))
    ) {
      for (const f of m[1]!) this.bits |= inlineFlags[f]!;
      this.at += m[0].length;
    }
  }

  private item(): void {
    const c = this.p[this.at]!;
    if (this.has(flagBits.X)) {
      if (/\s/.test(c)) {
        this.at++;
        return;
      }
      if (c === '#') {
        const line = this.p.indexOf('\n', this.at);
        this.at = line < 0 ? this.p.length : line + 1;
        return;
      }
    }
    switch (c) {
      case '\\':
        this.escape();
        return;
      case '[':
        this.set();
        return;
      case '(':
        this.group();
        return;
      case ')':
        if (this.depth === 0) throw new PatternError('unbalanced parenthesis');
        this.depth--;
        break;
      case '^':
        this.emit(this.has(flagBits.M) ? '(?<![^\\n])' : start);
        return;
      case '$':
        this.emit(this.has(flagBits.M) ? '(?![^\\n])' : `(?=\\n?${end})`);
        return;
      case '.':
        this.emit(this.has(flagBits.S) ? '[\\s\\S]' : '[^\\n]');
        return;
      case '{':
        this.braces();
        return;
      case '}':
      case ']':
      case '/':
        this.emit(`\\${c}`);
        return;
      case '*':
      case '+':
      case '?':
        if (this.p[this.at + 1] === '+') throw new Untranslatable('possessive quantifier');
        break;
      default:
    }
    const code = this.p.codePointAt(this.at)!;
    this.out += String.fromCodePoint(code);
    this.at += code > 0xffff ? 2 : 1;
  }

  private emit(text: string): void {
    this.out += text;
    this.at++;
  }

  private braces(): void {
    const m = /^\{(\d*)(,?)(\d*)\}/.exec(this.p.slice(this.at));
    if (m === null || (m[1] === '' && m[3] === '')) {
      this.emit('\\{');
      return;
    }
    this.out += `{${m[1] === '' ? '0' : m[1]}${m[2]}${m[3]}}`;
    this.at += m[0].length;
    if (this.p[this.at] === '+') throw new Untranslatable('possessive quantifier');
  }

  private escape(): void {
    const c = this.p[this.at + 1];
    if (c === undefined) throw new PatternError('bad escape (end of pattern)');
    this.at += 2;
    const simple: Record<string, string> = {
      A: start,
      Z: end,
      d: `[${this.digit}]`,
      D: `[^${this.digit}]`,
      w: `[${this.word}]`,
      W: `[^${this.word}]`,
      s: '[\\s\\x1c-\\x1f]',
      S: '[^\\s\\x1c-\\x1f]',
      b: `(?:(?<=[${this.word}])(?![${this.word}])|(?<![${this.word}])(?=[${this.word}]))`,
      B: `(?:(?<=[${this.word}])(?=[${this.word}])|(?<![${this.word}])(?![${this.word}]))`,
      a: '\\x07',
    };
    if (simple[c] !== undefined) this.out += simple[c];
    else if (/[1-9]/.test(c)) {
      const m = /^\d{1,2}/.exec(this.p.slice(this.at - 1))!;
      this.out += `(?:\\${m[0]})`;
      this.at += m[0].length - 1;
    } else this.out += this.character(c);
  }

  /** An escaped single character, inside or outside a set; `at` is past the letter. */
  private character(c: string): string {
    if ('nrtfv'.includes(c)) return `\\${c}`;
    if (c === '0') {
      const m = /^[0-7]{0,2}/.exec(this.p.slice(this.at))![0];
      this.at += m.length;
      return `\\u{${Number.parseInt(`0${m}`, 8).toString(16)}}`;
    }
    const size = c === 'x' ? 2 : c === 'u' ? 4 : c === 'U' ? 8 : 0;
    if (size > 0) {
      const digits = this.p.slice(this.at, this.at + size);
      if (digits.length < size || /[^0-9a-fA-F]/.test(digits))
        throw new PatternError(`incomplete escape \\${c}${digits}`);
      this.at += size;
      return `\\u{${digits}}`;
    }
    if (/[a-zA-Z]/.test(c)) throw new PatternError(`bad escape \\${c}`);
    return /[\^$\\.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c === '-' ? '\\x2d' : c;
  }

  private set(): void {
    this.at++;
    let body = '';
    let negated = false;
    if (this.p[this.at] === '^') {
      negated = true;
      this.at++;
    }
    let first = true;
    for (;;) {
      const c = this.p[this.at];
      if (c === undefined) throw new PatternError('unterminated character set');
      if (c === ']' && !first) break;
      first = false;
      if (c === '\\') {
        const e = this.p[this.at + 1];
        if (e === undefined) throw new PatternError('bad escape (end of pattern)');
        this.at += 2;
        const classes: Record<string, string> = {
          d: this.digit,
          w: this.word,
          s: '\\s\\x1c-\\x1f',
          b: '\\x08',
          a: '\\x07',
          D: `\\P{Nd}`,
          S: '\\S',
        };
        if (e === 'W' || (e === 'D' && this.has(flagBits.A))) throw new Untranslatable(`\\${e} inside a set`);
        body += classes[e] ?? this.character(e);
        continue;
      }
      const code = this.p.codePointAt(this.at)!;
      this.at += code > 0xffff ? 2 : 1;
      const atEdge = c === '-' && (body === '' || this.p[this.at] === ']');
      body += atEdge ? '\\-' : /[[\]{}()|/^$.*+?&]/.test(c) ? `\\${c}`.replace('\\&', '&') : String.fromCodePoint(code);
    }
    this.at++;
    this.out += negated ? `[^${body}]` : `[${body}]`;
  }

  private group(): void {
    const rest = this.p.slice(this.at);
    const comment = /^\(\?#[^)]*\)/.exec(rest);
    if (comment !== null) {
      this.at += comment[0].length;
      return;
    }
    const back = /^\(\?P=(\w+)\)/.exec(rest);
    if (back !== null) {
      if (!this.names.has(back[1]!)) throw new PatternError(`unknown group name '${back[1]}'`);
      this.out += `\\k<${back[1]}>`;
      this.at += back[0].length;
      return;
    }
    const named = /^\(\?P<([^>]*)>/.exec(rest);
    if (named !== null) {
      const name = named[1]!;
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) throw new PatternError(`bad character in group name '${name}'`);
      if (this.names.has(name)) throw new PatternError(`redefinition of group name '${name}'`);
      this.groups++;
      this.names.set(name, this.groups);
      this.out += `(?<${name}>`;
      this.at += named[0].length;
    } else if (/^\(\?(:|=|!|<=|<!)/.test(rest)) {
      const opening = /^\(\?(:|=|!|<=|<!)/.exec(rest)![0];
      this.out += opening;
      this.at += opening.length;
    } else if (rest.startsWith('(?')) {
      if (/^\(\?(>|\(|[aiLmsux-]+:)/.test(rest)) throw new Untranslatable(`group ${rest.slice(0, 4)}`);
      throw new PatternError(`unknown extension ${rest.slice(1, 3)}`);
    } else {
      this.groups++;
      this.emit('(');
    }
    this.depth++;
  }
}

/** Throws PatternError or Untranslatable. */
export function translate(pattern: string, bits: number): Translated {
  const t = new Translator(pattern, bits);
  const source = t.run();
  const flags = `u${(t.bits & flagBits.I) !== 0 ? 'i' : ''}`;
  try {
    new RegExp(source, flags);
  } catch (e) {
    const message = String(e instanceof Error ? e.message : e);
    if (/nothing to repeat/i.test(message)) throw new PatternError('nothing to repeat');
    throw new Untranslatable(message);
  }
  return { source, flags, groups: t.groups, names: t.names, bits: t.bits };
}
