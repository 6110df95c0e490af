/** Training scripts that lean on libraries and data: what one step is, how many there are, and what stays unknown. */
import { describe, expect, it } from 'vitest';
import { createEngine, defaultTarget } from '../../server/src/analysis/createEngine.js';
import type { EstimateReport } from '../../server/src/analysis/model.js';
import type { FilePort } from '../../server/src/trace/files.js';

function workspace(files: Readonly<Record<string, string>>): FilePort {
  const names = Object.keys(files);
  return {
    read: (path) => files[path] ?? null,
    isDirectory: (path) => names.some((n) => n.startsWith(`${path}/`)),
    list: (path) => [
      ...new Set(names.flatMap((n) => (n.startsWith(`${path}/`) ? [n.slice(path.length + 1).split('/')[0]!] : []))),
    ],
  };
}

async function step(text: string, others: Readonly<Record<string, string>> = {}): Promise<EstimateReport> {
  const file = '/project/train.py';
  const files = { ...others, [file]: text };
  const engine = await createEngine({ files: workspace(files), cancelled: () => false, log: () => {} });
  engine.open(file, text, 1);
  const { estimates } = engine.estimate({ file, entry: null, inputs: [], target: defaultTarget });
  engine.dispose();
  const found = estimates.filter((e) => e.kind === 'training step');
  expect(found).toHaveLength(1);
  return found[0]!;
}

describe('data', () => {
  it.each([
    ["datasets.MNIST('.', train=True, transform=transforms.ToTensor())", [32, 1, 28, 28], 60000],
    ["datasets.CIFAR10('.', train=False, transform=transforms.ToTensor())", [32, 3, 32, 32], 10000],
    [
      "datasets.SVHN('.', split='train', transform=transforms.Compose([transforms.Resize((24, 48)), transforms.ToTensor()]))",
      [32, 3, 24, 48],
      73257,
    ],
    [
      "datasets.CelebA('.', transform=transforms.Compose([transforms.Resize(109), transforms.CenterCrop(64), transforms.ToTensor()]))",
      [32, 3, 64, 64],
      162770,
    ],
    [
      'datasets.FakeData(size=320, image_size=(3, 20, 30), transform=transforms.Compose([transforms.RandomCrop(16, padding=2), transforms.Grayscale(), transforms.PILToTensor(), transforms.ConvertImageDtype(torch.float32)]))',
      [32, 1, 16, 16],
      320,
    ],
  ])('of %s has the documented size', async (dataset, shape, length) => {
    const e = await step(`import torch
from torch import nn
from torchvision import datasets, transforms

loader = torch.utils.data.DataLoader(${dataset}, batch_size=32, drop_last=True)
model = nn.Sequential(nn.Conv2d(${shape[1]}, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    for images, labels in loader:
        optimizer.zero_grad()
        model(images).logsumexp(1).sum().backward()
        optimizer.step()
`);
    expect(e.coverage.unknown).toEqual([]);
    expect(e.inputs[0]!.shape).toEqual(shape);
    expect(e.training).toMatchObject({ stepsPerEpoch: Math.floor(length / 32), epochs: 3 });
  });

  it('of a folder of images has a size once it is cropped, and no known number', async () => {
    const e = await step(`import torch, torchvision
from torchvision import transforms as T

pipeline = T.Compose([T.RandomResizedCrop(64), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize([0.5] * 3, [0.5] * 3)])
loader = torch.utils.data.DataLoader(torchvision.datasets.ImageFolder('data', pipeline), batch_size=4)
model = torch.nn.Conv2d(3, 8, 3)
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(90):
    for x, y in loader:
        model(x).mean().backward()
        optimizer.step()
`);
    expect(e.inputs[0]!.shape).toEqual([4, 3, 64, 64]);
    expect(e.coverage).toMatchObject({ unknownOps: 0, knownFlopShare: 1 });
    expect(e.training).toMatchObject({ stepsPerEpoch: null, epochs: 90, steps: null, run: { energy_J: null } });
  });

  it('drawn at random places of a memory-mapped file has the length of the window', async () => {
    const e = await step(`import numpy as np
import torch
from torch import nn

def get_batch(block=64, batch=12):
    data = np.memmap('train.bin', dtype=np.uint16, mode='r')
    ix = torch.randint(len(data) - block, (batch,))
    x = torch.stack([torch.from_numpy((data[i:i+block]).astype(np.int64)) for i in ix])
    y = torch.stack([torch.from_numpy((data[i+1:i+1+block]).astype(np.int64)) for i in ix])
    return x.pin_memory().to('cuda', non_blocking=True), y.to('cuda')

model = nn.Sequential(nn.Embedding(100, 16), nn.Linear(16, 100)).to('cuda')
optimizer = torch.optim.AdamW(model.parameters(), fused=True)
for it in range(500):
    x, y = get_batch()
    loss = nn.functional.cross_entropy(model(x).flatten(0, 1), y.flatten())
    loss.backward()
    optimizer.step()
`);
    expect(e.inputs[0]!.shape).toEqual([12, 64]);
    expect(e.flops).toMatchObject({ forward: 2 * 12 * 64 * 16 * 100, backward: 2 * 2 * 12 * 64 * 16 * 100 });
    expect(e.bytes.forward).not.toBeNull();
    expect(e.training!.steps).toBe(500);
  });

  it('whose length a loop over an unknown file decides gives no figure', async () => {
    const e = await step(`import torch
from torch.utils.data import DataLoader, Dataset

class Characters(Dataset):
    def __init__(self, text):
        self.text = text
        self.table = {c: i for i, c in enumerate(sorted(set(text)))}

    def __len__(self):
        return len(self.text) - 9

    def __getitem__(self, i):
        return torch.tensor([self.table[c] for c in self.text[i:i + 9]][:-1])

model = torch.nn.Sequential(torch.nn.Embedding(100, 8), torch.nn.Linear(8, 8))
optimizer = torch.optim.SGD(model.parameters())
for x in DataLoader(Characters(open('input.txt').read()), batch_size=3):
    model(x).sum().backward()
    optimizer.step()
`);
    expect(e.flops.forward).toBeNull();
    expect(e.energy_J).toBeNull();
    expect(e.coverage.unknownOps).toBeGreaterThan(0);
  });
});

