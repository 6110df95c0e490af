/** ECO705: logarithms and exponentials that lose digits or overflow, where one function does not. */
import type { Expr } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { standsFor } from './patterns/inline.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { argumentText, operand, replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import { qualifiedName } from './semantic/names.js';
import { nodeTypes } from './semantic/ownNodes.js';
import type { Scope } from './semantic/parts.js';
import { argument, literalNumber, opOf, type TorchOp } from './semantic/torchOps.js';

const wanted = nodeTypes('BinOp', 'Call');

export default defineRule({
  code: 'ECO705',
  name: 'unstable-log-exp-forms',
  family: 'numerics & losses',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: 'any',
  aliases: ['TOR106', 'TOR107', 'TOR108'],
  evidence: [
    {
      claim: 'log1p and expm1 are more accurate for small values; logsumexp is stabilised.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.logsumexp.html',
    },
  ],
  messages: {
    precision: {
      en: '{form} loses the digits of small values; {name} keeps them.',
      zh: '{form} 会丢失小数值的有效位；{name} 可以保留。',
    },
    overflow: {
      en: '{form} overflows where exp does, at 88 in float32; {name} takes the maximum out first.',
      zh: '{form} 在 exp 溢出处（float32 约 88）溢出；{name} 会先减去最大值。',
    },
    fix: { en: 'Use {call}', zh: '使用 {call}' },
  },
  gate: ['log(', 'exp('],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachNode(wanted, (node, scope) => {
      if (isReferenceCode(scope.name)) return true;
      const found = formAt(node as Expr, index, scope);
      if (found === null) return true;
      context.report({
        messageId: found.overflows ? 'overflow' : 'precision',
        node,
        data: { form: found.form, name: found.name },
        severity: found.overflows ? 'warning' : 'information',
        fix: {
          messageId: 'fix',
          data: { call: found.call },
          safety: 'safe',
          edits: [replaceNode(node, found.call, index)],
        },
      });
      return false;
    });
  },
});

interface Form {
  readonly form: string;
  readonly name: string;
  readonly call: string;
  readonly overflows: boolean;
}

function formAt(node: Expr, index: ModuleIndex, scope: Scope): Form | null {
  if (node.type === 'BinOp') {
    // exp(x) - 1
    const exp = node.op === '-' && literalNumber(node.right) === 1 ? torchCall(node.left, 'exp', index, scope) : null;
    const of = exp?.args[0];
    return exp === null || of === undefined || exp.args.length !== 1
      ? null
      : { form: 'exp(x) - 1', name: 'expm1', call: written(exp, 'expm1', of, index), overflows: false };
  }
  const log = torchCall(node, 'log', index, scope);
  const inner = log?.args[0];
  if (log === null || inner === undefined || log.args.length !== 1) return null;
  if (inner.type === 'BinOp' && inner.op === '+') {
    const other = literalNumber(inner.left) === 1 ? inner.right : literalNumber(inner.right) === 1 ? inner.left : null;
    // log(1 + exp(x)) is softplus: ECO301
    if (
      other === null ||
      opOf(other, index, scope)?.name === 'exp' ||
      literalNumber(other) !== null ||
      !isFunction(log)
    )
      return null;
    return { form: 'log(1 + x)', name: 'log1p', call: written(log, 'log1p', other, index), overflows: false };
  }
  const sum = opOf(inner, index, scope);
  const summed = sum?.args[0];
  if (sum === null || summed === undefined || sum.name !== 'sum' || !sum.plain || sum.keywords.has('dtype'))
    return null;
  const exp = torchCall(summed, 'exp', index, scope);
  const of = exp?.args[0];
  const dim = argument(sum, 1, 'dim', 'axis');
  if (of === undefined || exp?.args.length !== 1 || dim === null || sum.args.length > 3) return null;
  if (isShifted(of, index, scope)) return null;
  const keep = argument(sum, 2, 'keepdim', 'keepdims');
  const rest = `${index.source(dim)}${keep === null ? '' : `, keepdim=${index.source(keep)}`}`;
  const torch = prefixOf(log, index) ?? prefixOf(exp, index);
  const call =
    torch === null
      ? `${operand(of, index)}.logsumexp(${rest})`
      : `${torch}logsumexp(${argumentText(of, index)}, ${rest})`;
  return { form: 'log(sum(exp(x)))', name: 'logsumexp', call, overflows: true };
}

/** `x - x.max()`: the maximum is taken out already, which is all that logsumexp does. */
function isShifted(node: Expr, index: ModuleIndex, scope: Scope): boolean {
  const value = standsFor(node, scope);
  if (value.type !== 'BinOp' || value.op !== '-') return false;
  const written = index.source(value.right);
  if (/(?<!soft|arg)max/i.test(written)) return true;
  const from = value.right.type === 'Name' ? scope.flow.single(value.right)?.value : null;
  return from !== null && from !== undefined && /\b(a?max|maximum)\b/.test(index.source(from));
}

/** torch's function or a method of that name on an object; not math's or NumPy's. */
function torchCall(node: Expr, name: string, index: ModuleIndex, scope: Scope): TorchOp | null {
  if (node.type !== 'Call') return null;
  const op = opOf(node, index, scope);
  if (op === null || op.name !== name || op.inPlace || !op.plain || op.keywords.size > 0) return null;
  if (op.via === 'function') return op;
  // A distribution has log_prob and the like, hardly log(); objects of other libraries are told by their import
  const object = op.args[0];
  return op.via === 'method' && object !== undefined && qualifiedName(object, index, scope) === null ? op : null;
}

/** A constant beside the logarithm: only tensors are certain when it is torch's function. */
function isFunction(op: TorchOp): boolean {
  return op.via === 'function' || op.via === 'method';
}

/** `torch.` of `torch.log(...)`. */
function prefixOf(op: TorchOp, index: ModuleIndex): string | null {
  if (op.via !== 'function' || op.node.type !== 'Call' || op.node.func.type !== 'Attribute') return null;
  return `${index.source(op.node.func.value)}.`;
}

function written(op: TorchOp, name: string, of: Expr, index: ModuleIndex): string {
  const prefix = prefixOf(op, index);
  return prefix === null ? `${operand(of, index)}.${name}()` : `${prefix}${name}(${argumentText(of, index)})`;
}
