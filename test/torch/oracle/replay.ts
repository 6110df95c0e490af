/** Runs recorded calls through the catalogue and compares with PyTorch's answers. */
import { Aborted, PyRaise } from '../../../server/src/python/errors.js';
import {
  Ellipsis,
  type Keywords,
  NotImplemented,
  PyFloat,
  PyList,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from '../../../server/src/python/values.js';
import { torchConstants } from '../../../server/src/torch/constants.js';
import { DType, dtypes } from '../../../server/src/torch/dtype.js';
import { lookupOperator, tensorGetItem, tensorSetItem } from '../../../server/src/torch/registry.js';
import { contiguousStrides, numelOf, Storage, TensorValue } from '../../../server/src/torch/tensor.js';
import { Host } from './host.js';

export interface Case {
  op: string;
  a: unknown[];
  k?: Record<string, unknown>;
  g?: 1;
}
export interface Answer {
  o?: any;
  n?: string[];
  b?: number;
  F?: number;
  B?: number;
  x?: string;
  m?: string;
}

function tensorOf(spec: any): TensorValue {
  const dtype = dtypes[spec.d as keyof typeof dtypes];
  const shape: number[] = spec.t;
  const perm: number[] | undefined = spec.p;
  const base = perm ? shape.map((_, i) => shape[perm.indexOf(i)]!) : shape;
  const own = contiguousStrides(base);
  const storage = new Storage(numelOf(shape) * dtype.itemsize);
  const values = spec.v
    ? (spec.v as (number | boolean)[]).map((x) => (dtype.name === 'float32' ? Math.fround(Number(x)) : Number(x)))
    : null;
  const root = new TensorValue(base, own, dtype, 'cpu', storage, 0, values);
  if (!perm) {
    root.requiresGrad = spec.g === 1;
    return root;
  }
  const t = new TensorValue(
    shape,
    perm.map((p) => own[p]!),
    dtype,
    'cpu',
    storage,
    0,
    null,
  );
  t.base = root;
  t.requiresGrad = spec.g === 1;
  return t;
}

export function pythonValue(spec: any): Value {
  if (spec === null || typeof spec !== 'object') return spec;
  if ('f' in spec) return new PyFloat(spec.f);
  if ('t' in spec) return tensorOf(spec);
  if ('l' in spec) return new PyList(spec.l.map(pythonValue));
  if ('u' in spec) return new PyTuple(spec.u.map(pythonValue));
  if ('dt' in spec) return dtypes[spec.dt as keyof typeof dtypes];
  if ('mf' in spec) return torchConstants.get(`torch.${spec.mf}`)!;
  if ('s' in spec) return new PySlice(pythonValue(spec.s[0]), pythonValue(spec.s[1]), pythonValue(spec.s[2]));
  return Ellipsis;
}

export interface Comparison {
  /** null when everything agrees. */
  mismatch: string | null;
  /** Kernel names and bytes differ: reported apart, composites depend on the version. */
  kernels: string | null;
}

let libraryLayout = false;

export function compare(item: Case, expected: Answer, version: readonly [number, number]): Comparison {
  // MKL and LAPACK choose the layout of their results
  libraryLayout = /\.fft\.|linalg|stft/.test(item.op);
  const fn = lookupOperator(item.op);
  if (fn === undefined) return { mismatch: 'not declared', kernels: null };
  const host = new Host(version);
  host.torch.gradEnabled = item.g === 1;
  const args = item.a.map(pythonValue);
  const kwargs: Keywords = item.k ? new Map(Object.entries(item.k).map(([k, v]) => [k, pythonValue(v)])) : null;
  let out: Value;
  try {
    if (item.op === 'Tensor.__getitem__') out = tensorGetItem(host, args[0] as TensorValue, args[1]!);
    else if (item.op === 'Tensor.__setitem__') {
      tensorSetItem(host, args[0] as TensorValue, args[1]!, args[2]!);
      out = args[0]!;
    } else out = fn.call(host, args, kwargs);
    if (out === NotImplemented) throw new PyRaise('TypeError', 'unsupported operand type(s)');
  } catch (e) {
    if (e instanceof PyRaise) {
      if (expected.x === undefined) return { mismatch: `raises ${e.typeName}: ${e.message}`, kernels: null };
      return { mismatch: null, kernels: null };
    }
    if (e instanceof Aborted) throw e;
    return { mismatch: `host error ${(e as Error).stack?.split('\n').slice(0, 3).join(' ')}`, kernels: null };
  }
  if (expected.x !== undefined) return { mismatch: `does not raise ${expected.x}: ${expected.m}`, kernels: null };
  if (host.gaps.length > 0) return { mismatch: null, kernels: null };
  const wrong = difference(out, expected.o, '');
  if (wrong !== null) return { mismatch: wrong, kernels: null };
  const flops = host.kernels.reduce((s, k) => s + k.flops, 0);
  if (flops !== expected.F) return { mismatch: `flops ${flops}, PyTorch ${expected.F}`, kernels: null };
  if (expected.B !== undefined) {
    const back = host.kernels.reduce((s, k) => s + (k.backward?.flops ?? 0), 0);
    if (back !== expected.B && !Number.isNaN(back))
      return { mismatch: `backward flops ${back}, PyTorch ${expected.B}`, kernels: null };
  }
  const work = host.kernels.filter((k) => !k.isView);
  const bytes = work.reduce((s, k) => s + k.bytesRead + k.bytesWritten, 0);
  const names = work.map((k) => k.name);
  const close = Math.abs(bytes - expected.b!) <= 0.05 * Math.max(1, expected.b!) || Number.isNaN(bytes);
  if (close && names.length === expected.n!.length) return { mismatch: null, kernels: null };
  return { mismatch: null, kernels: `[${names}] ${bytes} B, PyTorch [${expected.n}] ${expected.b} B` };
}

function difference(got: Value, want: any, at: string): string | null {
  if (got instanceof Unknown) return null;
  if (want !== null && typeof want === 'object') {
    if ('?' in want) return null;
    if ('t' in want) {
      if (!(got instanceof TensorValue)) return `${at} is not a tensor`;
      const shape: number[] = want.t;
      const sameShape =
        got.shape.length === shape.length && shape.every((d, i) => d === got.shape[i] || Number.isNaN(got.shape[i]!));
      if (!sameShape) return `${at} shape [${got.shape}], PyTorch [${shape}]`;
      if (got.dtype.name !== want.d) return `${at} dtype ${got.dtype.name}, PyTorch ${want.d}`;
      if ((want.g === 1) !== got.requiresGrad)
        return `${at} requires_grad ${got.requiresGrad}, PyTorch ${want.g === 1}`;
      const strides: number[] = want.s;
      const relevant = shape.map((d, i) => d > 1 && !shape.includes(0) && strides[i] !== got.strides[i]);
      if (relevant.some((x) => x) && !got.shape.some(Number.isNaN) && !libraryLayout)
        return `${at} strides [${got.strides}], PyTorch [${strides}] for shape [${shape}]`;
      if (want.v && got.values !== null) {
        for (let i = 0; i < want.v.length; i++) {
          const w = want.v[i];
          const v = got.values[i]!;
          const eps = want.d === 'bfloat16' || want.d === 'float16' ? 1e-2 : 1e-5;
          if (w === null ? Number.isFinite(v) : !(Math.abs(v - w) <= eps * (1 + Math.abs(w))))
            return `${at} value[${i}] ${v}, PyTorch ${w}`;
        }
      }
      return null;
    }
    if ('u' in want) {
      if (!(got instanceof PyTuple || got instanceof PyList)) return `${at} is not a sequence`;
      if (got.items.length !== want.u.length) return `${at} has ${got.items.length} items, PyTorch ${want.u.length}`;
      for (let i = 0; i < want.u.length; i++) {
        const d = difference(got.items[i]!, want.u[i], `${at}[${i}]`);
        if (d !== null) return d;
      }
      return null;
    }
    if ('f' in want) {
      const w = want.f;
      if (!(got instanceof PyFloat)) return `${at} is not a float`;
      return w === null || Math.abs(got.value - w) <= 1e-5 * (1 + Math.abs(w))
        ? null
        : `${at} ${got.value}, PyTorch ${w}`;
    }
    if ('dt' in want) return got instanceof DType && got.name === want.dt ? null : `${at} dtype`;
  }
  return got === want ? null : `${at} ${String(got)}, PyTorch ${JSON.stringify(want)}`;
}
