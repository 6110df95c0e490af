/** The catalogue seen from its door: look-up, binding, values, views, gaps, autocast, autograd. */
import { describe, expect, it } from 'vitest';
import { PyRaise } from '../../server/src/python/errors.js';
import {
  NotImplemented,
  PyFloat,
  type PyList,
  PySlice,
  PyTuple,
  Unknown,
  type Value,
} from '../../server/src/python/values.js';
import { dtypes } from '../../server/src/torch/dtype.js';
import { families } from '../../server/src/torch/families.js';
import {
  callOperator,
  lookupOperator,
  operatorNames,
  tensorGetAttribute,
  tensorGetItem,
  tensorSetItem,
  tensorToList,
} from '../../server/src/torch/registry.js';
import { parseSchema } from '../../server/src/torch/schema.js';
import { makeTensor, type TensorValue } from '../../server/src/torch/tensor.js';
import { Host } from './oracle/host.js';

const call = (h: Host, name: string, ...args: Value[]): TensorValue => callOperator(h, name, args) as TensorValue;
const raises = (run: () => unknown): PyRaise => {
  try {
    run();
  } catch (e) {
    if (e instanceof PyRaise) return e;
    throw e;
  }
  throw new Error('did not raise');
};

describe('declarations', () => {
  it('parse, and cover at least 450 functions and methods', () => {
    for (const family of families)
      for (const d of family)
        for (const s of d.schemas) expect(parseSchema(s).parameters.length).toBeGreaterThanOrEqual(0);
    expect([...operatorNames()].length).toBeGreaterThan(1000);
  });
});

describe('known values', () => {
  it('drop rates from linspace', () => {
    const h = new Host();
    const t = call(h, 'torch.linspace', 0, new PyFloat(0.1), 3);
    const list = tensorToList(h, t) as PyList;
    expect(list.items.map((x) => (x as PyFloat).value)).toEqual([0, Math.fround(0.05), Math.fround(0.1)]);
  });
  it('writes through views reach the base', () => {
    const h = new Host();
    const t = call(h, 'torch.zeros', 2, 3);
    const column = tensorGetItem(h, t, new PyTuple([new PySlice(null, null, null), 1])) as TensorValue;
    call(h, 'Tensor.fill_', column, 7);
    expect(t.values).toEqual([0, 7, 0, 0, 7, 0]);
    tensorSetItem(h, t, 0, 5);
    expect(column.values).toEqual([5, 7]);
  });
  it('relative position tables keep their values', () => {
    const h = new Host();
    const a = call(h, 'torch.arange', 3);
    const r = call(
      h,
      'Tensor.__sub__',
      tensorGetItem(h, a, new PyTuple([new PySlice(null, null, null), null])) as TensorValue,
      tensorGetItem(h, a, new PyTuple([null, new PySlice(null, null, null)])) as TensorValue,
    );
    expect(r.values).toEqual([0, -1, -2, 1, 0, -1, 2, 1, 0]);
  });
});

describe('unknowns', () => {
  it('an unknown argument that matters is a gap, an unknown extent is NaN', () => {
    const h = new Host();
    const x = makeTensor([2, 3], dtypes.float32);
    expect(call(h, 'torch.transpose', x, new Unknown('?', null, 'int'), 0)).toBeInstanceOf(Unknown);
    expect(h.gaps).toHaveLength(1);
    const z = call(h, 'torch.zeros', new Unknown('?', null, 'int'), 3);
    expect(z.shape).toEqual([Number.NaN, 3]);
    const y = call(h, 'torch.nn.functional.linear', z, makeTensor([4, 3], dtypes.float32));
    expect(y.shape).toEqual([Number.NaN, 4]);
    expect(h.kernels.at(-1)!.flops).toBeNaN();
  });
  it('operators answer NotImplemented for operands that PyTorch does not take', () => {
    expect(call(new Host(), 'Tensor.__add__', makeTensor([1], dtypes.float32), 'x')).toBe(NotImplemented);
  });
});

describe('errors', () => {
  it('name both shapes', () => {
    const h = new Host();
    const e = raises(() =>
      call(h, 'torch.matmul', makeTensor([2, 3], dtypes.float32), makeTensor([4, 5], dtypes.float32)),
    );
    expect([e.typeName, e.message]).toEqual([
      'RuntimeError',
      'mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)',
    ]);
    const v = raises(() => call(h, 'Tensor.view', call(h, 'Tensor.t', makeTensor([2, 3], dtypes.float32)), 6));
    expect(v.message).toContain('view size is not compatible');
  });
});

describe('autograd and autocast', () => {
  it('backward counts only the gradients that are needed', () => {
    const h = new Host();
    const x = makeTensor([4, 8], dtypes.float32);
    const w = makeTensor([16, 8], dtypes.float32);
    w.requiresGrad = true;
    const y = call(h, 'torch.nn.functional.linear', x, w);
    expect(y.requiresGrad).toBe(true);
    expect(h.kernels.reduce((s, k) => s + (k.backward?.flops ?? 0), 0)).toBe(2 * 4 * 8 * 16);
  });
  it('matmul runs in the autocast dtype, weights are cast once', () => {
    const h = new Host();
    h.torch.autocast.set('cuda', dtypes.bfloat16);
    const x = makeTensor([4, 8], dtypes.float32, 'cuda');
    const w = makeTensor([16, 8], dtypes.float32, 'cuda');
    w.requiresGrad = true;
    const y = call(h, 'torch.nn.functional.linear', x, w);
    call(h, 'torch.nn.functional.linear', x, w);
    expect(y.dtype).toBe(dtypes.bfloat16);
    expect(h.kernels.filter((k) => k.name === '_to_copy')).toHaveLength(3);
    expect(call(h, 'torch.softmax', y, -1).dtype).toBe(dtypes.float32);
  });
  it('sdpa is one fused kernel since 2.0 and two products before', () => {
    for (const [version, names] of [
      [[2, 13], 1],
      [[1, 13], 2],
    ] as const) {
      const h = new Host(version);
      const q = makeTensor([2, 8, 16, 64], dtypes.float32);
      call(h, 'torch.nn.functional.scaled_dot_product_attention', q, q, q);
      expect(h.kernels.filter((k) => k.flops > 0)).toHaveLength(names);
      expect(h.kernels.reduce((s, k) => s + k.flops, 0)).toBe(4 * 2 * 8 * 16 * 16 * 64);
    }
  });
});

describe('attributes', () => {
  it('shape, T, unknown names', () => {
    const h = new Host();
    const x = makeTensor([2, 3], dtypes.float32);
    expect((tensorGetAttribute(h, x, 'shape') as PyTuple).items).toEqual([2, 3]);
    expect((tensorGetAttribute(h, x, 'T') as TensorValue).shape).toEqual([3, 2]);
    expect(tensorGetAttribute(h, x, 'nothing')).toBeUndefined();
    expect(lookupOperator('Tensor.nothing')).toBeUndefined();
  });
});
