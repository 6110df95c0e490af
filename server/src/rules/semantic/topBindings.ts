/** What the top level of a module binds its names with. */
import type { ModuleTree, TopStatement } from '../../syntax/ast.js';
import { type Definition, Flow } from './flow.js';

export type Binding = 'import' | 'definition' | 'other';

export interface Bound {
  readonly binding: Binding;
  /** When the module binds the name once, and not by a function or class of its own: with what. */
  readonly only: Pick<Definition, 'kind' | 'value'> | null;
  /** Some definition is an import or another name: the name may stand for something of a package. */
  readonly isAlias: boolean;
}

/** Names that a top-level statement binds, kept with it. */
const bound = new WeakMap<TopStatement, ReadonlyMap<string, Bound>>();

export function boundBy(statement: TopStatement): ReadonlyMap<string, Bound> {
  let names = bound.get(statement);
  if (names === undefined) {
    const { node } = statement;
    const found = new Map<string, Bound>();
    if (node.type === 'FunctionDef' || node.type === 'ClassDef')
      found.set(node.name, { binding: 'definition', only: null, isAlias: false });
    else
      for (const one of new Flow([node], []).definitions) {
        const { name, kind, value } = one;
        const binding = kind === 'import' ? kind : kind === 'function' || kind === 'class' ? 'definition' : 'other';
        const isAlias = kind === 'import' || value?.type === 'Name' || value?.type === 'Attribute';
        join(found, name, { binding, only: { kind, value }, isAlias });
      }
    names = found;
    bound.set(statement, names);
  }
  return names;
}

function join(all: Map<string, Bound>, name: string, one: Bound): void {
  const known = all.get(name);
  if (known === undefined) {
    all.set(name, one);
    return;
  }
  const binding = known.binding === one.binding ? one.binding : 'other';
  all.set(name, { binding, only: null, isAlias: known.isAlias || one.isAlias });
}

export function topBindings({ statements }: ModuleTree): ReadonlyMap<string, Bound> {
  const all = new Map<string, Bound>();
  for (const statement of statements) for (const [name, one] of boundBy(statement)) join(all, name, one);
  return all;
}