describe('libraries', () => {
  it('Lightning: the trainer runs training_step over the loader', async () => {
    const e = await step(`import torch
import pytorch_lightning as pl
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

class Lit(pl.LightningModule):
    def __init__(self, hidden=64, lr=1e-3):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(nn.Linear(20, self.hparams.hidden), nn.ReLU(), nn.Linear(self.hparams.hidden, 3))

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = nn.functional.cross_entropy(self.net(x), y)
        self.log('loss', loss)
        return loss

    def configure_optimizers(self):
        optimizer = torch.optim.Adam(self.parameters(), lr=self.hparams.lr)
        return [optimizer], [torch.optim.lr_scheduler.StepLR(optimizer, 1)]

data = TensorDataset(torch.randn(80, 20), torch.randint(3, (80,)))
trainer = pl.Trainer(max_epochs=4, accumulate_grad_batches=2, gradient_clip_val=1.0)
trainer.fit(Lit(), DataLoader(data, batch_size=8))
`);
    expect(e.coverage.unknown).toEqual([]);
    expect(e.line).toBe(24);
    expect(e.params!.total).toBe(21 * 64 + 65 * 3);
    expect(e.training).toMatchObject({ iterationsPerStep: 2, stepsPerEpoch: 5, epochs: 4 });
    expect(e.flops.forward).toBe(2 * 2 * 8 * (20 * 64 + 64 * 3));
  });

  it('Accelerate and 8-bit states: gradients accumulate, states take a byte', async () => {
    const e = await step(`import torch
import bitsandbytes as bnb
from accelerate import Accelerator
from torch.utils.data import DataLoader, TensorDataset

accelerator = Accelerator(gradient_accumulation_steps=4)
model = torch.nn.Linear(128, 128, bias=False)
optimizer = bnb.optim.AdamW8bit(model.parameters(), lr=1e-4)
loader = DataLoader(TensorDataset(torch.randn(64, 128)), batch_size=2)
model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
for epoch in range(2):
    for (x,) in loader:
        with accelerator.accumulate(model):
            accelerator.backward(model(x).square().mean())
            optimizer.step()
            optimizer.zero_grad()
`);
    expect(e.coverage.unknown).toEqual([]);
    expect(e.training).toMatchObject({ iterationsPerStep: 4, stepsPerEpoch: 8, epochs: 2 });
    expect(e.training!.optimizers).toEqual([
      { name: 'adamw8bit', params: 16384, state_bytes: 2 * (16384 + (4 * 16384) / 256) },
    ]);
  });

  it('one process stands for those that spawn starts, its rank unknown', async () => {
    const e = await step(`import os
import torch
import torch.multiprocessing as mp
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

class Trainer:
    def __init__(self, model, data, optimizer):
        self.gpu = int(os.environ['LOCAL_RANK'])
        self.model = DDP(model.to(self.gpu), device_ids=[self.gpu])
        self.data = data
        self.optimizer = optimizer

    def _run_batch(self, x, y):
        self.optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(self.model(x), y)
        loss.backward()
        self.optimizer.step()

    def train(self, epochs):
        for epoch in range(epochs):
            self.data.sampler.set_epoch(epoch)
            for x, y in self.data:
                self._run_batch(x.to(self.gpu), y.to(self.gpu))

def main(rank, world, epochs):
    torch.distributed.init_process_group('nccl', rank=rank, world_size=world)
    dataset = TensorDataset(torch.rand(64, 20), torch.rand(64, 1))
    model = torch.nn.Linear(20, 1)
    loader = DataLoader(dataset, batch_size=16, sampler=DistributedSampler(dataset))
    Trainer(model, loader, torch.optim.SGD(model.parameters(), lr=1e-3)).train(epochs)

if __name__ == '__main__':
    mp.spawn(main, args=(torch.cuda.device_count(), 7), nprocs=torch.cuda.device_count())
`);
    expect(e).toMatchObject({ missing: null, flops: { forward: 2 * 16 * 20, backward: 2 * 16 * 20 } });
    expect(e.training).toMatchObject({ stepsPerEpoch: 4, epochs: 7 });
  });

  it('a step that another file holds stands at the loop of this one', async () => {
    const engine = `def train_one_epoch(model, loader, optimizer, scaler):
    for (x,) in loader:
        optimizer.zero_grad()
        scaler(model(x).sum(), optimizer)
`;
    const scaler = `import torch

class Scaler:
    def __init__(self):
        self.inner = torch.amp.GradScaler('cuda')

    def __call__(self, loss, optimizer):
        self.inner.scale(loss).backward()
        self.inner.step(optimizer)
        self.inner.update()
`;
    const e = await step(
      `import torch
from torch.utils.data import DataLoader, TensorDataset
from engine import train_one_epoch
from scaler import Scaler

def main(epochs=6):
    model = torch.nn.Linear(4, 4)
    loader = DataLoader(TensorDataset(torch.randn(30, 4)), batch_size=3)
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(epochs):
        train_one_epoch(model, loader, optimizer, Scaler())

main()
`,
      { '/project/engine.py': engine, '/project/scaler.py': scaler },
    );
    expect(e).toMatchObject({ entry: 'main()', line: 10, missing: null });
    expect(e.training).toMatchObject({ stepsPerEpoch: 10, epochs: 6 });
    expect(e.flops).toMatchObject({ forward: 2 * 3 * 16, backward: 2 * 3 * 16 });
  });

  it('imported classes that hold one another are looked through once', async () => {
    const data = `class TrainDataset:
    pass

class TrainSplits:
    train = TrainDataset

TrainDataset.splits = TrainSplits
TrainSplits.own = TrainSplits
`;
    const e = await step(
      `import torch
from data import TrainDataset

model = torch.nn.Linear(4, 4)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
TrainDataset()
for i in range(3):
    optimizer.zero_grad()
    model(torch.randn(2, 4)).sum().backward()
    optimizer.step()
`,
      { '/project/data.py': data },
    );
    expect(e.missing).toBeNull();
  });
});

