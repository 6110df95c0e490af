# --- indices_into_linear
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 16)
        self.fc = nn.Linear(16, 4)

    def forward(self, tokens):
        x = self.embed(tokens)
        best = x.argmax(dim=1)
        return self.fc(best)


Net()(torch.randint(0, 100, (2, 6)))
# --- indices_cast_for_linear
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 16)
        self.fc = nn.Linear(16, 4)

    def forward(self, tokens):
        x = self.embed(tokens)
        best = x.argmax(dim=1)
        return self.fc(best.float())


Net()(torch.randint(0, 100, (2, 6)))
# --- floats_into_embedding
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(8, 8)
        self.embed = nn.Embedding(100, 16)

    def forward(self, x):
        h = torch.relu(self.proj(x))
        return self.embed(h)


Net()(torch.randn(2, 8))
# --- indices_into_embedding
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(8, 8)
        self.embed = nn.Embedding(100, 16)

    def forward(self, x):
        h = torch.relu(self.proj(x)).argmax(-1)
        return self.embed(h)


Net()(torch.randn(2, 8))
# --- half_into_float_stated
import torch
from torch import nn


# eco: x=(2,8) float32
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(8, 8)
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        h = self.proj(x).half()
        return self.fc(h)


Net()(torch.randn(2, 8))
# --- half_model_with_half_inside
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(8, 8)
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        h = self.proj(x).bfloat16()
        return self.fc(h)


Net().bfloat16()(torch.randn(2, 8).bfloat16())
# --- matmul_of_half_and_float
import torch
from torch import nn


# eco: x=(4,8) float16
class Mix(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(8, 8))

    def forward(self, x):
        return x @ self.weight


Mix()(torch.randn(4, 8).half())
# --- long_mask
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 16)

    def forward(self, tokens):
        x = self.embed(tokens)
        mask = (tokens > 3).long()
        return x.masked_fill(mask.unsqueeze(-1), 0.0)


Net()(torch.randint(0, 100, (2, 6)))
