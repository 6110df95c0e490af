/** torch.einsum: operands are permuted to a common order of labels and contracted left to right through bmm (sumproduct_pair). */
import { raise } from '../../python/errors.js';
import { PyList, PyTuple, type Value } from '../../python/values.js';
import type { OpCall } from '../opcall.js';
import { op } from '../operator.js';
import { shapeText } from '../promote.js';
import { asTensor } from '../schema.js';
import type { TensorValue } from '../tensor.js';
import { bmm } from './matmul.js';
import { mul } from './pointwise.js';
import { reduceSum } from './reductions.js';
import { diagonal, permute, reshape, squeeze, unsqueeze, view } from './views.js';

/** Contracts `dims` of two tensors that have the same number of dims (extent 1 where a label is missing). */
export function sumproductPair(c: OpCall, left: TensorValue, right: TensorValue, dims: readonly number[]): TensorValue {
  if (dims.length === 0) return mul(c, left, right);
  const n = left.ndim;
  let x = left;
  let y = right;
  const lro: number[] = [];
  const lo: number[] = [];
  const ro: number[] = [];
  let lroSize = 1;
  let loSize = 1;
  let roSize = 1;
  let sumSize = 1;
  const contracted: number[] = [];
  for (let i = 0; i < n; i++) {
    const sl = x.shape[i] !== 1;
    const sr = y.shape[i] !== 1;
    if (dims.includes(i)) {
      if (sl && sr) {
        if (x.shape[i] !== y.shape[i] && !Number.isNaN(x.shape[i]!) && !Number.isNaN(y.shape[i]!))
          raise('RuntimeError', 'non-broadcast dimensions must match');
        sumSize *= x.shape[i]!;
      } else if (sl) x = reduceSum(c, x, [i], true);
      else if (sr) y = reduceSum(c, y, [i], true);
      contracted.push(i);
    } else if (sl && sr) {
      if (x.shape[i] !== y.shape[i] && !Number.isNaN(x.shape[i]!) && !Number.isNaN(y.shape[i]!))
        raise('RuntimeError', 'non-broadcast dimensions must match');
      lro.push(i);
      lroSize *= x.shape[i]!;
    } else if (sl) {
      lo.push(i);
      loSize *= x.shape[i]!;
    } else {
      ro.push(i);
      roSize *= y.shape[i]!;
    }
  }
  const leftOrder = [...lro, ...lo, ...contracted, ...ro];
  const rightOrder = [...lro, ...contracted, ...ro, ...lo];
  const outSize = [
    ...lro.map((d) => x.shape[d]!),
    ...lo.map((d) => x.shape[d]!),
    ...contracted.map(() => 1),
    ...ro.map((d) => y.shape[d]!),
  ];
  const order = [...lro, ...lo, ...contracted, ...ro];
  const inverse = new Array<number>(n);
  order.forEach((d, i) => {
    inverse[d] = i;
  });
  const a = reshape(c, permute(c, x, leftOrder), [lroSize, loSize, sumSize]);
  const b = reshape(c, permute(c, y, rightOrder), [lroSize, sumSize, roSize]);
  const product = bmm(c, a, b);
  return permute(c, view(c, product, outSize), inverse);
}

export function einsum(c: OpCall, equation: string, tensors: readonly TensorValue[]): TensorValue {
  const operands = c.lower(...(tensors as TensorValue[]));
  return c.withoutAutocast(() => contract(c, equation.replace(/\s+/g, ''), operands));
}

