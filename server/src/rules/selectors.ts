/** What `select`, `ignore` and suppressions may name: `ALL`, a family of codes (`ECO1`), a code, a rule's name, an alias (`TOR402`). */
import { nearest } from '../hardware/nearest.js';
import { codesNamed } from './aliases.js';
import { allRules } from './registry.js';

export interface Selected {
  readonly codes: readonly string[];
  /** A name that says more exactly what it means wins: 0 all, 1 family, 2 rule. */
  readonly weight: 0 | 1 | 2;
}

const known = new Map<string, Selected>();

/** The rules that a name means, in any case of letters; null when it means none. */
export function selected(name: string): Selected | null {
  const key = name.trim().toUpperCase();
  let found = known.get(key);
  if (found === undefined) {
    found = workOut(key);
    known.set(key, found);
  }
  return found.codes.length === 0 ? null : found;
}

function workOut(key: string): Selected {
  const all = allRules.map((rule) => rule.meta.code);
  if (key === 'ALL' || key === 'ECO') return { codes: all, weight: 0 };
  if (/^ECO\d$/.test(key)) return { codes: all.filter((code) => code.startsWith(key)), weight: 1 };
  return { codes: codesNamed(key), weight: 2 };
}

/** `no such rule "ECO10". Did you mean ECO100?` */
export function noSuchRule(name: string): string {
  const isAlias = !/^ECO/i.test(name.trim());
  const names = allRules.flatMap(({ meta }) => (isAlias ? meta.aliases : [meta.code]));
  const upper = name.trim().toUpperCase();
  const near = [
    ...nearest(upper, names, 2),
    ...nearest(
      name.trim().toLowerCase(),
      allRules.map((rule) => rule.meta.name),
      1,
    ),
  ].slice(0, 2);
  return `no such rule "${name.trim()}".${near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ' "ecocompute rules" lists them.'}`;
}
