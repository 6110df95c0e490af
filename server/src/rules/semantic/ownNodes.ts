/** The nodes of some types in the code that a function, or the module, runs itself. */
import type { Stmt } from '../../syntax/ast.js';
import { forEachChild, type Node } from './walk.js';

/** Types of nodes to look for, one object per set, so that lists of them are found again. */
export interface NodeTypes<T extends Node['type']> {
  readonly types: ReadonlySet<T>;
}

const typeSets = new Map<string, NodeTypes<Node['type']>>();

export function nodeTypes<const T extends Node['type']>(...types: readonly T[]): NodeTypes<T> {
  const key = types.join();
  let known = typeSets.get(key);
  if (known === undefined) {
    known = { types: new Set(types) };
    typeSets.set(key, known);
    for (const type of types) typesOfInterest.add(type);
  }
  return known as unknown as NodeTypes<T>;
}

/** Every type that some rule looks for: one walk gathers them all, and lists of a few types are chosen from what it found. */
const typesOfInterest = new Set<string>();

interface OwnNodes {
  readonly all: readonly Node[];
  /** How many types were of interest when they were gathered. */
  readonly types: number;
  readonly lists: Map<NodeTypes<never>, readonly Node[]>;
}

/** Nodes by the function (or top-level statement) whose code they are. */
const nodesOf = new WeakMap<Node, OwnNodes>();

export function ownNodes<T extends Node['type']>(
  owner: Node,
  body: readonly Stmt[],
  wanted: NodeTypes<T>,
): readonly Extract<Node, { type: T }>[] {
  let own = nodesOf.get(owner);
  if (own?.types !== typesOfInterest.size) {
    own = { all: gather(body, typesOfInterest), types: typesOfInterest.size, lists: new Map() };
    nodesOf.set(owner, own);
  }
  const key = wanted as unknown as NodeTypes<never>;
  let list = own.lists.get(key);
  if (list === undefined) {
    const types: ReadonlySet<string> = wanted.types;
    list = own.all.filter((node) => types.has(node.type));
    own.lists.set(key, list);
  }
  return list as readonly Extract<Node, { type: T }>[];
}

function gather(body: readonly Stmt[], types: ReadonlySet<string>): Node[] {
  const found: Node[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'FunctionDef' || node.type === 'ClassDef') return;
    if (types.has(node.type)) found.push(node);
    forEachChild(node, visit);
  };
  for (const stmt of body) visit(stmt);
  return found;
}

export function eachOf<N extends Node>(nodes: readonly N[], visit: (node: N) => unknown): void {
  for (let at = 0; at < nodes.length; at++) {
    const { start, end } = nodes[at] as N;
    if (visit(nodes[at] as N) !== false) continue;
    // the nodes that it holds come right after it
    while (at + 1 < nodes.length && (nodes[at + 1] as N).start >= start && (nodes[at + 1] as N).end <= end) at++;
  }
}
