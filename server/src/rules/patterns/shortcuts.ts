/** Shortcuts of residual blocks: the tensor kept for later, and whether it is ever added. */
import type { ClassDef } from '../../syntax/ast.js';
import { selfAttribute } from '../semantic/classes.js';
import type { Definition } from '../semantic/flow.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import { isSelf } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { moduleOf } from '../semantic/torchOps.js';

const shortcutName = /^(identity|shortcut|residual|skip|skip_connection|short_cut|res)(_?x)?$/i;

/** Names such as `identity` and `shortcut` that forward assigns and never reads. */
export function unreadShortcuts(scope: Scope): Definition[] {
  const kept = scope.flow.definitions.filter(
    (definition) => definition.kind === 'assign' && shortcutName.test(definition.name),
  );
  const read = new Set(
    scope.flow.definitions
      .filter((definition) => definition.uses.size > 0 || definition.captured)
      .map((definition) => definition.name),
  );
  return kept.filter((definition) => !read.has(definition.name) && !scope.flow.shared.has(definition.name));
}

const parametric = /^(Linear|Conv\w+|ConvTranspose\w+|MultiheadAttention)$/;

/** Layers with weights that forward calls as `self.<name>(...)`, in the order they run; null when something is called that cannot be seen. */
export function layersOf(
  scope: Scope,
  owner: ClassDef,
  index: ModuleIndex,
): { name: string; type: string; args: string[] }[] | null {
  const found: { name: string; type: string; args: string[] }[] = [];
  for (const call of [...scope.calls].sort((a, b) => a.end - b.end)) {
    if (call.func.type !== 'Attribute' || !isSelf(call.func.value, scope)) continue;
    const attribute = selfAttribute(owner, call.func.attr, index);
    const module = attribute === null ? null : moduleOf(attribute.value, index, attribute.scope);
    if (attribute === null || module === null) {
      // `self.downsample(x)` may be None or anything; a method may do the addition
      if (/^(downsample|shortcut|down|proj|skip)/.test(call.func.attr)) continue;
      return null;
    }
    if (/^(Sequential|ModuleList)$/.test(module.name)) return null;
    if (parametric.test(module.name))
      found.push({ name: call.func.attr, type: module.name, args: module.call.args.map((arg) => index.source(arg)) });
  }
  return found;
}
