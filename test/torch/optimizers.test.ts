/** Passes and states of optimisers against what PyTorch was seen to do (record_optimizers.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dtypes } from '../../server/src/torch/dtype.js';
import { optimizerKernels } from '../../server/src/torch/optimizerStep.js';
import { makeTensor, type TensorValue } from '../../server/src/torch/tensor.js';

interface Row {
  readonly optimizer: string;
  readonly kind: string;
  readonly options: readonly string[];
  readonly mode: 'single' | 'foreach' | 'fused';
  readonly passes: readonly (readonly [number, number])[];
  readonly state_bytes: number;
}

const recording = JSON.parse(readFileSync(join(import.meta.dirname, 'data/optimizers.json'), 'utf8')) as {
  readonly shape: number[];
  readonly rows: readonly Row[];
};

function parameter(...shape: number[]): TensorValue {
  const p = makeTensor(shape, dtypes.float32, 'cuda');
  p.requiresGrad = true;
  return p;
}

const bytes = (kernels: readonly { bytesRead: number; bytesWritten: number }[]): number =>
  kernels.reduce((n, k) => n + k.bytesRead + k.bytesWritten, 0);
const states = (kernels: ReturnType<typeof optimizerKernels>): number =>
  kernels!.reduce((n, k) => n + (k.step?.kind === 'optimizer' ? k.step.stateBytes : 0), 0);

describe('optimisers', () => {
  it.each(recording.rows.map((r) => [`${r.optimizer} ${r.options.join(' ')} ${r.mode}`, r] as const))(
    'passes of %s as recorded',
    (_name, row) => {
      const p = parameter(...recording.shape);
      const kernels = optimizerKernels(row.kind, [p], row.mode, new Set(row.options))!;
      expect(states(kernels)).toBe(row.state_bytes);
      if (row.mode === 'fused') {
        // the schema also marks gradients as written, which the kernel only does for a loss scaler
        expect(kernels).toHaveLength(1);
        expect(kernels[0]!.bytesRead / p.nbytes).toBe(row.passes[0]![0]);
        return;
      }
      expect(kernels.map((k) => [k.bytesRead / p.nbytes, k.bytesWritten / p.nbytes])).toEqual(row.passes);
    },
  );

  it('launches one grouped kernel per pass, split as the multi-tensor kernels are', () => {
    const few = optimizerKernels('sgd', [parameter(8), parameter(4, 4)], 'foreach', new Set())!;
    expect(few.map((k) => k.step)).toMatchObject([{ launches: 1 }]);
    const many = optimizerKernels(
      'sgd',
      Array.from({ length: 97 }, () => parameter(8)),
      'foreach',
      new Set(),
    )!;
    // 48 tensors a launch when a kernel goes over three lists
    expect(many.map((k) => k.step)).toMatchObject([{ launches: 3 }]);
    const large = optimizerKernels('sgd', [parameter(65536, 640)], 'fused', new Set())!;
    expect(large.map((k) => k.step)).toMatchObject([{ launches: 2 }]);
  });

  it('launches every pass for every parameter when it goes one by one', () => {
    const params = [parameter(8), parameter(4, 4), parameter(2)];
    const single = optimizerKernels('adam', params, 'single', new Set())!;
    const foreach = optimizerKernels('adam', params, 'foreach', new Set())!;
    expect(single).toHaveLength(3 * foreach.length);
    expect(bytes(single)).toBe(bytes(foreach));
    expect(bytes(optimizerKernels('adam', params, 'fused', new Set())!)).toBeLessThan(bytes(foreach) / 2);
  });

  it('keeps 8-bit states in blocks with a scale each, small tensors in full', () => {
    const n = 4096 * 16;
    expect(states(optimizerKernels('adam8bit', [parameter(n)], 'fused', new Set()))).toBe(2 * (n + (4 * n) / 256));
    expect(states(optimizerKernels('adam8bit', [parameter(100)], 'fused', new Set()))).toBe(2 * 400);
  });

  it('counts the products of factored moments', () => {
    const kernels = optimizerKernels('adafactor', [parameter(20, 25), parameter(7)], 'foreach', new Set())!;
    expect(kernels.reduce((n, k) => n + k.flops, 0)).toBe(2 * 20 * 25);
  });

  it('does not know others', () => {
    expect(optimizerKernels('sophia', [parameter(8)], 'foreach', new Set())).toBeNull();
  });
});
