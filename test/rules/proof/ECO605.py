import torch
from torch import nn


class Trainer(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 1)

    def forward(self, x):
        total = 0.0
        kept = []
        for row in x:
            loss = self.fc(row).pow(2).sum()
            loss.backward(retain_graph=True)
            total += loss
            kept.append(loss)
        return float(total), [float(one) for one in kept], [p.grad for p in self.parameters()]


CASES = {"trainer": (Trainer, lambda: [torch.randn(6, 4)])}
