/** The machinery of element-wise operators: broadcasting, promotion, layouts, known values, in-place and `out=`. */
import { raise } from '../../python/errors.js';
import type { Value } from '../../python/values.js';
import { type DType, dtypes } from '../dtype.js';
import type { EmitOptions, OpCall } from '../opcall.js';
import { type OperatorDeclaration, op } from '../operator.js';
import {
  carriesValues,
  castValue,
  castValues,
  isComplex,
  isFloating,
  isIntegral,
  scalarTypeName,
  shapeText,
  toRealDType,
} from '../promote.js';
import type { ScalarArg } from '../schema.js';
import { broadcastShapes, sameShape } from '../strides.js';
import { maxKnownElements, numelOf, TensorValue } from '../tensor.js';
import { expandValues } from './known.js';

export type Operand = TensorValue | ScalarArg;
export const isTensor = (o: Operand | null | undefined): o is TensorValue => o instanceof TensorValue;

/**
 * How the result's dtype follows: 'same'; 'float' (integers become the default dtype); 'bool'; 'real' (complex gives
 * its real type); 'nobool' / 'nocomplex' / 'floatonly' / 'intonly' raise for the others.
 */
export type DTypeRule = 'same' | 'float' | 'bool' | 'real' | 'nobool' | 'floatonly' | 'intonly';

export interface UnaryRule {
  readonly rule: DTypeRule;
  /** What backward needs: the input, the result, or nothing. */
  readonly saves?: 'in' | 'out' | 'none';
  readonly fn?: (x: number) => number;
  readonly complex?: boolean;
  readonly differentiable?: boolean;
}

export function resultFor(c: OpCall, rule: DTypeRule, d: DType, name: string, complexOk = true): DType {
  if (!complexOk && isComplex(d)) raise('RuntimeError', `${name} does not support complex inputs.`);
  switch (rule) {
    case 'float':
      return isIntegral(d) ? c.state.defaultDtype : d;
    case 'bool':
      return dtypes.bool;
    case 'real':
      return toRealDType(d);
    case 'nobool':
      if (d === dtypes.bool) raise('RuntimeError', `"${name}" is not supported for bool tensors`);
      return d;
    case 'floatonly':
      if (isIntegral(d)) raise('RuntimeError', `"${name}" not implemented for '${scalarTypeName(d)}'`);
      return d;
    case 'intonly':
      if (!isIntegral(d)) raise('RuntimeError', `"${name}" not implemented for '${scalarTypeName(d)}'`);
      return d;
    default:
      return d;
  }
}

export function checkCast(from: DType, to: DType): void {
  const rank = (d: DType): number => (d.kind === 'bool' ? 0 : d.kind === 'int' ? 1 : d.kind === 'float' ? 2 : 3);
  if (rank(from) > rank(to)) {
    raise(
      'RuntimeError',
      `result type ${scalarTypeName(from)} can't be cast to the desired output type ${scalarTypeName(to)}`,
    );
  }
}

export function unary(
  c: OpCall,
  name: string,
  r: UnaryRule,
  t: TensorValue,
  o: { inplace?: boolean; out?: TensorValue | null; values?: number[] | null; extra?: readonly TensorValue[] } = {},
): TensorValue {
  const dtype = resultFor(c, r.rule, t.dtype, name, r.complex ?? true);
  let values = o.values ?? null;
  if (values === null && r.fn !== undefined && !isComplex(t.dtype)) {
    const known = t.values;
    if (known !== null) values = known.map((x) => castValue(r.fn!(x), dtype));
  }
  const diff = r.differentiable ?? r.rule !== 'bool';
  if (o.inplace) {
    if (name === 'abs' && isComplex(t.dtype))
      raise('RuntimeError', 'In-place abs is not supported for complex tensors.');
    checkCast(dtype, t.dtype);
    return c.inplace(`${name}_`, t, o.extra ?? [], values, {
      differentiable: diff,
      saved: r.saves === 'in' || r.saves === 'out' ? [t] : [],
    });
  }
  const out = c.like(t, dtype, carriesValues(dtype) ? values : null);
  const saved = r.saves === 'in' ? [t] : r.saves === 'out' ? [out] : [];
  c.emit(name, [t, ...(o.extra ?? []), o.out], [out], { differentiable: diff, saved });
  return c.intoOut(out, o.out);
}

export interface BinaryRule {
  /** 'promote' | 'float' (true division) | 'bool' (comparison) | 'int' (bitwise). */
  readonly rule: 'promote' | 'float' | 'bool' | 'bitwise' | 'floatonly';
  readonly fn?: (a: number, b: number, dtype: DType) => number;
  /** Operands that backward needs for the gradient of the other one. */
  readonly saves?: 'other' | 'both' | 'none';
  readonly differentiable?: boolean;
  readonly complex?: boolean;
  readonly nobool?: boolean;
}

