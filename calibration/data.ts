/** Reads the measured rows. Only this program reads files; the engine reads the constants it writes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Accelerator, accelerators } from '../server/src/hardware/accelerators.js';

export const root = process.cwd();
const folder = join(root, 'calibration/data');

export interface KernelRow {
  readonly device: string;
  readonly op: string;
  readonly B: number;
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly H: number;
  readonly seconds: number;
}

export function kernelRows(): KernelRow[] {
  const [, ...lines] = readFileSync(join(folder, 'kernels_fp32.csv'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [device, op, B, M, N, K, H, us] = line.split(',');
    return {
      device,
      op,
      B: Number(B),
      M: Number(M),
      N: Number(N),
      K: Number(K),
      H: Number(H),
      seconds: Number(us) * 1e-6,
    };
  });
}

export interface MeasuredRow {
  readonly kind: string;
  readonly workload: string;
  readonly model: string;
  readonly hardware: string;
  readonly gpus: number;
  readonly dtype: string;
  readonly batch: number;
  readonly seq_or_img: string;
  readonly phase: string;
  readonly value: number;
  readonly unit: string;
  readonly throughput: number;
  readonly throughputUnit: string;
  readonly power_W: number;
  readonly powerScope: string;
  readonly tier: string;
  readonly extra: Readonly<Record<string, number>>;
  readonly source: string;
  readonly notes: string;
}

/** Empty cells become NaN. */
const number = (text: string) => (text === '' ? Number.NaN : Number(text));

export function measuredRows(): MeasuredRow[] {
  return ['rows_core.tsv', 'rows_extended.tsv'].flatMap((name) => {
    const [, ...lines] = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
    return lines.map((line): MeasuredRow => {
      const c = line.split('\t');
      return {
        kind: c[0],
        workload: c[1],
        model: c[2],
        hardware: c[3],
        gpus: number(c[4]),
        dtype: c[5],
        batch: number(c[6]),
        seq_or_img: c[7],
        phase: c[8],
        value: number(c[9]),
        unit: c[10],
        throughput: number(c[11]),
        throughputUnit: c[12],
        power_W: number(c[13]),
        powerScope: c[14],
        tier: c[15],
        extra: c[16] === '' ? {} : JSON.parse(c[16]),
        source: c[17],
        notes: c[18],
      };
    });
  });
}

/** Devices that appear only in measured rows, not in the table people choose from. */
const onlyMeasured: readonly Partial<Accelerator>[] = JSON.parse(
  readFileSync(join(folder, 'devices.json'), 'utf8'),
).accelerators;

export const devices: ReadonlyMap<string, Accelerator> = new Map(
  [
    ...accelerators,
    ...onlyMeasured.map(
      (one) =>
        ({
          ...accelerators[0],
          idle_W: null,
          idleWithContext_W: null,
          measuredMaxMatmulTflops: null,
          aliases: [],
          ...one,
        }) as Accelerator,
    ),
  ].map((one) => [one.id, one]),
);

/** Widths of the measured models. */
export interface ModelShape {
  readonly id: string;
  readonly kind: 'llm' | 'diffusion' | 'other';
  readonly family?: string;
  readonly layers?: number;
  readonly hidden?: number;
  readonly heads?: number | null;
  readonly kv_heads?: number;
  readonly head_dim?: number;
  readonly ffn?: number;
  readonly gated?: boolean;
  readonly vocab?: number;
  readonly moe?: {
    readonly experts: number;
    readonly experts_per_token: number;
    readonly moe_ffn: number;
    readonly shared_ffn: number;
    readonly moe_layers?: number;
    readonly first_dense_layers?: number;
  } | null;
  readonly params_total?: number;
  readonly params_denoiser?: number;
  readonly steps?: number;
  readonly evals_per_step?: number;
  readonly gflops_per_eval?: number;
  readonly vae_decode_gflops?: number | null;
  readonly gflops_per_sample?: number;
  readonly activation_elements?: number;
}

export const modelShapes: readonly ModelShape[] = JSON.parse(readFileSync(join(folder, 'model_shapes.json'), 'utf8'));

/** Published costs of one synchronisation of host and device. */
export const hostWaits: readonly { readonly seconds: number; readonly source: string }[] = JSON.parse(
  readFileSync(join(folder, 'host_waits.json'), 'utf8'),
).rows;
