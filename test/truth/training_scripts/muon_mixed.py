"""Matrices by Muon, the rest by AdamW; a list of optimisers steps together."""
import torch
from torch import nn

model = nn.Sequential(nn.Linear(16, 24, bias=False), nn.LayerNorm(24), nn.Tanh(), nn.Linear(24, 16, bias=False))
matrices = [p for p in model.parameters() if p.ndim == 2]
others = [p for p in model.parameters() if p.ndim != 2]
optimizers = [torch.optim.Muon(matrices, lr=0.02), torch.optim.AdamW(others, lr=1e-3)]

step = 0
while step < 6:
    x = torch.randn(10, 16)
    loss = nn.functional.smooth_l1_loss(model(x), x)
    loss.backward()
    for opt in optimizers:
        opt.step()
    for opt in optimizers:
        opt.zero_grad()
    step += 1
