/**
 * A rule's way through a file, statement by statement and function by function. A statement of which a
 * visit found nothing, having looked at nothing else, is not visited again until it changes or names come
 * to mean something else (`ModuleIndex.looksAround`, `Quiet`); a function likewise, in a class that changes.
 */
import { type FoundCall, foundAtTop, foundIn } from './patterns/calls.js';
import { withinFunction } from './semantic/looks.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { NodeTypes } from './semantic/ownNodes.js';
import type { Part, Scope } from './semantic/parts.js';
import { type VisitKey, visitKey } from './semantic/quiet.js';
import type { Node } from './semantic/walk.js';

/** What a visitor uses that it has not from the context while it visits: answers about the whole file, in few values. */
export type Given = string | number | boolean | null;

export interface Visits {
  /** Every function. */
  eachFunction(visit: (scope: Scope) => void, ...given: readonly Given[]): void;
  /** Every call, with what is called. */
  eachCall(visit: (found: FoundCall) => void, ...given: readonly Given[]): void;
  /** Every node of these types that functions or the module run, as `ModuleIndex.eachNode` finds them. */
  eachNode<T extends Node['type']>(
    types: NodeTypes<T>,
    visit: (node: Extract<Node, { type: T }>, scope: Scope) => unknown,
    ...given: readonly Given[]
  ): void;
}

/** The visits of one rule to one text. `rule` names it with its options. */
export function visitsOf(rule: string, index: ModuleIndex): Visits {
  const made = new Set<string>();
  /** `atTop` visits what the module itself runs of a statement. */
  const eachScope = (
    what: string,
    visit: (scope: Scope) => void,
    atTop: ((part: Part) => void) | null,
    given: readonly Given[],
  ): void => {
    // which of several visits of a kind this is could depend on the file: only the first is kept
    const key: VisitKey | null = made.has(what) ? null : visitKey(`${rule} ${what} ${given.join()}`);
    made.add(what);
    for (const part of index.parts) {
      if (key !== null && part.quiet.has(key, index.stamp)) continue;
      const before = index.looksAround;
      const stamp = index.stampOf(part);
      for (const scope of part.scopes) {
        if (key !== null && scope.quiet.has(key, stamp)) continue;
        const around = index.looksAround;
        const { isWithin } = withinFunction(() => visit(scope));
        if (key !== null && isWithin && index.looksAround === around) scope.quiet.add(key, stamp);
      }
      atTop?.(part);
      // the stamp does not say between which others an expression statement stands
      const isPlaced = part.unit.node.type !== 'Expr';
      if (key !== null && isPlaced && index.looksAround === before) part.quiet.add(key, index.stamp);
    }
  };
  return {
    eachFunction: (visit, ...given) => eachScope('functions', visit, null, given),
    eachCall: (visit, ...given) =>
      eachScope(
        'calls',
        (scope) => foundIn(scope, index).forEach(visit),
        (part) => foundAtTop(part, index).forEach(visit),
        given,
      ),
    eachNode: (types, visit, ...given) =>
      eachScope(
        [...types.types].join(),
        (scope) => index.eachNode(scope, types, (node) => visit(node, scope)),
        (part) => index.eachTopNode(part, types, (node) => visit(node, index.top)),
        given,
      ),
  };
}
