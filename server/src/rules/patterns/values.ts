/** Numbers that can be read off the source: literals, constants of the module, defaults of a configuration. */
import type { Expr } from '../../syntax/ast.js';
import { selfAttribute } from '../semantic/classes.js';
import { isSelf, type ModuleIndex } from '../semantic/moduleIndex.js';
import type { Scope } from '../semantic/parts.js';
import { literalNumber } from '../semantic/torchOps.js';

/** The number an expression stands for, with where it is written; null when it cannot be seen. */
export function knownNumber(
  node: Expr | null,
  index: ModuleIndex,
  scope: Scope,
  depth = 0,
): { value: number; node: Expr } | null {
  if (node === null || depth > 5) return null;
  const literal = literalNumber(node);
  if (literal !== null) return { value: literal, node };
  const again = (inner: Expr, where: Scope): { value: number; node: Expr } | null =>
    knownNumber(inner, index, where, depth + 1);
  if (node.type === 'Name') {
    const own = scope.flow.single(node);
    if (own?.kind === 'assign' && own.value !== null) return again(own.value, scope);
    if (own?.kind === 'parameter')
      return 'default' in own.target && own.target.default !== null ? again(own.target.default, index.top) : null;
    if (own !== null || scope.flow.binds(node.id)) return null;
    const top = index.topDefinitions(node.id);
    const only = top.length === 1 ? top[0] : undefined;
    return only?.kind === 'assign' && only.value !== null ? again(only.value, index.top) : null;
  }
  if (node.type !== 'Attribute') return null;
  if (isSelf(node.value, scope)) {
    const attribute = selfAttribute(index.enclosingClass(scope), node.attr, index);
    return attribute === null || attribute.isBuffer ? null : again(attribute.value, attribute.scope);
  }
  return configField(node.value, node.attr, index, scope);
}

/** `config.vocab_size` where `config: GPTConfig` and the class of this file says `vocab_size: int = 50257`. */
function configField(
  value: Expr,
  field: string,
  index: ModuleIndex,
  scope: Scope,
): { value: number; node: Expr } | null {
  const definition = value.type === 'Name' ? scope.flow.single(value) : null;
  if (definition?.kind !== 'parameter' || !('annotation' in definition.target) || 'value' in definition.target) {
    const named =
      value.type === 'Name' && /^(config|cfg|args|params|hparams)$/.test(value.id) ? onlyConfig(index) : null;
    return named === null ? null : fieldOf(named, field);
  }
  const type = definition.target.annotation;
  const known = type?.type === 'Name' ? index.classNamed(type.id) : type === null ? onlyConfig(index) : null;
  return known === null ? null : fieldOf(known, field);
}

/** `args.steps` where the file says `parser.add_argument("--steps", default=4)`: what it is unless somebody says otherwise. */
export function commandLineDefault(node: Expr, index: ModuleIndex): number | null {
  if (node.type !== 'Attribute' || node.value.type !== 'Name') return null;
  const names = [node.attr, node.attr.replaceAll('_', '-')].map((name) => `--${name}`);
  for (const scope of [...index.functions, index.top]) {
    for (const call of scope.calls) {
      if (call.func.type !== 'Attribute' || call.func.attr !== 'add_argument') continue;
      if (!call.args.some((arg) => arg.type === 'Constant' && names.includes(String(arg.value)))) continue;
      const given = call.keywords.find((keyword) => keyword.arg === 'default')?.value;
      return given === undefined ? null : literalNumber(given);
    }
  }
  return null;
}

/** The one configuration class of the file. */
function onlyConfig(index: ModuleIndex) {
  const found = index.classes.filter((one) => /(Config|Args|Params)$/.test(one.name));
  return found.length === 1 ? (found[0] as (typeof found)[number]) : null;
}

function fieldOf(
  known: NonNullable<ReturnType<ModuleIndex['classNamed']>>,
  field: string,
): { value: number; node: Expr } | null {
  for (const stmt of known.body) {
    const target = stmt.type === 'AnnAssign' ? stmt.target : stmt.type === 'Assign' ? stmt.targets[0] : undefined;
    if (target?.type !== 'Name' || target.id !== field || !('value' in stmt) || stmt.value === null) continue;
    const number = literalNumber(stmt.value as Expr);
    return number === null ? null : { value: number, node: stmt.value as Expr };
  }
  return null;
}
