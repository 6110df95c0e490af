/** Declarations of the element-wise operators. */
import { raise } from '../../python/errors.js';
import { dtypes } from '../dtype.js';
import type { OpCall } from '../opcall.js';
import { type Bound, type OperatorDeclaration, op } from '../operator.js';
import { isComplex, isFloating, isIntegral, scalarTypeName, toComplexDType, toRealDType } from '../promote.js';
import type { TensorValue } from '../tensor.js';
import { clone, to } from './copy.js';
import { binary, binaryFamily, isTensor, nary, scalar, unary, unaryFamily } from './elementwise.js';
import {
  addSub,
  binaries,
  bitwiseNot,
  clamp,
  clampOne,
  divMode,
  inplaceBoth,
  isfinite,
  logicalNot,
  mul,
  neg,
  pow,
  roundEven,
  rules,
  tensorBinaries,
  tests,
  unaries,
  unaryRules,
  where,
} from './pointwise.js';

export const pointwiseOperators: OperatorDeclaration[] = [
  ...unaries.flatMap(([kernel, rule, names]) => unaryFamily(kernel, rule, names)),
  ...tests.flatMap(([kernel, fn, names]) =>
    unaryFamily(kernel, { rule: 'bool', complex: !/posinf|neginf|signbit/.test(kernel), ...(fn ? { fn } : {}) }, names),
  ),
  ...binaries.flatMap(([kernel, rule, names, dunder]) => binaryFamily(kernel, rule, names, dunder)),
  ...tensorBinaries.flatMap(([kernel, rule, names]) => {
    const all = names
      .split(' ')
      .flatMap((n) => (n.startsWith('special.') ? [`torch.${n}`] : [`torch.${n}`, `Tensor.${n}`]));
    const inplace = names.split(' ').filter((n) => !n.startsWith('special.') && !/^(max|min|fmax|fmin|logadd)/.test(n));
    return [
      op(
        (c, a) => binary(c, kernel, rule, a.input, a.other, { out: a.out }),
        `${all.join(', ')}(Tensor input, Tensor other, *, Tensor? out=None)`,
      ),
      ...(inplace.length === 0
        ? []
        : [
            op(
              (c, a) => binary(c, kernel, rule, a.input, a.other, { inplace: true }),
              `${inplace.map((n) => `Tensor.${n}_`).join(', ')}(Tensor input, Tensor other)`,
            ),
          ]),
    ];
  }),
  ...unaryFamily('neg', { rule: 'same' }, 'neg negative', neg),
  ...unaryFamily('logical_not', logicalNot, 'logical_not'),
  ...unaryFamily('bitwise_not', { rule: 'intonly' }, 'bitwise_not', bitwiseNot),
  ...unaryFamily('square', { rule: 'same' }, 'square', (c, t, o) => pow(c, t, scalar(2), o)),
  op((c, a) => neg(c, a.input), 'Tensor.__neg__(Tensor input)'),
  op((c, a) => unary(c, 'abs', unaryRules['abs']!, a.input), 'Tensor.__abs__(Tensor input)'),
  op((c, a) => bitwiseNot(c, a.input), 'Tensor.__invert__(Tensor input)'),
  op(
    (c, a) =>
      unary(
        c,
        'round',
        { rule: 'same', saves: 'none', complex: false, fn: (x) => roundEven(x * 10 ** a.decimals) / 10 ** a.decimals },
        a.input,
        { out: a.out },
      ),
    'torch.round, Tensor.round, torch.special.round(Tensor input, *, int decimals=0, Tensor? out=None)',
  ),
  op(
    (c, a) =>
      unary(
        c,
        'round',
        { rule: 'same', saves: 'none', complex: false, fn: (x) => roundEven(x * 10 ** a.decimals) / 10 ** a.decimals },
        a.input,
        { inplace: true },
      ),
    'Tensor.round_(Tensor input, *, int decimals=0)',
  ),
  op((c, a) => isfinite(c, a.input), 'torch.isfinite, Tensor.isfinite(Tensor input)'),
  op((c, a) => {
    const t: TensorValue = a.input;
    if (isComplex(t.dtype)) return binary(c, 'eq', rules['eq']!, c.view('imag', t, t.shape, t.strides), scalar(0));
    const out = c.like(t, dtypes.bool, t.values === null ? null : t.values.map(() => 1));
    c.emit('ones_like', [t], [out], { differentiable: false });
    return out;
  }, 'torch.isreal, Tensor.isreal(Tensor input)'),
  ...(['add', 'sub'] as const).flatMap((name) => {
    const names = name === 'add' ? 'torch.add, Tensor.add' : 'torch.sub, torch.subtract, Tensor.sub, Tensor.subtract';
    const inplace = name === 'add' ? 'Tensor.add_' : 'Tensor.sub_, Tensor.subtract_';
    const run = (c: OpCall, a: Bound) => addSub(c, name, a.input, a.other, a.alpha, { out: a.out });
    return [
      op(
        run,
        `${names}(Tensor input, Tensor other, *, Scalar? alpha=None, Tensor? out=None)`,
        `${names}(Tensor input, Scalar other, *, Scalar? alpha=None, Tensor? out=None)`,
        `torch.${name}(Scalar input, Tensor other, *, Scalar? alpha=None, Tensor? out=None)`,
      ),
      op(
        (c, a) => addSub(c, name, a.input, a.other, a.alpha, { inplace: true }),
        `${inplace}(Tensor input, Tensor other, *, Scalar? alpha=None)`,
        `${inplace}(Tensor input, Scalar other, *, Scalar? alpha=None)`,
      ),
      op((c, a) => addSub(c, name, a.input, a.other, null), ...inplaceBoth(`Tensor.__${name}__`, 'other')),
      op(
        (c, a) => addSub(c, name, a.input, a.other, null, { inplace: true }),
        ...inplaceBoth(`Tensor.__i${name}__`, 'other'),
      ),
    ];
  }),
  op((c, a) => addSub(c, 'add', a.input, a.other, null), ...inplaceBoth('Tensor.__radd__', 'other')),
  op((c, a) => mul(c, a.input, a.other), ...inplaceBoth('Tensor.__rmul__', 'other')),
  op(
    (c, a) => addSub(c, 'rsub', a.input, a.other, a.alpha),
    'torch.rsub, Tensor.__rsub__(Tensor input, Tensor other, *, Scalar? alpha=None)',
    'torch.rsub, Tensor.__rsub__(Tensor input, Scalar other, *, Scalar? alpha=None)',
  ),
  op(
    (c, a) => mul(c, unary(c, 'reciprocal', unaryRules['reciprocal']!, a.input), a.other),
    ...inplaceBoth('Tensor.__rtruediv__, Tensor.__rdiv__', 'other'),
  ),
  op(
    (c, a) => binary(c, 'floor_divide', rules['floor_divide']!, a.other, a.input),
    ...inplaceBoth('Tensor.__rfloordiv__', 'other'),
  ),
  op(
    (c, a) => binary(c, 'remainder', rules['remainder']!, a.other, a.input),
    ...inplaceBoth('Tensor.__rmod__', 'other'),
  ),
  op((c, a) => pow(c, a.other, a.input), ...inplaceBoth('Tensor.__rpow__', 'other')),
  ...(['and', 'or', 'xor'] as const).map((n) =>
    op(
      (c, a) => binary(c, `bitwise_${n}`, rules[`bitwise_${n}`]!, a.input, a.other),
      ...inplaceBoth(`Tensor.__r${n}__`, 'other'),
    ),
  ),
  op(
    (c, a) => divMode(c, a.input, a.other, a.rounding_mode, { out: a.out }),
    ...['Tensor', 'Scalar'].map(
      (k) =>
        `torch.div, torch.divide, torch.true_divide, Tensor.div, Tensor.divide, Tensor.true_divide(Tensor input, ${k} other, *, str? rounding_mode=None, Tensor? out=None)`,
    ),
    'torch.div, torch.divide, torch.true_divide(Scalar input, Tensor other, *, str? rounding_mode=None, Tensor? out=None)',
  ),
  op(
    (c, a) => divMode(c, a.input, a.other, a.rounding_mode, { inplace: true }),
    ...['Tensor', 'Scalar'].map(
      (k) => `Tensor.div_, Tensor.divide_, Tensor.true_divide_(Tensor input, ${k} other, *, str? rounding_mode=None)`,
    ),
  ),
  op(
    (c, a) => pow(c, a.input, a.exponent, { out: a.out }),
    ...['Tensor', 'Scalar'].map((k) => `torch.pow, Tensor.pow(Tensor input, ${k} exponent, *, Tensor? out=None)`),
    'torch.pow(Scalar input, Tensor exponent, *, Tensor? out=None)',
  ),
  op((c, a) => pow(c, a.input, a.exponent), ...inplaceBoth('Tensor.__pow__', 'exponent')),
  op(
    (c, a) => pow(c, a.input, a.exponent, { inplace: true }),
    ...inplaceBoth('Tensor.pow_, Tensor.__ipow__', 'exponent'),
  ),
  op(
    (c, a) => {
      const wide =
        isComplex(a.input.dtype) || (isTensor(a.exponent) && isComplex(a.exponent.dtype))
          ? dtypes.complex128
          : dtypes.float64;
      return pow(c, to(c, a.input, wide, null), isTensor(a.exponent) ? to(c, a.exponent, wide, null) : a.exponent);
    },
    ...inplaceBoth('torch.float_power, Tensor.float_power', 'exponent'),
  ),
  ...['Scalar', 'Tensor'].flatMap((k) => [
    op(
      (c, a) => clamp(c, a.input, a.min, a.max, { out: a.out }),
      `torch.clamp, torch.clip, Tensor.clamp, Tensor.clip(Tensor input, ${k}? min=None, ${k}? max=None, *, Tensor? out=None)`,
    ),
    op(
      (c, a) => clamp(c, a.input, a.min, a.max, { inplace: true }),
      `torch.clamp_, Tensor.clamp_, Tensor.clip_(Tensor input, ${k}? min=None, ${k}? max=None)`,
    ),
    op(
      (c, a) => clampOne(c, a.input, 'clamp_min', a.min, { out: a.out }),
      `torch.clamp_min, Tensor.clamp_min(Tensor input, ${k} min, *, Tensor? out=None)`,
    ),
    op(
      (c, a) => clampOne(c, a.input, 'clamp_max', a.max, { out: a.out }),
      `torch.clamp_max, Tensor.clamp_max(Tensor input, ${k} max, *, Tensor? out=None)`,
    ),
    op(
      (c, a) => clampOne(c, a.input, 'clamp_min', a.min, { inplace: true }),
      `torch.clamp_min_, Tensor.clamp_min_(Tensor input, ${k} min)`,
    ),
    op(
      (c, a) => clampOne(c, a.input, 'clamp_max', a.max, { inplace: true }),
      `torch.clamp_max_, Tensor.clamp_max_(Tensor input, ${k} max)`,
    ),
  ]),
  op(
    (c, a) => where(c, a.condition, a.input, a.other, a.out),
    ...['Tensor input, Tensor other', 'Tensor input, Scalar other', 'Scalar input, Tensor other'].map(
      (s) => `torch.where(Tensor condition, ${s}, *, Tensor? out=None)`,
    ),
  ),
  op((c, a) => where(c, a.condition, a.input, a.other), 'torch.where(Tensor condition, Scalar input, Scalar other)'),
  op(
    (c, a) => where(c, a.condition, a.input, a.other),
    'Tensor.where(Tensor input, Tensor condition, Tensor other)',
    'Tensor.where(Tensor input, Tensor condition, Scalar other)',
  ),
  ...(['addcmul', 'addcdiv'] as const).flatMap((name) => {
    const run = (inplace: boolean) => (c: OpCall, a: Bound) => {
      if (name === 'addcdiv' && isIntegral(a.tensor1.dtype) && isIntegral(a.tensor2.dtype)) {
        raise(
          'RuntimeError',
          'Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 and tensor2.',
        );
      }
      const fn = (x: number, p: number, q: number) =>
        name === 'addcmul' ? x + a.value.value * p * q : x + (a.value.value * p) / q;
      return nary(c, name, [a.input, a.tensor1, a.tensor2], {
        fn: fn as (...xs: number[]) => number,
        saved: [a.tensor1, a.tensor2],
        ...(inplace ? { inplace: a.input } : {}),
        out: a.out,
      });
    };
    return [
      op(
        run(false),
        `torch.${name}, Tensor.${name}(Tensor input, Tensor tensor1, Tensor tensor2, *, Scalar value=1, Tensor? out=None)`,
      ),
      op(run(true), `Tensor.${name}_(Tensor input, Tensor tensor1, Tensor tensor2, *, Scalar value=1)`),
    ];
  }),
  ...[false, true].map((inplace) =>
    op(
      (c, a) => {
        if (
          isTensor(a.weight)
            ? a.weight.dtype !== a.input.dtype || a.input.dtype !== a.end.dtype
            : a.input.dtype !== a.end.dtype
        )
          raise(
            'RuntimeError',
            `expected dtype ${scalarTypeName(a.input.dtype)} for \`end\` but got dtype ${scalarTypeName(a.end.dtype)}`,
          );
        if (isIntegral(a.input.dtype))
          raise('RuntimeError', `"lerp_kernel" not implemented for '${scalarTypeName(a.input.dtype)}'`);
        return nary(c, 'lerp', [a.input, a.end, a.weight], {
          dtype: a.input.dtype,
          fn: ((x: number, y: number, w: number) => x + w * (y - x)) as (...xs: number[]) => number,
          saved: isTensor(a.weight) ? [a.input, a.end, a.weight] : [],
          ...(inplace ? { inplace: a.input } : {}),
        });
      },
      ...['Scalar', 'Tensor'].map((k) =>
        inplace
          ? `Tensor.lerp_(Tensor input, Tensor end, ${k} weight)`
          : `torch.lerp, Tensor.lerp(Tensor input, Tensor end, ${k} weight)`,
      ),
    ),
  ),
  op((c, a) => {
    if (c.since(2, 10))
      return binary(c, 'ldexp', { rule: 'float', saves: 'both', fn: (x, y) => x * 2 ** y }, a.input, a.other);
    return mul(c, a.input, pow(c, scalar(2, 'float'), a.other));
  }, 'torch.ldexp, Tensor.ldexp(Tensor input, Tensor other)'),
  ...[false, true].map((inplace) =>
    op(
      (c, a) => unary(c, 'logit', { rule: 'float', saves: 'in', complex: false }, a.input, { inplace }),
      inplace
        ? 'Tensor.logit_(Tensor input, float? eps=None)'
        : 'torch.logit, torch.special.logit, Tensor.logit(Tensor input, float? eps=None)',
    ),
  ),
  ...[false, true].map((inplace) =>
    op(
      (c, a) => unary(c, 'nan_to_num', { rule: 'same', saves: 'in' }, a.input, { inplace }),
      `${inplace ? 'torch.nan_to_num_, Tensor.nan_to_num_' : 'torch.nan_to_num, Tensor.nan_to_num'}(Tensor input, float? nan=None, float? posinf=None, float? neginf=None)`,
    ),
  ),
  op((c, a) => {
    const t: TensorValue = a.input;
    const dtype = isIntegral(t.dtype) ? c.state.defaultDtype : toRealDType(t.dtype);
    const out = c.like(t, dtype);
    c.emit('angle', [t], [out], { saved: [t] });
    return out;
  }, 'torch.angle, Tensor.angle(Tensor input)'),
  op(
    (c, a) => {
      if (!isFloating(a.input.dtype))
        raise(
          'RuntimeError',
          `Expected both inputs to be Half, Float or Double tensors but got ${scalarTypeName(a.input.dtype)} and ${scalarTypeName(a.other.dtype)}`,
        );
      if (a.input.dtype !== a.other.dtype)
        raise(
          'RuntimeError',
          `Expected object of scalar type ${scalarTypeName(a.input.dtype)} but got scalar type ${scalarTypeName(a.other.dtype)} for second argument`,
        );
      return nary(c, c.name.endsWith('polar') ? 'polar' : 'complex', [a.input, a.other], {
        dtype: toComplexDType(a.input.dtype),
        saved: c.name.endsWith('polar') ? [a.input, a.other] : [],
      });
    },
    'torch.complex(Tensor real, Tensor imag)'.replace('real', 'input').replace('imag', 'other'),
    'torch.polar(Tensor input, Tensor other)',
  ),
  op(
    (c, a) =>
      nary(c, 'polygamma', [a.input], {
        dtype: isIntegral(a.input.dtype) ? c.state.defaultDtype : a.input.dtype,
        saved: [a.input],
      }),
    'torch.polygamma, torch.special.polygamma(int n, Tensor input)',
    'Tensor.polygamma(Tensor input, int n)',
  ),
  op(
    (c, a) =>
      nary(c, 'mvlgamma', [a.input], {
        saved: [a.input],
        dtype: isIntegral(a.input.dtype) ? c.state.defaultDtype : a.input.dtype,
      }),
    'torch.mvlgamma, torch.special.multigammaln, Tensor.mvlgamma(Tensor input, int p)',
  ),
  op((c, a) => clone(c, a.input), 'torch._cast_Float(Tensor input)'),
];
