/** ECO308: all pairs of differences written to memory for the sake of their distances. */
import type { Expr, Stmt } from '../syntax/ast.js';
import { defineRule } from './defineRule.js';
import { elementsOf } from './patterns/factSizes.js';
import { isSteady, standsForAlone } from './patterns/inline.js';
import { isReferenceCode } from './patterns/quietCode.js';
import { ensureImport, removeStatements, replaceNode } from './semantic/edits.js';
import type { ModuleIndex } from './semantic/moduleIndex.js';
import type { Scope } from './semantic/parts.js';
import { argument, literalNumber, opOf } from './semantic/torchOps.js';

interface Pair {
  readonly a: Expr;
  readonly b: Expr;
  /** Written with three entries on both sides, so both have two dimensions. */
  readonly isExplicit: boolean;
}

export default defineRule({
  code: 'ECO308',
  name: 'broadcast-pairwise-difference',
  family: 'fusion & memory traffic',
  severity: 'warning',
  fixSafety: 'safe',
  saving: 'energy',
  since: '0.1.0',
  minTorch: '1.4',
  evidence: [
    {
      claim:
        'cdist with compute_mode="donot_use_mm_for_euclid_dist" computes the same distances without the tensor of differences.',
      source: 'https://docs.pytorch.org/docs/stable/generated/torch.cdist.html',
    },
  ],
  messages: {
    detected: {
      en: 'The differences of all pairs are written to memory, N · M · d elements, and read again; torch.cdist gives the distances without them.',
      zh: '所有点对的差（N · M · d 个元素）都被写入内存再读出；torch.cdist 可直接得到距离。',
    },
    fix: { en: 'Use {call}', zh: '使用 {call}' },
  },
  gate: ['None,', 'None]', 'unsqueeze'],
  check(context) {
    const { index } = context;
    if (isReferenceCode(context.file)) return;
    context.eachCall(({ call, scope }) => {
      if (isReferenceCode(scope.name)) return;
      const gone: Stmt[] = [];
      const found = distanceOf(call, index, scope, gone);
      if (found === null) return;
      const { pair, form } = found;
      const seen = [call, ...gone].flatMap((node) => context.kernelsAt(node)).map((kernel) => kernel.outputs[0]);
      const largest = seen.reduce((best, one) => (elementsOf(one) > elementsOf(best) ? one : best), seen[0]);
      const extents = largest?.shape ?? null;
      if (extents !== null && (extents.length !== 3 || (extents[2] as number) <= 4)) return;
      const isTwoDimensional = pair.isExplicit || extents?.length === 3;
      // cdist has no half-precision kernel
      const isWide = largest?.dtype === 'float32' || largest?.dtype === 'float64';
      if (largest !== undefined && !isWide) return;
      const torch = ensureImport('torch', index, scope);
      const [a, b] = [index.source(pair.a), index.source(pair.b)];
      const text = {
        squares: `${torch.name}.cdist(${a}, ${b}, compute_mode="donot_use_mm_for_euclid_dist").pow(2)`,
        norm: `${torch.name}.cdist(${a}, ${b}, compute_mode="donot_use_mm_for_euclid_dist")`,
        absolute: `${torch.name}.cdist(${a}, ${b}, p=1)`,
      }[form];
      const lines = removeStatements(gone, index);
      context.report({
        messageId: 'detected',
        node: call,
        undecided: !isTwoDimensional || !isWide,
        fix:
          lines === null
            ? null
            : {
                messageId: 'fix',
                data: { call: text },
                // The root has no gradient at distance 0 when written by hand, and 0 in cdist
                safety: form === 'norm' ? 'suggestion' : 'safe',
                edits: [...torch.edits, ...lines, replaceNode(call, text, index)],
              },
      });
    });
  },
});

function distanceOf(
  call: Expr,
  index: ModuleIndex,
  scope: Scope,
  gone: Stmt[],
): { pair: Pair; form: 'squares' | 'norm' | 'absolute' } | null {
  const op = opOf(call, index, scope);
  const of = op?.args[0];
  if (op === null || of === undefined || !op.plain || op.keywords.has('keepdim') || op.keywords.has('dtype'))
    return null;
  if (op.name === 'norm') {
    const power = argument(op, 1, 'p', 'ord');
    if (
      literalNumber(op.keywords.get('dim') ?? argument(op, 2, 'dim')) !== -1 ||
      (power !== null && literalNumber(power) !== 2)
    )
      return null;
    const pair = pairOf(of, index, scope, gone);
    return pair === null ? null : { pair, form: 'norm' };
  }
  if (op.name !== 'sum' || op.args.length > 2 || literalNumber(argument(op, 1, 'dim', 'axis')) !== -1) return null;
  const inner = standsForAlone(of, scope, gone);
  const each = opOf(inner, index, scope);
  const difference = each?.args[0];
  if (each === null || difference === undefined || each.inPlace) return null;
  const isSquare = each.name === 'square' || (each.name === 'pow' && literalNumber(each.args[1]) === 2);
  if (!isSquare && !(each.name === 'abs' && each.args.length === 1)) return null;
  const pair = pairOf(difference, index, scope, gone);
  return pair === null ? null : { pair, form: isSquare ? 'squares' : 'absolute' };
}

/** `a[:, None, :] - b[None, :, :]`, `a.unsqueeze(1) - b.unsqueeze(0)`. */
function pairOf(node: Expr, index: ModuleIndex, scope: Scope, gone: Stmt[]): Pair | null {
  const value = standsForAlone(node, scope, gone);
  if (value.type !== 'BinOp' || value.op !== '-') return null;
  const [left, right] = [expanded(value.left, index, scope), expanded(value.right, index, scope)];
  if (left === null || right === null || left.at !== 1 || right.at !== 0) return null;
  return { a: left.of, b: right.of, isExplicit: left.isExplicit && right.isExplicit };
}

function expanded(node: Expr, index: ModuleIndex, scope: Scope): { of: Expr; at: number; isExplicit: boolean } | null {
  if (node.type === 'Subscript' && isSteady(node.value)) {
    const parts = node.slice.type === 'Tuple' ? node.slice.elts : [node.slice];
    const isNew = parts.map((part) => part.type === 'Constant' && part.value === null);
    const isWhole = parts.every(
      (part, at) =>
        isNew[at] === true ||
        (part.type === 'Slice' && part.lower === null && part.upper === null && part.step === null),
    );
    const at = isNew.indexOf(true);
    return isWhole && at >= 0 && isNew.lastIndexOf(true) === at
      ? { of: node.value, at, isExplicit: parts.length === 3 }
      : null;
  }
  const op = opOf(node, index, scope);
  const of = op?.args[0];
  if (op?.name !== 'unsqueeze' || of === undefined || !isSteady(of)) return null;
  const at = literalNumber(argument(op, 1, 'dim'));
  return at === 0 || at === 1 ? { of, at, isExplicit: false } : null;
}
