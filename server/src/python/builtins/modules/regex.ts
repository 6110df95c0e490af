/** The engine under `lib/re.py`: compile and match over the host's regular expressions. */
import { type Interp, PyBytes, PyTuple, Unknown, type Value } from '../../values.js';
import { dictFrom } from '../hash.js';
import { unknownFrom, unwrap } from '../types.js';
import { fn, type NativeModule } from './define.js';
import { type Analysed, analyse } from './regexProgram.js';
import { runProgram, type Slots } from './regexRun.js';
import { PatternError, type Translated, translate, Untranslatable } from './regexSyntax.js';

type Mode = 'search' | 'match' | 'fullmatch';

const compiled = new Map<string, Translated | PatternError | Untranslatable>();
const engines = new Map<string, RegExp>();

function lookup(pattern: string, bits: number): Translated | PatternError | Untranslatable {
  const key = `${bits}:${pattern}`;
  let found = compiled.get(key);
  if (found === undefined) {
    try {
      found = translate(pattern, bits);
    } catch (e) {
      if (!(e instanceof PatternError || e instanceof Untranslatable)) throw e;
      found = e;
    }
    compiled.set(key, found);
  }
  return found;
}

function engine(t: Translated, mode: Mode): RegExp {
  const source = mode === 'fullmatch' ? `(?:${t.source})(?![\\s\\S])` : t.source;
  const flags = `${t.flags}d${mode === 'search' ? 'g' : 'y'}`;
  const key = `${flags}:${source}`;
  let r = engines.get(key);
  if (r === undefined) {
    r = new RegExp(source, flags);
    engines.set(key, r);
  }
  return r;
}

const analysed = new Map<string, Analysed>();

/** The host's engine goes back and tries again: only where that cannot take long. */
const waysLimit = 1e7;
/** Bits that a run may mark: program × text. */
const markLimit = 2 ** 30;

function analysisOf(t: Translated): Analysed {
  const key = `${t.flags}:${t.source}`;
  let a = analysed.get(key);
  if (a === undefined) {
    a = analyse(t.source, t.flags);
    analysed.set(key, a);
  }
  return a;
}

/** Spans by our own engine; the text of what stands in the way. */
function bounded(vm: Interp, a: Analysed, text: string, pos: number, mode: Mode): Slots | null | string {
  try {
    const p = a.program();
    if (p.code.length * text.length > markLimit) return 'a text that long';
    return runProgram(p, text, pos, mode === 'search', {
      end: text.length,
      whole: mode === 'fullmatch',
      spend: (n) => vm.spend(Math.ceil(n / 64)),
    });
  } catch (e) {
    if (e instanceof Untranslatable) return e.what;
    throw e;
  }
}

function textOf(v: Value): string | null {
  const plain = unwrap(v);
  return typeof plain === 'string' ? plain : plain instanceof PyBytes ? plain.value : null;
}

export const regexModule: NativeModule = Object.fromEntries([
  // (groups, {name: index}, flags), or the message of the error that Python raises
  fn('_re', 'compile', 'pattern, flags', (vm, pattern, flags) => {
    if (pattern instanceof Unknown) return unknownFrom(pattern);
    const t = lookup(textOf(pattern!) ?? '', Number(flags));
    if (t instanceof PatternError) return t.message;
    if (t instanceof Untranslatable) return vm.gap('re.compile', `regular expression not modelled: ${t.what}`);
    return new PyTuple([t.groups, dictFrom(vm, [...t.names]), t.bits | 32]);
  }),
  // spans of group 0, 1 …: ((start, end), …) with (-1, -1) for groups that took no part; None without a match
  fn('_re', 'run', 'pattern, flags, text, pos, endpos, mode', (vm, pattern, flags, text, pos, endpos, mode) => {
    if (text instanceof Unknown) return unknownFrom(text);
    const t = lookup(textOf(pattern!) ?? '', Number(flags));
    if (t instanceof PatternError || t instanceof Untranslatable)
      return vm.gap('re', 'regular expression not modelled');
    const whole = textOf(text!);
    if (whole === null) return vm.gap('re', 'matching something that is not text');
    const limit = Number(endpos);
    const part = limit < whole.length ? whole.slice(0, limit) : whole;
    const a = analysisOf(t);
    if (a.ways(part.length - Number(pos)) > waysLimit) {
      const spans = bounded(vm, a, part, Number(pos), mode as Mode);
      if (typeof spans === 'string') return vm.gap('re', `regular expression not modelled: ${spans}`);
      if (spans === null) return null;
      return new PyTuple(
        Array.from(
          { length: spans.length / 2 },
          (_, i) => new PyTuple(spans[2 * i + 1]! < 0 ? [-1, -1] : [spans[2 * i]!, spans[2 * i + 1]!]),
        ),
      );
    }
    const r = engine(t, mode as Mode);
    r.lastIndex = Number(pos);
    const m = r.exec(part);
    if (m === null) return null;
    return new PyTuple(
      Array.from(m.indices!, (span) => new PyTuple(span === undefined ? [-1, -1] : [span[0], span[1]])),
    );
  }),
]);
