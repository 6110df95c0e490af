# --- layer_norm_over_another_size
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(32, 64)
        self.norm = nn.LayerNorm(32)

    def forward(self, x):
        h = self.proj(x)
        return self.norm(h)


Net()(torch.randn(2, 32))
# --- layer_norm_over_its_size
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(32, 64)
        self.norm = nn.LayerNorm(64)

    def forward(self, x):
        h = self.proj(x)
        return self.norm(h)


Net()(torch.randn(2, 32))
# --- dim_out_of_range
import torch
from torch import nn


# eco: tokens=(2,6) int64
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 16)

    def forward(self, tokens):
        x = self.embed(tokens)
        return x.softmax(dim=3)


Net()(torch.randint(0, 50, (2, 6)))
# --- dim_in_range
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 16)

    def forward(self, tokens):
        x = self.embed(tokens)
        return x.softmax(dim=2)


Net()(torch.randint(0, 50, (2, 6)))
# --- heads_do_not_divide
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(100, 8, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x)[0]


Net()(torch.randn(2, 6, 100))
# --- heads_divide
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(104, 8, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x)[0]


Net()(torch.randn(2, 6, 104))
# --- group_norm_groups
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.GroupNorm(32, 48)

    def forward(self, x):
        return self.norm(x)


Net()(torch.randn(2, 48, 8, 8))
# --- group_norm_other_channels
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 48, 3)
        self.norm = nn.GroupNorm(16, 64)

    def forward(self, x):
        x = self.conv(x)
        return self.norm(x)


Net()(torch.randn(2, 3, 8, 8))
# --- cross_entropy_with_stated_target
import torch
from torch import nn
import torch.nn.functional as F


# eco: x=(8,16) float32, target=(4) int64
class Loss(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(16, 10)

    def forward(self, x, target):
        logits = self.head(x)
        return F.cross_entropy(logits, target)


Loss()(torch.randn(8, 16), torch.zeros(4, dtype=torch.long))
# --- cross_entropy_with_its_target
import torch
from torch import nn
import torch.nn.functional as F


# eco: x=(8,16) float32, target=(8) int64
class Loss(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(16, 10)

    def forward(self, x, target):
        logits = self.head(x)
        return F.cross_entropy(logits, target)


Loss()(torch.randn(8, 16), torch.zeros(8, dtype=torch.long))
# --- attention_of_another_width
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 48)
        self.attention = nn.MultiheadAttention(64, 8, batch_first=True)

    def forward(self, tokens):
        x = self.embed(tokens)
        return self.attention(x, x, x)[0]


Net()(torch.randint(0, 100, (2, 6)))
# --- too_many_indices
import torch
from torch import nn


# eco: tokens=(2,6) int64
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 48)

    def forward(self, tokens):
        x = self.embed(tokens).mean(1)
        return x[:, 0, :]


Net()(torch.randint(0, 100, (2, 6)))
