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

/** What is known of one statement; words in neither set were not looked for. */
interface Searched {
  readonly says: Set<string>;
  readonly lacks: Set<string>;
}

const searched = new WeakMap<TopStatement, Searched>();

/** The last statement that began so: what a changed one was before the change. */
const lastByBeginning = new Map<string, WeakRef<TopStatement>>();

function searchedIn(statement: TopStatement): Searched {
  let known = searched.get(statement);
  if (known === undefined) {
    known = { says: new Set(), lacks: new Set() };
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
  if (last === undefined) return;
  const changed = changedPart(last.text, text);
  for (const word of searched.get(last)?.lacks ?? []) (changed.includes(word) ? known.says : known.lacks).add(word);
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
function wordsIn({ statements }: ModuleTree): ReadonlySet<string> {
  const present = new Set<string>();
  const open: { statement: TopStatement; known: Searched }[] = [];
  for (const statement of statements) {
    const known = searchedIn(statement);
    for (const word of known.says) present.add(word);
    if (known.says.size + known.lacks.size < words.length) open.push({ statement, known });
  }
  for (const word of words) {
    if (present.has(word)) continue;
    for (const { statement, known } of open) {
      if (known.lacks.has(word)) continue;
      if (!statement.text.includes(word)) {
        known.lacks.add(word);
        continue;
      }
      known.says.add(word);
      present.add(word);
      break;
    }
  }
  return present;
}

/** The rules of which at least one word stands in the code. */
export function rulesFor(tree: ModuleTree, isSelected: (code: string) => boolean): Rule[] {
  const present = wordsIn(tree);
  return allRules.filter((rule) => isSelected(rule.meta.code) && rule.gate.some((word) => present.has(word)));
}
