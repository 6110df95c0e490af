/**
 * The cheap gate before any look-up: which rules' words stand in the file at all. Words
 * are looked for once per top-level statement and remembered with it.
 */
import type { ModuleTree, TopStatement } from '../syntax/ast.js';
import { allRules } from './registry.js';
import type { Rule } from './types.js';

const words = [...new Set(allRules.flatMap((rule) => rule.gate))].sort((a, b) => b.length - a.length);
/** Words that hold other words: finding the longer one finds the shorter. */
const within = new Map(words.map((word) => [word, words.filter((other) => other !== word && word.includes(other))]));
const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');

const found = new WeakMap<TopStatement, ReadonlySet<string>>();

function wordsOf(statement: TopStatement): ReadonlySet<string> {
  const known = found.get(statement);
  if (known !== undefined) return known;
  const here = new Set<string>();
  for (const [word] of statement.text.matchAll(pattern)) {
    if (here.has(word)) continue;
    here.add(word);
    for (const inner of within.get(word) ?? []) here.add(inner);
  }
  // Two words may overlap without one holding the other: what a match has used up is looked for again
  for (const word of words)
    if (!here.has(word) && mayOverlap.has(word) && statement.text.includes(word)) here.add(word);
  found.set(statement, here);
  return here;
}

/** Words whose beginning is another word's end: a search that goes on behind each match could step over them. */
const mayOverlap = new Set(
  words.filter((word) =>
    words.some((other) => other !== word && [...other].some((_, at) => at > 0 && word.startsWith(other.slice(at)))),
  ),
);

/** The rules of which at least one word stands in the code. */
export function rulesFor(tree: ModuleTree, isSelected: (code: string) => boolean): Rule[] {
  const present = new Set<string>();
  for (const statement of tree.statements) for (const word of wordsOf(statement)) present.add(word);
  return allRules.filter((rule) => isSelected(rule.meta.code) && rule.gate.some((word) => present.has(word)));
}
