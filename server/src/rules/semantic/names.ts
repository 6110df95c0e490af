/**
 * Qualified names: what an expression such as `F.softmax` or `nn.Linear` refers to,
 * through imports, aliases and plain local re-bindings; and what a class is.
 */
import type { ClassDef, Expr } from '../../syntax/ast.js';
import type { Definition } from './flow.js';
import { Memo } from './memo.js';
import type { ModuleIndex, Stamp } from './moduleIndex.js';
import type { Scope } from './parts.js';

const names = new Memo<string | null>((node, index, scope) => workOutName(node, index, scope, 0));

/** `torch.nn.functional.softmax` for `F.softmax`; null when the root is not an import. */
export function qualifiedName(node: Expr, index: ModuleIndex, scope: Scope): string | null {
  return node.type === 'Name' || node.type === 'Attribute' ? names.get(node, index, scope) : null;
}

function workOutName(node: Expr, index: ModuleIndex, scope: Scope, depth: number): string | null {
  if (node.type === 'Attribute') {
    const base = workOutName(node.value, index, scope, depth);
    return base === null ? null : `${base}.${node.attr}`;
  }
  if (node.type !== 'Name') return null;
  for (let current: Scope | null = scope; current !== null; current = current.parent) {
    if (current === index.top) {
      const binding = index.topBinding(node.id);
      if (binding === 'definition') return null;
      if (binding !== 'other') break;
      const only = index.onlyTopBinding(node.id);
      if (only !== null) return aliased(only, index, depth);
      if (!index.mayBeAlias(node.id)) return null;
    }
    const known = current.bindingOf(node.id);
    if (known === 'parameter') return null;
    if (known === 'none' || !current.flow.binds(node.id)) continue;
    const definition = current === scope ? current.flow.single(node) : null;
    if (definition?.kind === 'import') return index.imports.get(node.id) ?? null;
    if (definition?.kind === 'assign' && definition.value !== null && depth < 4) {
      const isPlain = definition.value.type === 'Name' || definition.value.type === 'Attribute';
      return isPlain ? workOutName(definition.value, index, scope, depth + 1) : null;
    }
    return null;
  }
  const binding = index.topBinding(node.id);
  if (binding === 'definition') return null;
  if (scope !== index.top && binding === 'other') {
    const only = index.onlyTopBinding(node.id);
    return only === null ? null : aliased(only, index, depth);
  }
  return index.imports.get(node.id) ?? null;
}

/** `softmax = F.softmax` at the top of the module. */
function aliased(only: Pick<Definition, 'kind' | 'value'>, index: ModuleIndex, depth: number): string | null {
  const value = only.kind === 'assign' ? only.value : null;
  const isPlain = value?.type === 'Name' || value?.type === 'Attribute';
  return isPlain && depth < 4 ? workOutName(value, index, index.top, depth + 1) : null;
}

/** The last part of a name when it is one of torch's functions: `softmax` for `torch.softmax` and `F.softmax`. */
export function torchFunctionName(qualified: string | null): string | null {
  if (qualified === null || !qualified.startsWith('torch.')) return null;
  const rest = qualified.slice('torch.'.length);
  const match = /^(?:nn\.functional\.|special\.|Tensor\.|functional\.|linalg\.|_C\._nn\.)?(\w+)$/.exec(rest);
  return match?.[1] ?? null;
}

/** `Linear` for `torch.nn.Linear`; null for anything else. */
export function torchModuleName(qualified: string | null): string | null {
  const match = qualified === null ? null : /^torch\.nn\.(?:modules\.\w+\.)?([A-Z]\w*)$/.exec(qualified);
  return match?.[1] ?? null;
}

/** Base classes defined in this file, and the qualified names of the others. */
export function basesOf(node: ClassDef, index: ModuleIndex): { local: ClassDef[]; qualified: string[] } {
  const local: ClassDef[] = [];
  const qualified: string[] = [];
  for (const base of node.bases) {
    const here = base.type === 'Name' ? index.classNamed(base.id) : null;
    if (here !== null && here !== node) local.push(here);
    else {
      const name = qualifiedName(base, index, index.top);
      qualified.push(name ?? (base.type === 'Attribute' ? `?.${base.attr}` : '?'));
    }
  }
  return { local, qualified };
}

/** True for subclasses of `torch.nn.Module`, through classes of the same file; null when a base is not known. */
export function isModuleClass(node: ClassDef, index: ModuleIndex): boolean | null {
  const known = moduleClasses.get(node);
  // what its bases mean has changed with the stamp
  if (known?.stamp === index.stamp) return known.answer;
  const answer = index.settled(() => workOutClass(node, index, new Set()));
  moduleClasses.set(node, { stamp: index.stamp, answer });
  return answer;
}

const moduleClasses = new WeakMap<ClassDef, { stamp: Stamp; answer: boolean | null }>();

function workOutClass(node: ClassDef, index: ModuleIndex, seen: Set<ClassDef>): boolean | null {
  if (seen.has(node)) return false;
  seen.add(node);
  const { local, qualified } = basesOf(node, index);
  let unknown = false;
  for (const name of qualified) {
    if (torchModuleName(name) !== null || /(^|\.)(LightningModule|PreTrainedModel|GenerationMixin)$/.test(name))
      return true;
    if (name !== 'object' && name !== 'typing.Generic' && name !== 'abc.ABC') unknown = true;
  }
  for (const base of local) {
    const answer = workOutClass(base, index, seen);
    if (answer === true) return true;
    if (answer === null) unknown = true;
  }
  return unknown ? null : false;
}
