import torch
from torch import nn


class Scores(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Linear(4, 3)

    def forward(self, x):
        preds = []
        for row in x:
            out = self.model(row)
            preds.append(out)
        return torch.stack(preds).detach().argmax(-1), torch.stack(preds).detach().exp()


CASES = {"scores": (Scores, lambda: [torch.randn(6, 4)])}
