/** Layers of models: how many convolutions, which follow which. */
import type { Call, ClassDef, Expr } from '../../syntax/ast.js';
import { selfAttribute } from '../semantic/classes.js';
import type { ModuleIndex } from '../semantic/moduleIndex.js';
import { isModuleClass, qualifiedName, torchModuleName } from '../semantic/names.js';
import type { Scope } from '../semantic/parts.js';
import { walk } from '../semantic/walk.js';
import { standsFor } from './inline.js';

/** CNNs of torchvision by family, with at least so many 2-D convolutions (counted on torchvision's own definitions). */
const families: readonly [RegExp, number][] = [
  [
    /^(resnet|resnext|wide_resnet|densenet|efficientnet|mobilenet|regnet|mnasnet|googlenet|inception|squeezenet|shufflenet|convnext)\w*$/,
    16,
  ],
  [/^vgg(11|13|16|19)\w*$/, 8],
];

/** 2-D convolutions of a model that a call makes; null when it cannot be seen. Literal constructions are counted once, so it is a lower bound. */
export function convolutionsOf(node: Call, index: ModuleIndex, scope: Scope, depth = 0): number | null {
  if (depth > 4) return null;
  const name = qualifiedName(node.func, index, scope) ?? '';
  const family = /^torchvision\.models\.(?:\w+\.)*(\w+)$/.exec(name)?.[1];
  if (family !== undefined) return families.find(([pattern]) => pattern.test(family))?.[1] ?? null;
  const here = node.func.type === 'Name' ? index.classNamed(node.func.id) : null;
  if (here !== null && isModuleClass(here, index) === true) return convolutionsIn(here, index);
  if (torchModuleName(name) === 'Sequential') return countIn(node, index, scope);
  const { func } = node;
  if (func.type !== 'Attribute' || !['to', 'cuda', 'eval', 'train', 'half', 'bfloat16'].includes(func.attr))
    return null;
  const inner = standsFor(func.value, scope);
  return inner.type === 'Call' ? convolutionsOf(inner, index, scope, depth + 1) : null;
}

function convolutionsIn(node: ClassDef, index: ModuleIndex): number {
  return node.body.reduce((sum, stmt) => {
    const inner = stmt.type === 'FunctionDef' ? index.functionScope(stmt) : null;
    return inner === null ? sum : sum + countIn(stmt, index, inner);
  }, 0);
}

function countIn(node: Parameters<typeof walk>[0], index: ModuleIndex, scope: Scope): number {
  let count = 0;
  walk(node, (one) => {
    if (one.type === 'Call' && torchModuleName(qualifiedName(one.func, index, scope)) === 'Conv2d') count++;
  });
  return count;
}

/** The construction behind `self.<name>`, through a plain assignment; null for anything else. */
export function layerNamed(
  name: string,
  owner: ClassDef | null,
  index: ModuleIndex,
): { type: string; call: Call; scope: Scope } | null {
  const attribute = selfAttribute(owner, name, index);
  if (attribute === null || attribute.value.type !== 'Call') return null;
  const type = torchModuleName(qualifiedName(attribute.value.func, index, attribute.scope));
  return type === null ? null : { type, call: attribute.value, scope: attribute.scope };
}

/** Neighbours in an `nn.Sequential(...)` or a list of layers: the constructions in order. */
export function sequentialLayers(call: Call, index: ModuleIndex, scope: Scope): (Expr | null)[] {
  if (torchModuleName(qualifiedName(call.func, index, scope)) !== 'Sequential') return [];
  return call.args.map((arg) => (arg.type === 'Starred' ? null : arg));
}
