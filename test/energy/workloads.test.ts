/** Workloads: serving from a trace, several accelerators, what the code says beside the model; by sums done by hand. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codeFacts } from '../../server/src/analysis/codeFacts.js';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { Engine, WorkloadAsked } from '../../server/src/analysis/engine.js';
import type { EstimateReport, WorkloadReport } from '../../server/src/analysis/model.js';
import { constants } from '../../server/src/energy/constants.js';
import { monthlyOf } from '../../server/src/energy/monthly.js';
import { parallelEstimate, type SingleDevice } from '../../server/src/energy/parallel.js';
import { idlePower } from '../../server/src/energy/power.js';
import { makeTarget } from '../../server/src/energy/price.js';
import { estimateServing } from '../../server/src/energy/serving.js';
import { type Accelerator, findAccelerator } from '../../server/src/hardware/accelerators.js';
import { parseOverrides } from '../../server/src/hardware/overrides.js';
import { emptyTables, setWorkspaceTables } from '../../server/src/hardware/workspaceTables.js';
import { createParser } from '../../server/src/syntax/createParser.js';

const device = (name: string): Accelerator => {
  const found = findAccelerator(name);
  if (!found.ok) throw new Error(found.message);
  return found.value;
};

const llama = (attention: string) => `
import torch
from torch import nn
import torch.nn.functional as F

class Block(nn.Module):
    def __init__(self, d, heads, kv, ffn):
        super().__init__()
        self.heads, self.kv, self.hd = heads, kv, d // heads
        self.n1 = nn.RMSNorm(d)
        self.n2 = nn.RMSNorm(d)
        self.qkv = nn.Linear(d, (heads + 2 * kv) * self.hd, bias=False)
        self.o = nn.Linear(d, d, bias=False)
        self.up = nn.Linear(d, 2 * ffn, bias=False)
        self.down = nn.Linear(ffn, d, bias=False)
    def forward(self, x):
        b, t, c = x.shape
        q, k, v = self.qkv(self.n1(x)).split([self.heads * self.hd, self.kv * self.hd, self.kv * self.hd], -1)
        q = q.view(b, t, self.heads, self.hd).transpose(1, 2)
        k = k.view(b, t, self.kv, self.hd).transpose(1, 2)
        v = v.view(b, t, self.kv, self.hd).transpose(1, 2)
        ${attention}
        x = x + self.o(y.transpose(1, 2).reshape(b, t, c))
        gate, up = self.up(self.n2(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)

class Llama(nn.Module):
    def __init__(self, d=4096, layers=32, heads=32, kv=8, ffn=14336, vocab=128256):
        super().__init__()
        self.emb = nn.Embedding(vocab, d)
        self.blocks = nn.ModuleList(Block(d, heads, kv, ffn) for _ in range(layers))
        self.norm = nn.RMSNorm(d)
        self.head = nn.Linear(d, vocab, bias=False)
    def forward(self, idx):
        x = self.emb(idx)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))
`;
const fused = 'y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({
    files: { read: () => null, isDirectory: () => false, list: () => [] },
    cancelled: () => false,
    log: () => {},
  });
});
afterEach(() => setWorkspaceTables(emptyTables));

const asked: WorkloadAsked = { steps: null, epochs: null, serve: null, parallel: null, runsPerMonth: null };
let version = 0;
function workload(
  source: string,
  entry: string,
  inputs: string[],
  more: Partial<WorkloadAsked>,
  target: Partial<typeof defaultTarget> = {},
): { estimate: EstimateReport; workload: WorkloadReport } {
  const file = '/w/m.py';
  engine.open(file, source, ++version);
  const answer = engine.workload({ file, entry, inputs, target: { ...defaultTarget, ...target }, ...asked, ...more });
  return { estimate: answer.estimates[0]!, workload: answer.workloads[0]! };
}

describe('serving from a trace', () => {
  const serve = { prompt: 200, generate: 400, batch: 16, gpus: 1, dtype: null, weightBits: null };

  it('meets the estimate from widths: Llama 3.1 8B', () => {
    const { serving } = workload(llama(fused), 'Llama()', ['1x64:int64'], { serve }).workload;
    if (serving === null || serving.why !== null) throw new Error('no serving estimate');
    const shape = {
      layers: 32,
      hidden: 4096,
      heads: 32,
      kvHeads: 8,
      headDim: 128,
      ffn: 14336,
      gated: true,
      vocab: 128256,
      params: 8030261248,
    };
    const options = { accelerator: device('h100'), batch: 16, promptTokens: 200, outputTokens: 400 };
    const known = estimateServing(shape, options)!;
    // two models of one thing: the trace counts some kernels that the widths leave out
    expect(serving.joulesPerToken.value / known.joulesPerOutputToken.value).toBeGreaterThan(0.85);
    expect(serving.joulesPerToken.value / known.joulesPerOutputToken.value).toBeLessThan(1.2);
    // 2 (keys, values) x 32 layers x 8 heads x 128 x 2 B x 600 tokens x 16 sequences
    expect(serving.kvCache_bytes).toBe(2 * 32 * 8 * 128 * 2 * 600 * 16);
    expect(serving.weights_bytes).toBe(8030261248 * 2);
    expect(serving.decodeStep.kvRead_bytes).toBe(2 * 32 * 8 * 128 * 2 * 400 * 16);
  });

  it('spends less a token in larger batches, more on longer prompts, less with smaller weights', () => {
    const { serving } = workload(llama(fused), 'Llama()', ['1x64:int64'], { serve }).workload;
    if (serving === null || serving.why !== null) throw new Error('no serving estimate');
    const perBatch = serving.byBatch.map((one) => one.joulesPerToken.value);
    expect(perBatch).toEqual([...perBatch].sort((a, b) => b - a));
    const perContext = serving.byContext.map((one) => one.joulesPerToken.value);
    expect(perContext).toEqual([...perContext].sort((a, b) => a - b));
    const four = workload(llama(fused), 'Llama()', ['1x64:int64'], { serve: { ...serve, weightBits: 4 } }).workload;
    if (four.serving === null || four.serving.why !== null) throw new Error('no serving estimate');
    expect(four.serving.joulesPerToken.value).toBeLessThan(serving.joulesPerToken.value);
    expect(four.serving.weights_bytes).toBe(serving.weights_bytes / 4);
  });

  it('takes attention that is written out as the fused kernel of a cache, and says so', () => {
    const written = `k = k.repeat_interleave(self.heads // self.kv, 1); v = v.repeat_interleave(self.heads // self.kv, 1)
        y = torch.softmax(q @ k.transpose(-2, -1) / self.hd ** 0.5, -1) @ v`;
    const { serving } = workload(llama(written), 'Llama(layers=2)', ['1x64:int64'], { serve }).workload;
    if (serving === null || serving.why !== null) throw new Error('no serving estimate');
    expect(serving.notes.join()).toContain('as many key heads as query heads');
    expect(serving.kvCache_bytes).toBe(2 * 2 * 32 * 128 * 2 * 600 * 16);
  });

  it('says why another model is not served', () => {
    const conv =
      'import torch\nfrom torch import nn\nclass M(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.c = nn.Conv2d(3, 8, 3)\n    def forward(self, x):\n        return self.c(x)\n';
    expect(workload(conv, 'M()', ['1x3x32x32'], { serve }).workload.serving).toEqual({
      why: 'it takes no token ids (an integer input of sequences × positions)',
    });
  });
});

describe('several accelerators', () => {
  const one: SingleDevice = {
    time_s: { value: 0.1, low: 0.09, high: 0.12 },
    energy_J: { value: 60, low: 50, high: 72 },
    training: true,
    backwardShare: 2 / 3,
    weights_bytes: 4e9,
    gradients_bytes: 4e9,
    reduced_bytes: 1e9,
    boundary_bytes: 1e7,
    peakMemory_bytes: { value: 40e9, low: 38e9, high: 45e9 },
    optimiser_bytes: 8e9,
  };
  const target = makeTarget({ accelerator: device('h100'), phase: 'training' });
  const rate = 900 * 0.5e9 * constants.serving.link;
  const get = (mode: 'data' | 'fsdp' | 'tensor' | 'pipeline', devices: number, single = one) => {
    const answer = parallelEstimate(single, { mode, devices }, target);
    if (typeof answer === 'string') throw new Error(answer);
    return answer;
  };

  it('reduces 2 (n-1)/n of the gradients and hides it behind backward', () => {
    const eight = get('data', 8);
    expect(eight.link_bytes).toBe(2 * (7 / 8) * 4e9);
    expect(eight.samplesFactor).toBe(8);
    expect(eight.link_s).toBeCloseTo((2 * (7 / 8) * 4e9) / rate + 160 * constants.serving.allReduce_s, 6);
    expect(eight.exposed_s).toBeLessThan(eight.link_s / 4);
    // every one does the whole work; who waits draws idle power
    const waits = (eight.time_s.value - 0.1) * 8 * idlePower(device('h100'), constants);
    expect(eight.energy_J.value).toBeCloseTo(8 * 60 + waits, 3);
    expect(get('data', 8, { ...one, training: false }).link_bytes).toBe(0);
  });

  it('shards memory with FSDP and splits the work with tensor parallelism', () => {
    const fsdp = get('fsdp', 4);
    expect(fsdp.peakMemory_bytes!.value).toBeCloseTo(40e9 - 0.75 * (4e9 + 4e9 + 8e9));
    expect(fsdp.link_bytes).toBe(0.75 * 3 * 4e9);
    const tensor = get('tensor', 4);
    expect(tensor.samplesFactor).toBe(1);
    expect(tensor.time_s.value).toBeCloseTo(0.025 + (2 * 0.75 * 1e9 * 2) / rate, 6);
    expect(get('pipeline', 4).time_s.value).toBeGreaterThan(0.1);
    expect(parallelEstimate({ ...one, reduced_bytes: null }, { mode: 'tensor', devices: 2 }, target)).toContain(
      'attention',
    );
  });

  it('goes at the pace of the network over several machines', () => {
    const two = get('data', 16);
    expect(two.machines).toBe(2);
    expect(two.link_GBps).toBe(100);
    expect(two.linkSource).toContain('ConnectX-7');
    const network = 50e9 * constants.serving.link;
    expect(two.link_s).toBeCloseTo((2 * (15 / 16) * 4e9) / network + 160 * constants.serving.allReduce_s, 6);
    expect(get('data', 8).machines).toBe(1);
    // one hop of sixteen stages leaves the machine
    const inside = get('pipeline', 8).exposed_s / 7;
    expect(get('pipeline', 16).exposed_s).toBeCloseTo(14 * inside + (2 * 1e7) / network, 9);
  });

  it('asks for the network where it is not listed, and takes what the workspace says', () => {
    const l4 = makeTarget({ accelerator: device('l4'), phase: 'training' });
    expect(parallelEstimate(one, { mode: 'data', devices: 16 }, l4)).toContain('network_GBps');
    const { accelerators, problems } = parseOverrides(
      JSON.stringify({ accelerators: [{ id: 'l4', per_machine: 4, network_GBps: 12.5, source: 'our cluster' }] }),
    );
    expect(problems).toEqual([]);
    const own = makeTarget({ accelerator: accelerators[0]!, phase: 'training' });
    const answer = parallelEstimate(one, { mode: 'data', devices: 16 }, own);
    expect(answer).toMatchObject({ machines: 4, link_GBps: 25, linkSource: expect.stringContaining('our cluster') });
  });

  it('prices slow links where no fast ones are published', () => {
    const l4 = makeTarget({ accelerator: device('l4'), phase: 'training' });
    const answer = parallelEstimate(one, { mode: 'data', devices: 8 }, l4);
    if (typeof answer === 'string') throw new Error(answer);
    expect(answer.linkSource).toContain('PCIe');
    expect(answer.link_s).toBeGreaterThan(get('data', 8).link_s * 5);
  });
});

describe('what the code says', () => {
  const read = async (source: string) => {
    const parser = await createParser({ log: () => {} });
    return codeFacts(parser.parse(source));
  };

  it('finds denoising loops, generate() and how accelerators share the work', async () => {
    const facts = await read(`
import torch
STEPS = 30
unet = UNet().to('cuda').eval()
lm = torch.compile(Llama())
def sample(x):
    scheduler.set_timesteps(STEPS)
    for t in tqdm(scheduler.timesteps):
        x = step(unet(x, t), unet(x, t))
    for i in range(len(x)):
        unet(x)
    for i in range(999, -1, -1):
        unet(x)
    return x
out = lm.generate(ids, max_new_tokens=64)
def train(model, data):
    for batch in range(5):
        unet(batch).backward()
torch.distributed.init_process_group('nccl', world_size=4)
ddp = DDP(unet)
`);
    expect(facts.loops.map(({ kind, model, turns, calls }) => ({ kind, model, turns, calls }))).toEqual([
      { kind: 'generate', model: 'Llama', turns: 64, calls: 1 },
      { kind: 'loop', model: 'UNet', turns: 30, calls: 2 },
      { kind: 'loop', model: 'UNet', turns: 1000, calls: 1 },
    ]);
    expect(facts.parallel).toMatchObject({ mode: 'data', devices: 4, what: 'DDP' });
  });

  it('takes no name for known that is given two values', async () => {
    const facts = await read('N = 5\nN = 6\nm = Net()\nfor i in range(N):\n    m(i)\n');
    expect(facts.loops).toEqual([]);
    expect((await read('m = Net.from_pretrained("x", device_map="auto")')).parallel).toMatchObject({
      mode: 'pipeline',
      devices: null,
    });
  });

  it('prices them as that many calls', () => {
    const source = `
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Linear(512, 512)
    def forward(self, x):
        return self.f(x)
net = Net()
def sample(x):
    for t in range(50):
        x = net(x)
    return x
`;
    const { estimate, workload: found } = workload(source, 'Net()', ['8x512'], {});
    expect(found.loops).toHaveLength(1);
    expect(found.loops[0]).toMatchObject({ line: 12, turns: 50 });
    expect(found.loops[0]!.energy_J!.value).toBeCloseTo(50 * estimate.energy_J!.value);
  });
});

describe('runs and months', () => {
  const source = `
import torch
from torch import nn
def train():
    model = nn.Linear(512, 512)
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(10):
        opt.zero_grad()
        model(torch.randn(64, 512)).sum().backward()
        opt.step()
`;
  it('multiplies steps and epochs', () => {
    const { estimate, workload: found } = workload(source, 'train()', [], { steps: 1000, epochs: 3 });
    expect(found.run).toMatchObject({ stepsPerEpoch: 1000, epochs: 3, steps: 3000 });
    expect(found.run!.energy_J!.value).toBeCloseTo(3000 * estimate.energy_J!.value);
    expect(workload(source, 'train()', [], { epochs: 3 }).workload.run).toMatchObject({ stepsPerEpoch: 10, steps: 30 });
  });

  it('names host, PUE and grid, and knows no embodied carbon without a source', () => {
    const one = (value: number) => ({ value, low: value, high: value });
    const target = makeTarget({ accelerator: device('h100') });
    const month = monthlyOf(one(3600), one(3.6e6), 100, target);
    expect(month.acceleratorHours!.value).toBe(100);
    expect(month.kWh!.value).toBeCloseTo(100 * (1 + target.hostFactor) * target.pue.value);
    expect(month.gCO2e!.value).toBeCloseTo(month.kWh!.value * target.region.gCO2ePerKWh);
    expect(month.usd!.value).toBeCloseTo(100 * target.price!.value);
    expect([month.embodied_gCO2e, month.embodiedBasis]).toEqual([
      null,
      expect.stringContaining('ecocompute.hardware.json'),
    ]);
    setWorkspaceTables(
      parseOverrides(
        JSON.stringify({
          accelerators: [{ id: 'h100-sxm', embodied_kgCO2e: 150, lifetime_years: 5, source: 'maker' }],
        }),
      ),
    );
    // 150 kg over five years of 8,766 hours, for 100 hours
    expect(monthlyOf(one(3600), one(3.6e6), 100, target).embodied_gCO2e!.value).toBeCloseTo((150_000 / 5 / 8766) * 100);
  });
});
