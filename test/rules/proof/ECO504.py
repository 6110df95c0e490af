import torch
from torch import nn


class Net(nn.Module):
    def forward(self, x):
        mask = torch.ones(x.size(1), x.size(1)).tril().to(x.device)
        positions = torch.arange(x.size(1), dtype=torch.long).unsqueeze(0).to(x.device)
        return x @ mask + positions


CASES = {"net": (Net, lambda: [torch.randn(3, 5)])}
