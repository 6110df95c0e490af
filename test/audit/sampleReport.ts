/** A report with everything in it: findings of each kind, an unknown, a model without a number. */
import type { AuditReport, EstimateReport, FindingReport, Interval } from '../../server/src/analysis/model.js';

const around = (value: number): Interval => ({ value, low: value * 0.8, high: value * 1.25 });
const range = (line: number, from: number, to: number) => ({
  start: { line, column: from },
  end: { line, column: to },
});

export function estimate(entry: string, joules: number | null, changes: Partial<EstimateReport> = {}): EstimateReport {
  return {
    entry,
    kind: 'model',
    training: null,
    file: 'models/<llama>.py',
    line: 112,
    phase: 'inference',
    hardware: 'h100-sxm',
    dtype: 'bfloat16',
    inputs: [{ name: 'tokens', shape: [1, 2048], dtype: 'int64', source: 'pragma' }],
    outputs: [{ shape: [1, 128256], dtype: 'bfloat16' }],
    params: { total: 8030261248, trainable: 8030261248 },
    flops: { forward: joules === null ? null : joules * 3e11, backward: null, elementwise: 1e9 },
    bytes: { forward: joules === null ? null : joules * 1e9, backward: null },
    peakMemory_bytes: around(2.1e10),
    memory: null,
    time_s: joules === null ? null : around(joules / 500),
    energy_J: joules === null ? null : around(joules),
    power_W: around(500),
    per_million: { usd: around(41), gCO2e: around(2.1e4) },
    coverage: {
      ops: 1202,
      unknownOps: joules === null ? 1 : 0,
      knownFlopShare: joules === null ? null : 1,
      unknown: joules === null ? [{ what: 'my_cuda_op', line: 41, why: 'no source & no operator of that name' }] : [],
    },
    assumptions: [{ text: 'batch = 1', source: 'default' }],
    modules: [],
    missing: null,
    range: range(111, 6, 11),
    ...changes,
  };
}

export function finding(rule: string, line: number, changes: Partial<FindingReport> = {}): FindingReport {
  return {
    rule,
    name: 'materialised-attention',
    severity: 'warning',
    file: 'models/<llama>.py',
    range: range(line, 8, 32),
    messageZh: '手写的注意力把分数张量 & <b>浪费</b>。',
    message: 'Attention written by hand keeps the score tensor (1×32×2048×2048) in memory & <b>wastes</b> it.',
    related: [
      {
        file: 'models/<llama>.py',
        range: range(line - 4, 8, 20),
        message: 'The scores are computed here.',
        messageZh: '分数在此处计算。',
      },
    ],
    saving: {
      entry: 'Llama(LlamaConfig())',
      per: 'call',
      energy_J: around(31),
      percent: 24.2,
      time_s: 0.05,
      peakMemory_bytes: 5.2e8,
      usd_per_million: 9,
      gCO2e_per_million: 4200,
    },
    atRisk: null,
    fix: {
      safety: 'safe',
      title: 'Use scaled_dot_product_attention',
      titleZh: '改用 scaled_dot_product_attention',
      edits: [{ range: range(line, 8, 32), newText: 'F.scaled_dot_product_attention(q, k, v)' }],
    },
    requires: null,
    docs: 'https://github.com/ecocompute/ecocompute-energy-lint/blob/main/docs/rules/eco100-materialised-attention.md',
    ...changes,
  };
}

export const sample: AuditReport = {
  file: 'models/<llama>.py',
  hardware: {
    id: 'h100-sxm',
    name: 'NVIDIA H100 SXM5 80GB',
    peak_dense_tflops: { bf16: 989 },
    memory_GB: 80,
    bandwidth_GBps: 3350,
    tdp_W: 700,
    verified: false,
    source: ['NVIDIA H100 datasheet'],
    usdPerHour: 2.5,
  },
  region: { id: 'WORLD', name: 'World average', gCO2ePerKWh: 473, source: 'Ember 2025' },
  before: [
    estimate('Llama(LlamaConfig())', 128),
    estimate('Attention(LlamaConfig())', 2.4),
    estimate('Broken(cfg)', null, { missing: 'needs argument cfg' }),
  ],
  after: [
    estimate('Llama(LlamaConfig())', 88),
    estimate('Attention(LlamaConfig())', 1.1),
    estimate('Broken(cfg)', null, { missing: 'needs argument cfg' }),
  ],
  findings: [
    finding('ECO102', 78, {
      name: 'gqa-repeat-kv',
      saving: null,
      fix: null,
      message: 'Each key and value head is copied for its query heads.',
    }),
    finding('ECO100', 85),
    finding('ECO600', 90, {
      name: 'missing-zero-grad',
      severity: 'error',
      saving: null,
      atRisk: { energy_J: around(3.6e6), fixCost_J: null },
      fix: { safety: 'suggestion', title: 'Call zero_grad', titleZh: '调用 zero_grad', edits: [] },
    }),
    finding('ECO150', 134, {
      name: 'inference-without-no-grad',
      severity: 'information',
      saving: {
        entry: 'next_token()',
        per: 'call',
        energy_J: null,
        percent: null,
        time_s: null,
        peakMemory_bytes: 3.1e9,
        usd_per_million: null,
        gCO2e_per_million: null,
      },
    }),
  ],
  fixedText: '',
  problems: [{ file: 'models/<llama>.py', line: 7, message: 'import flash_attn does not resolve' }],
  sources: [
    'NVIDIA H100 datasheet, https://resources.nvidia.com/en-us-tensor-core',
    'Ember yearly electricity data 2025',
  ],
};