export function binary(
  c: OpCall,
  name: string,
  r: BinaryRule,
  a: Operand,
  b: Operand,
  o: { inplace?: boolean; out?: TensorValue | null; dtype?: DType; emit?: EmitOptions } = {},
): TensorValue {
  const tensors = [a, b].filter(isTensor);
  const common = c.resultType(a, b);
  if (r.complex === false && isComplex(common)) raise('RuntimeError', `${name} is not supported for complex tensors`);
  if (r.rule === 'bitwise' && !isIntegral(common))
    raise('RuntimeError', `"${name}_cpu" not implemented for '${scalarTypeName(common)}'`);
  if (r.rule === 'floatonly' && isIntegral(common))
    raise('RuntimeError', `"${name}" not implemented for '${scalarTypeName(common)}'`);
  if (name === 'heaviside' && tensors.length === 2 && tensors[0]!.dtype !== tensors[1]!.dtype) {
    raise('RuntimeError', 'heaviside is not yet implemented for tensors with different dtypes.');
  }
  if (r.nobool && common === dtypes.bool) raise('RuntimeError', `"${name}" not implemented for 'Bool'`);
  const dtype =
    o.dtype ??
    (r.rule === 'bool' ? dtypes.bool : r.rule === 'float' && isIntegral(common) ? c.state.defaultDtype : common);
  const shape = tensors.length === 1 ? tensors[0]!.shape : broadcastShapes(...tensors.map((t) => t.shape));
  const values = r.fn === undefined ? null : binaryValues(r.fn, a, b, shape, r.rule === 'bool' ? common : dtype, dtype);
  const saved =
    r.saves === 'both'
      ? tensors
      : r.saves === 'other' && tensors.length === 2
        ? tensors.filter((_, i) => c.needsGrad(tensors[1 - i]!))
        : [];
  const options: EmitOptions = {
    differentiable: r.differentiable ?? (o.inplace === true || (r.rule !== 'bool' && r.rule !== 'bitwise')),
    saved,
    ...o.emit,
  };
  if (o.inplace) {
    const self = a as TensorValue;
    if (!sameShape(shape, self.shape)) {
      raise(
        'RuntimeError',
        `output with shape ${shapeText(self.shape)} doesn't match the broadcast shape ${shapeText(shape)}`,
      );
    }
    checkCast(dtype, self.dtype);
    c.commonDevice(tensors);
    return c.inplace(`${name}_`, self, tensors.slice(1), values, options);
  }
  const out = c.elementwiseResult(shape, dtype, tensors, values);
  c.emit(name, [...tensors, o.out], [out], options);
  return c.intoOut(out, o.out);
}

/** Both operands are read as the common dtype before `fn`, as TensorIterator casts them. */
function binaryValues(
  fn: (a: number, b: number, dtype: DType) => number,
  a: Operand,
  b: Operand,
  shape: readonly number[],
  common: DType,
  dtype: DType,
): number[] | null {
  const total = numelOf(shape);
  if (!(total <= maxKnownElements) || !carriesValues(common) || !carriesValues(dtype)) return null;
  const x = operandValues(a, shape);
  if (x === null) return null;
  const y = operandValues(b, shape);
  if (y === null) return null;
  const out = new Array<number>(total);
  // numbers stay in double precision (opmath): only tensors are rounded to the common type
  for (let i = 0; i < total; i++) {
    const p = typeof x === 'number' ? x : castValue(x[i]!, common);
    const q = typeof y === 'number' ? y : castValue(y[i]!, common);
    out[i] = castValue(fn(p, q, common), dtype);
  }
  return out;
}

function operandValues(o: Operand, shape: readonly number[]): readonly number[] | number | null {
  if (isTensor(o)) return expandValues(o, shape);
  return Number.isNaN(o.value) && o.kind !== 'float' ? null : Number.isNaN(o.value) ? null : o.value;
}

