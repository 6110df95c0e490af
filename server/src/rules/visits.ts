/**
 * A rule's way through a file, statement by statement. A statement of which a visit found
 * nothing, having looked at nothing else, is not visited again until it changes or names
 * come to mean something else (`ModuleIndex.looksAround`, `Quiet`).
 */
import { callsOfPart, type FoundCall } from './patterns/calls.js';
import type { ModuleIndex, NodeTypes, Part, Scope } from './semantic/moduleIndex.js';
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
  const eachPart = (what: string, visit: (part: Part) => void, given: readonly Given[]): void => {
    // which of several visits of a kind this is could depend on the file: only the first is kept
    const key: VisitKey | null = made.has(what) ? null : visitKey(`${rule} ${what} ${given.join()}`);
    made.add(what);
    const { stamp } = index;
    for (const part of index.parts) {
      if (key !== null && part.quiet.has(key, stamp)) continue;
      const before = index.looksAround;
      visit(part);
      // the stamp does not say between which others an expression statement stands
      const isPlaced = part.unit.node.type !== 'Expr';
      if (key !== null && isPlaced && index.looksAround === before) part.quiet.add(key, stamp);
    }
  };
  return {
    eachFunction: (visit, ...given) =>
      eachPart(
        'functions',
        (part) => {
          for (const scope of part.scopes) visit(scope);
        },
        given,
      ),
    eachCall: (visit, ...given) =>
      eachPart(
        'calls',
        (part) => {
          for (const found of callsOfPart(part, index)) visit(found);
        },
        given,
      ),
    eachNode: (types, visit, ...given) =>
      eachPart(
        [...types.types].join(),
        (part) => {
          for (const scope of part.scopes) index.eachNode(scope, types, (node) => visit(node, scope));
          index.eachTopNode(part, types, (node) => visit(node, index.top));
        },
        given,
      ),
  };
}
