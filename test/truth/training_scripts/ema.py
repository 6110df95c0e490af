"""An exponential moving average of the weights follows each step."""
import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Pairs(Dataset):
    def __len__(self):
        return 36

    def __getitem__(self, i):
        return {'pixels': torch.randn(3, 12, 12), 'label': i % 2}


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = nn.Conv2d(c, c, 3, padding=1)
        self.b = nn.Conv2d(c, c, 1, groups=2)

    def forward(self, x):
        x = x + self.b(torch.relu_(self.a(x)))
        x += 1
        return x.clamp_(min=0)


def build():
    return nn.Sequential(nn.Conv2d(3, 8, 3), Residual(8), Residual(8), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))


class EMA:
    def __init__(self, model, decay=0.999):
        self.module = copy.deepcopy(model).eval()
        self.decay = decay
        for p in self.module.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        for ema_p, p in zip(self.module.parameters(), model.parameters()):
            ema_p.mul_(self.decay).add_(p, alpha=1 - self.decay)


def main():
    model = build()
    ema = EMA(model)
    loader = DataLoader(Pairs(), batch_size=9, num_workers=0)
    optimizer = torch.optim.AdamW(model.parameters(), foreach=True)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=len(loader) * 2)
    global_step = 0
    for epoch in range(2):
        for batch in loader:
            logits = model(batch['pixels'])
            loss = torch.nn.functional.cross_entropy(logits, batch['label'])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            scheduler.step()
            ema.update(model)
            global_step += 1


if __name__ == '__main__':
    main()