/** An element-wise operator over three or more operands. */
export function nary(
  c: OpCall,
  name: string,
  operands: readonly Operand[],
  o: {
    dtype?: DType;
    fn?: (...xs: number[]) => number;
    saved?: readonly TensorValue[];
    inplace?: TensorValue;
    out?: TensorValue | null;
    differentiable?: boolean;
    elementwise?: number;
  } = {},
): TensorValue {
  const tensors = operands.filter(isTensor);
  const dtype = o.dtype ?? c.resultType(...operands);
  const shape = broadcastShapes(...tensors.map((t) => t.shape));
  let values: number[] | null = null;
  if (o.fn !== undefined && carriesValues(dtype)) {
    const columns = operands.map((x) => operandValues(x, shape));
    if (columns.every((x) => x !== null)) {
      const total = numelOf(shape);
      if (total <= maxKnownElements) {
        values = Array.from({ length: total }, (_, i) =>
          castValue(o.fn!(...columns.map((x) => (typeof x === 'number' ? x : x![i]!))), dtype),
        );
      }
    }
  }
  const options: EmitOptions = {
    saved: o.saved ?? [],
    ...(o.differentiable === undefined ? {} : { differentiable: o.differentiable }),
    ...(o.elementwise === undefined ? {} : { elementwise: o.elementwise }),
  };
  if (o.inplace) {
    if (!sameShape(shape, o.inplace.shape))
      raise(
        'RuntimeError',
        `output with shape ${shapeText(o.inplace.shape)} doesn't match the broadcast shape ${shapeText(shape)}`,
      );
    checkCast(dtype, o.inplace.dtype);
    return c.inplace(
      `${name}_`,
      o.inplace,
      tensors.filter((t) => t !== o.inplace),
      values,
      options,
    );
  }
  const out = c.elementwiseResult(shape, dtype, tensors, values);
  c.emit(name, [...tensors, o.out], [out], options);
  return c.intoOut(out, o.out);
}

export const scalar = (
  value: number,
  kind: ScalarArg['kind'] = Number.isInteger(value) ? 'int' : 'float',
): ScalarArg => ({ value, kind });
export const floatScalar = (value: number): ScalarArg => ({ value, kind: 'float' });

/** Declares a unary operator under its names: function, method, in-place method, `out=`. */
export function unaryFamily(
  kernel: string,
  rule: UnaryRule,
  names: string,
  run?: (c: OpCall, t: TensorValue, o: { inplace?: boolean; out?: TensorValue | null }) => Value,
): OperatorDeclaration[] {
  const all = names.split(' ');
  const call =
    run ??
    ((c: OpCall, t: TensorValue, o: { inplace?: boolean; out?: TensorValue | null }) => unary(c, kernel, rule, t, o));
  const special = all.filter((n) => n.startsWith('special.'));
  const plain = all.filter((n) => !n.startsWith('special.'));
  const free = [
    ...plain.map((n) => `torch.${n}`),
    ...plain.map((n) => `Tensor.${n}`),
    ...special.map((n) => `torch.${n}`),
  ];
  const declared = [
    op((c, a) => call(c, a.input, { out: a.out }), `${free.join(', ')}(Tensor input, *, Tensor? out=None)`),
  ];
  if (plain.length > 0) {
    const inplace = [...plain.map((n) => `Tensor.${n}_`), ...plain.map((n) => `torch.${n}_`)];
    declared.push(op((c, a) => call(c, a.input, { inplace: true }), `${inplace.join(', ')}(Tensor input)`));
  }
  return declared;
}

/** Declares a binary operator under its names, tensors or numbers on the right. */
export function binaryFamily(kernel: string, rule: BinaryRule, names: string, dunders = ''): OperatorDeclaration[] {
  const plain = names.split(' ').filter((n) => n !== '');
  const free = plain.flatMap((n) => (n.startsWith('special.') ? [`torch.${n}`] : [`torch.${n}`, `Tensor.${n}`]));
  const methods = plain.filter((n) => !n.startsWith('special.')).map((n) => `Tensor.${n}_`);
  const [dunder, , idunder] = dunders === '' ? [] : [`Tensor.__${dunders}__`, '', `Tensor.__i${dunders}__`];
  const names1 = [...free, ...(dunder ? [dunder] : [])].join(', ');
  const names2 = [...methods, ...(idunder && !/^(eq|ne|lt|le|gt|ge)$/.test(dunders) ? [idunder] : [])].join(', ');
  const out = [
    op(
      (c, a) => binary(c, kernel, rule, a.input, a.other, { out: a.out }),
      `${names1}(Tensor input, Tensor other, *, Tensor? out=None)`,
      `${names1}(Tensor input, Scalar other, *, Tensor? out=None)`,
      ...(plain.length > 0
        ? [`${plain.map((n) => `torch.${n}`).join(', ')}(Scalar input, Tensor other, *, Tensor? out=None)`]
        : []),
    ),
  ];
  if (names2 !== '') {
    out.push(
      op(
        (c, a) => binary(c, kernel, rule, a.input, a.other, { inplace: true }),
        `${names2}(Tensor input, Tensor other)`,
        `${names2}(Tensor input, Scalar other)`,
      ),
    );
  }
  return out;
}

export const wrapValues = (values: readonly number[] | null, d: DType): number[] | null => castValues(values, d);
export const floatingOr = (d: DType, otherwise: DType): DType => (isFloating(d) || isComplex(d) ? d : otherwise);
