/**
 * The cheap gate before any look-up: which rules' words stand in the file at all. What a
 * top-level statement was searched for is remembered with it, and it is searched only for
 * what no other statement is known to say: after a keystroke, a few words in one statement.
 */
import type { ModuleTree, TopStatement } from '../syntax/ast.js';
import { allRules } from './registry.js';
import type { Rule } from './types.js';

const words = [...new Set(allRules.flatMap((rule) => rule.gate))];

/** What is known of one statement; words in neither set were not looked for. */
interface Searched {
  readonly says: Set<string>;
  readonly lacks: Set<string>;
}

const searched = new WeakMap<TopStatement, Searched>();

function searchedIn(statement: TopStatement): Searched {
  let known = searched.get(statement);
  if (known === undefined) {
    known = { says: new Set(), lacks: new Set() };
    searched.set(statement, known);
  }
  return known;
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
