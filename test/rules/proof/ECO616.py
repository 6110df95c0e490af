import torch
from torch import nn

teacher = nn.Embedding(10, 3)
torch.manual_seed(3)
nn.init.normal_(teacher.weight)


class Distil(nn.Module):
    def __init__(self):
        super().__init__()
        self.student = nn.Embedding(10, 3)

    def forward(self, tokens):
        targets = teacher(tokens)
        loss = (self.student(tokens) - targets).pow(2).mean()
        loss.backward()
        return loss.detach(), self.student.weight.grad


CASES = {"distil": (Distil, lambda: [torch.arange(10)])}
