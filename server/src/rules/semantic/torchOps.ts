/**
 * One form for the many ways to write an operator: `a @ b`, `torch.matmul(a, b)`,
 * `a.matmul(b)`; `F.softmax(x, -1)`, `x.softmax(-1)`, `nn.Softmax(-1)(x)`, `self.softmax(x)`.
 */
import type { Call, Expr } from '../../syntax/ast.js';
import { selfAttribute } from './classes.js';
import { Memo } from './memo.js';
import { isSelf, type ModuleIndex } from './moduleIndex.js';
import { qualifiedName, torchFunctionName, torchModuleName } from './names.js';
import type { Scope } from './parts.js';

export interface TorchOp {
  /** Name without namespace and without the in-place underscore: `softmax`, `matmul`; for modules the class, `Dropout`. */
  readonly name: string;
  /** Positional arguments, the tensor of a method first. */
  readonly args: readonly Expr[];
  readonly keywords: ReadonlyMap<string, Expr>;
  readonly node: Expr;
  readonly via: 'function' | 'method' | 'operator' | 'module';
  readonly inPlace: boolean;
  /** The constructor call, for `via: 'module'`. */
  readonly module: Call | null;
  /** False when there are `*args` or `**kwargs`: arguments cannot be told. */
  readonly plain: boolean;
}

const operators: Record<string, string> = {
  '@': 'matmul',
  '*': 'mul',
  '/': 'div',
  '+': 'add',
  '-': 'sub',
  '**': 'pow',
};

/** Calls are asked for by every rule. */
const calls = new Memo<TorchOp | null>(operatorOf);

export function opOf(node: Expr, index: ModuleIndex, scope: Scope): TorchOp | null {
  return node.type === 'Call' ? calls.get(node, index, scope) : operatorOf(node, index, scope);
}

function operatorOf(node: Expr, index: ModuleIndex, scope: Scope): TorchOp | null {
  const none = new Map<string, Expr>();
  if (node.type === 'BinOp') {
    const name = operators[node.op];
    return name === undefined
      ? null
      : {
          name,
          args: [node.left, node.right],
          keywords: none,
          node,
          via: 'operator',
          inPlace: false,
          module: null,
          plain: true,
        };
  }
  if (node.type === 'UnaryOp' && (node.op === '-' || node.op === '~')) {
    const name = node.op === '-' ? 'neg' : 'logical_not';
    return {
      name,
      args: [node.operand],
      keywords: none,
      node,
      via: 'operator',
      inPlace: false,
      module: null,
      plain: true,
    };
  }
  if (
    node.type === 'Attribute' &&
    (node.attr === 'mT' || node.attr === 'T') &&
    qualifiedName(node, index, scope) === null
  ) {
    return {
      name: node.attr,
      args: [node.value],
      keywords: none,
      node,
      via: 'method',
      inPlace: false,
      module: null,
      plain: true,
    };
  }
  if (node.type !== 'Call') return null;
  const keywords = new Map<string, Expr>();
  for (const keyword of node.keywords) if (keyword.arg !== null) keywords.set(keyword.arg, keyword.value);
  const plain =
    node.keywords.every((keyword) => keyword.arg !== null) && node.args.every((arg) => arg.type !== 'Starred');
  const common = { keywords, node, plain };
  const qualified = qualifiedName(node.func, index, scope);
  if (qualified !== null) {
    const name = torchFunctionName(qualified);
    if (name === null) return null;
    const inPlace = name.endsWith('_') && !name.endsWith('__');
    const isMethod = qualified.startsWith('torch.Tensor.');
    return {
      ...common,
      name: inPlace ? name.slice(0, -1) : name,
      args: node.args,
      via: isMethod ? 'method' : 'function',
      inPlace,
      module: null,
    };
  }
  const module = moduleOf(node.func, index, scope);
  if (module !== null)
    return { ...common, name: module.name, args: node.args, via: 'module', inPlace: false, module: module.call };
  if (node.func.type === 'Attribute') {
    // A method of an object of ours is not a tensor method: `self.softmax(x)` was looked at above
    if (isSelf(node.func.value, scope)) return null;
    const { attr } = node.func;
    const inPlace = attr.endsWith('_') && !attr.endsWith('__');
    return {
      ...common,
      name: inPlace ? attr.slice(0, -1) : attr,
      args: [node.func.value, ...node.args],
      via: 'method',
      inPlace,
      module: null,
    };
  }
  return null;
}

