/**
 * The cheap gate before any look-up: which rules' words stand in the file at all. What a
 * top-level statement was searched for is remembered with it, and it is searched only for
 * what no other statement is known to say: after a keystroke, a few words in one statement.
 */
import type { ModuleTree, TopStatement } from '../syntax/ast.js';
import { allRules } from './registry.js';
import type { Rule } from './types.js';

const words = [...new Set(allRules.flatMap((rule) => rule.gate))];

const longest = Math.max(...words.map((word) => word.length));

/** What is known of one statement, a bit per word; words in neither set were not looked for. */
interface Searched {
  readonly says: Uint32Array;
  readonly lacks: Uint32Array;
}

const size = (words.length + 31) >>> 5;

function has(set: Uint32Array, word: number): boolean {
  return ((set[word >>> 5] ?? 0) & (1 << (word & 31))) !== 0;
}

function add(set: Uint32Array, word: number): void {
  set[word >>> 5] = (set[word >>> 5] ?? 0) | (1 << (word & 31));
}

const searched = new WeakMap<TopStatement, Searched>();

/** The last statement that began so: what a changed one was before the change. */
const lastByBeginning = new Map<string, WeakRef<TopStatement>>();

function searchedIn(statement: TopStatement): Searched {
  let known = searched.get(statement);
  if (known === undefined) {
    known = { says: new Uint32Array(size), lacks: new Uint32Array(size) };
    searched.set(statement, known);
    if (statement.text.length > 1000) learnFromLast(statement, known);
  }
  return known;
}

/** What the text lacked before a change can only stand where it changed. */
function learnFromLast(statement: TopStatement, known: Searched): void {
  const { text } = statement;
  const beginning = text.slice(0, 80);
  const last = lastByBeginning.get(beginning)?.deref();
  lastByBeginning.delete(beginning);
  lastByBeginning.set(beginning, new WeakRef(statement));
  if (lastByBeginning.size > 256) lastByBeginning.delete(lastByBeginning.keys().next().value as string);
  const before = last === undefined ? undefined : searched.get(last)?.lacks;
  if (last === undefined || before === undefined) return;
  const changed = changedPart(last.text, text);
  words.forEach((word, at) => {
    if (has(before, at)) add(changed.includes(word) ? known.says : known.lacks, at);
  });
}

/** The part of `after` that is not in `before`, with as much around it as a word may reach. */
function changedPart(before: string, after: string): string {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  )
    end++;
  return after.slice(Math.max(0, start - longest), after.length - end + longest);
}

/** The gate words that stand in the code. */
function wordsIn({ statements }: ModuleTree): Uint32Array {
  const present = new Uint32Array(size);
  const lacking = new Uint32Array(size).fill(-1);
  const all = statements.map(searchedIn);
  for (const { says, lacks } of all)
    for (let at = 0; at < size; at++) {
      present[at] = (present[at] ?? 0) | (says[at] ?? 0);
      lacking[at] = (lacking[at] ?? 0) & (lacks[at] ?? 0);
    }
  words.forEach((word, at) => {
    if (has(present, at) || has(lacking, at)) return;
    for (const [number, { says, lacks }] of all.entries()) {
      if (has(lacks, at)) continue;
      const isSaid = statements[number]?.text.includes(word) === true;
      add(isSaid ? says : lacks, at);
      if (!isSaid) continue;
      add(present, at);
      return;
    }
  });
  return present;
}

const gateOf = new Map(allRules.map((rule) => [rule, rule.gate.map((word) => words.indexOf(word))]));

/** The rules of which at least one word stands in the code. */
export function rulesFor(tree: ModuleTree, isSelected: (code: string) => boolean): Rule[] {
  const present = wordsIn(tree);
  return allRules.filter(
    (rule) => isSelected(rule.meta.code) && gateOf.get(rule)?.some((word) => has(present, word)) === true,
  );
}