function contract(c: OpCall, equation: string, operands: readonly TensorValue[]): TensorValue {
  const arrow = equation.indexOf('->');
  const lhs = (arrow < 0 ? equation : equation.slice(0, arrow)).split(',');
  if (operands.length === 0) raise('RuntimeError', 'einsum(): must provide at least one operand');
  if (lhs.length !== operands.length) {
    raise(
      'RuntimeError',
      lhs.length > operands.length
        ? 'einsum(): fewer operands were provided than specified in the equation'
        : 'einsum(): more operands were provided than specified in the equation',
    );
  }
  const labels = lhs.map((term) => parseTerm(term));
  let ellipsis = 0;
  labels.forEach((term, i) => {
    const named = term.filter((l) => l !== '...').length;
    const t = operands[i]!;
    if (term.includes('...')) {
      if (named > t.ndim)
        raise(
          'RuntimeError',
          `einsum(): the number of subscripts in the equation (${named}) is more than the number of dimensions (${t.ndim}) for operand ${i}`,
        );
      ellipsis = Math.max(ellipsis, t.ndim - named);
    } else if (named !== t.ndim) {
      raise(
        'RuntimeError',
        `einsum(): the number of subscripts in the equation (${named}) does not match the number of dimensions (${t.ndim}) for operand ${i} and no ellipsis was given (shape ${shapeText(t.shape)}, "${lhs[i]}")`,
      );
    }
  });
  const counts = new Map<string, number>();
  for (const term of labels) for (const l of term) if (l !== '...') counts.set(l, (counts.get(l) ?? 0) + 1);
  let output: string[];
  if (arrow < 0)
    output = [
      ...(ellipsis > 0 || labels.some((t) => t.includes('...')) ? ['...'] : []),
      ...[...counts.keys()].filter((l) => counts.get(l) === 1).sort((p, q) => code(p) - code(q)),
    ];
  else output = parseTerm(equation.slice(arrow + 2));
  const order: string[] = [];
  const dots = (prefix: string, n: number): string[] =>
    Array.from({ length: n }, (_, i) => `${prefix}${ellipsis - n + i}`);
  let hasDots = false;
  for (const l of output) {
    if (l === '...') {
      order.push(...dots('.', ellipsis));
      hasDots = true;
    } else {
      if (!counts.has(l))
        raise('RuntimeError', `einsum(): output subscript ${l} does not appear in the equation for any input operand`);
      if (order.includes(l))
        raise('RuntimeError', `einsum(): output subscript ${l} appears more than once in the output`);
      order.push(l);
    }
  }
  const outCount = order.length;
  if (!hasDots) order.push(...dots('.', ellipsis));
  // summed labels in alphabetical order of the label table
  for (const l of [...counts.keys()].sort((p, q) => code(p) - code(q))) if (!order.includes(l)) order.push(l);
  const sizes = new Map<string, number>();
  const prepared = operands.map((t, i) => {
    let x = t;
    let term = labels[i]!.flatMap((l) => (l === '...' ? dots('.', t.ndim - labels[i]!.length + 1) : [l]));
    for (let d = 0; d < term.length; d++) {
      const again = term.indexOf(term[d]!, d + 1);
      if (again > 0) {
        if (x.shape[d] !== x.shape[again])
          raise(
            'RuntimeError',
            `einsum(): subscript ${term[d]} is repeated for operand ${i} but the sizes don't match, ${x.shape[again]} != ${x.shape[d]}`,
          );
        x = diagonal(c, x, 0, d, again);
        const label = term[d]!;
        term = [...term.filter((_, k) => k !== d && k !== again), label];
        d = -1;
      }
    }
    term.forEach((l, d) => {
      const known = sizes.get(l);
      const size = x.shape[d]!;
      if (known === undefined || known === 1) sizes.set(l, size);
      else if (size !== 1 && size !== known && !Number.isNaN(size) && !Number.isNaN(known)) {
        raise(
          'RuntimeError',
          `einsum(): subscript ${l} has size ${size} for operand ${i} which does not broadcast with previously seen size ${known}`,
        );
      }
    });
    const missing = order.filter((l) => !term.includes(l));
    for (const _ of missing) x = unsqueeze(c, x, x.ndim);
    const all = [...term, ...missing];
    return permute(
      c,
      x,
      order.map((l) => all.indexOf(l)),
    );
  });
  let result = prepared[0]!;
  const summed = (from: number): number[] => Array.from({ length: order.length - from }, (_, i) => from + i);
  if (prepared.length === 1) {
    if (order.length > outCount) return reduceSum(c, result, summed(outCount), false);
    return result;
  }
  const lastUse = new Map<number, number>();
  prepared.forEach((t, i) => {
    t.shape.forEach((d, k) => {
      if (d !== 1) lastUse.set(k, i);
    });
  });
  const squeezable = new Set<number>();
  for (let i = 1; i < prepared.length; i++) {
    const b = prepared[i]!;
    const dims = summed(outCount).filter((d) => !squeezable.has(d) && (lastUse.get(d) ?? 0) <= i);
    const sumDims = dims.filter((d) => result.shape[d] !== 1 || b.shape[d] !== 1);
    const onlyLeft = sumDims.filter((d) => b.shape[d] === 1);
    const onlyRight = sumDims.filter((d) => result.shape[d] === 1);
    const both = sumDims.filter((d) => !onlyLeft.includes(d) && !onlyRight.includes(d));
    let left = result;
    let right = b;
    if (onlyLeft.length > 0) left = reduceSum(c, left, onlyLeft, true);
    if (onlyRight.length > 0) right = reduceSum(c, right, onlyRight, true);
    for (const d of dims) squeezable.add(d);
    if (both.length === 0) {
      result = mul(c, left, right);
    } else result = sumproductPair(c, left, right, both);
  }
  return order.length > outCount
    ? view(
        c,
        squeeze(c, result, summed(outCount)),
        order.slice(0, outCount).map((_, i) => result.shape[i]!),
      )
    : result;
}

const code = (l: string): number => (l >= 'a' ? 26 + l.charCodeAt(0) - 97 : l.charCodeAt(0) - 65);

function parseTerm(term: string): string[] {
  const out: string[] = [];
  for (let i = 0; i < term.length; i++) {
    if (term.startsWith('...', i)) {
      out.push('...');
      i += 2;
    } else {
      if (!/[A-Za-z]/.test(term[i]!))
        raise(
          'RuntimeError',
          `einsum(): invalid subscript given at index ${i} in the equation string, subscripts must be in [a-zA-Z]`,
        );
      out.push(term[i]!);
    }
  }
  return out;
}

/** The sublist form: `einsum(x, [0, 1], y, [1, 2], [0, 2])`. */
function fromSublists(args: readonly Value[]): { equation: string; tensors: TensorValue[] } {
  const tensors: TensorValue[] = [];
  const terms: string[] = [];
  const text = (v: Value): string =>
    v instanceof PyList || v instanceof PyTuple
      ? v.items.map((i) => (typeof i === 'number' ? String.fromCharCode(i < 26 ? 65 + i : 71 + i) : '...')).join('')
      : '';
  let i = 0;
  for (; i + 1 < args.length; i += 2) {
    const t = asTensor(args[i]!);
    if (t === null) break;
    tensors.push(t);
    terms.push(text(args[i + 1]!));
  }
  const out = i < args.length ? `->${text(args[i]!)}` : '';
  return { equation: terms.join(',') + out, tensors };
}

export const einsumOperators = [
  op(
    (c, a) => einsum(c, a.equation, a.operands),
    'torch.einsum, torch.functional.einsum(str equation, Tensor[]* operands)',
  ),
  op((c, a) => {
    const { equation, tensors } = fromSublists(a.operands);
    return einsum(c, equation, tensors);
  }, 'torch.einsum, torch.functional.einsum(Any[]* operands)'),
];
