"""Low-rank adapters on a frozen transformer layer: gradients pass through frozen weights."""
import torch
from torch import nn


class LoRALinear(nn.Module):
    def __init__(self, base, r=4):
        super().__init__()
        self.base = base
        self.base.weight.requires_grad_(False)
        self.base.bias.requires_grad_(False)
        self.A = nn.Parameter(torch.randn(r, base.in_features) * 0.01)
        self.B = nn.Parameter(torch.zeros(base.out_features, r))

    def forward(self, x):
        return self.base(x) + x @ self.A.T @ self.B.T


class Attention(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.h = h
        self.qkv = LoRALinear(nn.Linear(d, 3 * d))
        self.out = nn.Linear(d, d).requires_grad_(False)

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(x).reshape(b, t, 3, self.h, d // self.h).permute(2, 0, 3, 1, 4)
        w = (q @ k.transpose(-2, -1)).softmax(-1)
        return self.out((w @ v).transpose(1, 2).reshape(b, t, d))


model = nn.Sequential(nn.Linear(8, 16).requires_grad_(False), Attention(16, 2), Attention(16, 2), nn.Linear(16, 8))
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=1e-2, weight_decay=1e-4)

for it in range(10):
    x = torch.randn(3, 6, 8)
    loss = (model(x) - x).abs().mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
