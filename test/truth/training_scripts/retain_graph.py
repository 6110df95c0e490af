"""Two losses over one trunk, each with its own backward pass over the same graph."""
import torch
from torch import nn


class MultiTask(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.GRU(12, 16, num_layers=2, batch_first=True)
        self.left = nn.Linear(16, 3)
        self.right = nn.Linear(16, 1)

    def forward(self, x):
        h, _ = self.trunk(x)
        return self.left(h[:, -1]), self.right(h)


model = MultiTask()
opt = torch.optim.NAdam(model.parameters())
for step in range(20):
    x = torch.randn(5, 7, 12)
    a, b = model(x)
    loss_a = nn.functional.cross_entropy(a, torch.zeros(5, dtype=torch.long))
    loss_b = b.pow(2).mean()
    opt.zero_grad()
    loss_a.backward(retain_graph=True)
    loss_b.backward()
    opt.step()