describe('loops', () => {
  const script = (loop: string): string => `import torch

model = torch.nn.Linear(4, 4)
optimizer = torch.optim.Adam(model.parameters())
x = torch.randn(5, 4)
${loop}`;
  const one = 2 * 5 * 16;

  it('of a few turns each are steps of their own', async () => {
    const e = await step(
      script(
        'for epoch in range(3):\n    model(x).sum().backward()\n    optimizer.step()\n    optimizer.zero_grad()\n',
      ),
    );
    expect(e.flops.forward).toBe(one);
    expect(e.training).toMatchObject({ iterationsPerStep: 1, stepsPerEpoch: 3, epochs: null, steps: 3 });
  });

  it('that evaluate a model again and again do not run to their end', async () => {
    const e = await step(
      script(`@torch.no_grad()
def estimate_loss():
    losses = torch.zeros(20000)
    for k in range(20000):
        losses[k] = model(x).mean().item()
    return losses.mean()

step = 0
while True:
    if step % 100 == 0:
        print(f'{estimate_loss():.4f}')
    model(x).sum().backward()
    optimizer.step()
    step += 1
    if step > 600:
        break
`),
    );
    expect(e.flops.forward).toBe(one);
    expect(e.training).toMatchObject({ stepsPerEpoch: null, steps: null });
  });

  it('inside the step run as often as the code says', async () => {
    const e = await step(
      script(`for it in range(100):
    for _ in range(5):
        optimizer.zero_grad()
        model(x).sum().backward()
        optimizer.step()
    (-model(x)).sum().backward()
    optimizer.step()
`),
    );
    expect(e.flops.forward).toBe(6 * one);
    expect(e.training).toMatchObject({ iterationsPerStep: 1, stepsPerEpoch: 100 });
  });
});
