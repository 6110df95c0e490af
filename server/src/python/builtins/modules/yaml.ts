/** YAML text to Python values, as PyYAML's safe loader gives them: YAML 1.1, where `yes` is True and `1e-4` is text. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments } from 'yaml';
import { raise } from '../../errors.js';
import { type Interp, PyDict, PyFloat, PyList, Unknown, type Value } from '../../values.js';
import { dictSet } from '../hash.js';
import { normalise } from '../numbers.js';
import { typeName } from '../special.js';
import { unknownFrom, unwrap } from '../types.js';
import { fn, type NativeModule } from './define.js';

/** Aliases to one anchor may multiply a small file. */
const nodeLimit = 200_000;

function convert(vm: Interp, doc: Document.Parsed, text: string): Value {
  let nodes = 0;
  const value = (n: Node | null): Value => {
    if (++nodes > nodeLimit) raise('ValueError', 'the document is too large');
    if (n === null) return null;
    if (isAlias(n)) return value((n.resolve(doc) as Node | undefined) ?? null);
    if (isSeq(n)) return new PyList(n.items.map((x) => value(x as Node | null)));
    if (isMap(n)) {
      const d = new PyDict();
      const merged: PyDict[] = [];
      for (const { key, value: v } of n.items) {
        const k = value(key as Node | null);
        const x = value(v as Node | null);
        if (k === '<<') {
          const sources = x instanceof PyList ? x.items : [x];
          for (const s of sources) if (s instanceof PyDict) merged.push(s);
        } else dictSet(vm, d, k, x);
      }
      // a merge key gives what the mapping itself does not have
      for (const m of merged)
        for (const [id, entry] of m.entries) if (!d.entries.has(id)) dictSet(vm, d, entry[0], entry[1]);
      return d;
    }
    if (!isScalar(n)) return null;
    const v = n.value;
    if (typeof v === 'bigint') return normalise(v);
    if (typeof v === 'number') {
      const source = n.source ?? (n.range === undefined || n.range === null ? '' : text.slice(n.range[0], n.range[1]));
      const isFloat = !Number.isInteger(v) || (/[.]/.test(source) && !/^[-+]?0x/i.test(source));
      // without a dot PyYAML takes an exponent for text
      if (/^[-+]?\d+[eE]/.test(source)) return source;
      return isFloat ? new PyFloat(v) : v;
    }
    // YAML 1.1 has them for booleans, PyYAML has not
    if (typeof v === 'boolean' && /^[yn]$/i.test(n.source ?? '')) return n.source!;
    if (typeof v === 'string' || typeof v === 'boolean') return v;
    return v === null || v === undefined ? null : (n.source ?? String(v));
  };
  return value(doc.contents as Node | null);
}

export const yamlModule: NativeModule = Object.fromEntries([
  fn('_yaml', 'loads', 'text', (vm, text) => {
    if (text instanceof Unknown) return unknownFrom(text);
    const plain = unwrap(text!);
    if (typeof plain !== 'string') raise('ValueError', `a string or a file is needed, not ${typeName(vm, text!)}`);
    const docs = parseAllDocuments(plain as string, {
      version: '1.1',
      logLevel: 'silent',
      keepSourceTokens: false,
      customTags: [],
    });
    const list = Array.isArray(docs) ? docs : [];
    const error = list.flatMap((d) => d.errors)[0];
    if (error !== undefined) raise('ValueError', error.message);
    return new PyList(list.map((d) => convert(vm, d, plain as string)));
  }),
]);