/** The torch module an expression is, when its construction can be seen: `self.drop`, `nn.Dropout(0.1)`, a local. */
export function moduleOf(node: Expr, index: ModuleIndex, scope: Scope, depth = 0): { name: string; call: Call } | null {
  if (depth > 4) return null;
  if (node.type === 'Call') {
    const name = torchModuleName(qualifiedName(node.func, index, scope));
    return name === null ? null : { name, call: node };
  }
  if (node.type === 'Attribute' && isSelf(node.value, scope)) {
    const attribute = selfAttribute(index.enclosingClass(scope), node.attr, index);
    return attribute === null ? null : moduleOf(attribute.value, index, attribute.scope, depth + 1);
  }
  if (node.type === 'Name') {
    const definition = scope.flow.single(node);
    if (definition?.kind === 'assign' && definition.value !== null)
      return moduleOf(definition.value, index, scope, depth + 1);
  }
  return null;
}

/** An argument by position or by any of its names. */
export function argument(op: TorchOp, position: number, ...names: string[]): Expr | null {
  const positional = op.args[position];
  if (positional !== undefined && positional.type !== 'Starred') return positional;
  for (const name of names) {
    const found = op.keywords.get(name);
    if (found !== undefined) return found;
  }
  return null;
}

/** A literal number (with sign), or null. */
export function literalNumber(node: Expr | null | undefined): number | null {
  if (node?.type === 'Constant' && typeof node.value === 'number') return node.value;
  if (node?.type === 'UnaryOp' && node.op === '-') {
    const inner = literalNumber(node.operand);
    return inner === null ? null : -inner;
  }
  if (node?.type === 'Call' && node.func.type === 'Name' && node.func.id === 'float' && node.args.length === 1) {
    const text = node.args[0];
    if (text?.type === 'Constant' && typeof text.value === 'string') {
      const match = /^\s*([+-]?)(inf|infinity)\s*$/i.exec(text.value);
      if (match !== null) return match[1] === '-' ? -Infinity : Infinity;
    }
  }
  return null;
}

/** A literal number, `-inf` written in any of the usual ways, or the lowest finite number: the value that masks a score. */
export function isMaskingValue(
  node: Expr,
  index: ModuleIndex,
  scope: Scope,
  depth = 0,
): 'minus-infinity' | 'large' | null {
  const number = literalNumber(node);
  if (number !== null) return number === -Infinity ? 'minus-infinity' : number <= -1e3 ? 'large' : null;
  const qualified = qualifiedName(node, index, scope);
  if (node.type === 'UnaryOp' && node.op === '-') {
    const inner = qualifiedName(node.operand, index, scope);
    return inner === 'math.inf' || inner === 'torch.inf' || inner === 'numpy.inf' ? 'minus-infinity' : null;
  }
  if (node.type === 'Call' && depth < 3) {
    // torch.full((), value), torch.tensor(value)
    const made = qualifiedName(node.func, index, scope);
    const value = made === 'torch.full' ? node.args[1] : made === 'torch.tensor' ? node.args[0] : undefined;
    if (value !== undefined) return isMaskingValue(value, index, scope, depth + 1);
  }
  if (qualified !== null) return null;
  if (node.type === 'Attribute' && node.attr === 'min' && node.value.type === 'Call') {
    return qualifiedName(node.value.func, index, scope) === 'torch.finfo' ? 'large' : null;
  }
  if (node.type === 'Name' && depth < 3) {
    const definition = scope.flow.single(node);
    if (definition?.kind === 'assign' && definition.value !== null)
      return isMaskingValue(definition.value, index, scope, depth + 1);
  }
  return null;
}
