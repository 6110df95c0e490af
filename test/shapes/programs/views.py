# --- heads_from_configuration
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim=96, heads=8, head_dim=16):
        super().__init__()
        self.heads = heads
        self.head_dim = head_dim
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        b, n, _ = x.shape
        qkv = self.qkv(x)
        return qkv.reshape(b, n, 3, self.heads, self.head_dim)


Attention()(torch.randn(2, 10, 96))
# --- heads_from_configuration_fit
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim=128, heads=8, head_dim=16):
        super().__init__()
        self.heads = heads
        self.head_dim = head_dim
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        b, n, _ = x.shape
        qkv = self.qkv(x)
        return qkv.reshape(b, n, 3, self.heads, self.head_dim)


Attention()(torch.randn(2, 10, 128))
# --- view_after_permute
import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(64, 64)

    def forward(self, x):
        b, n, _ = x.shape
        h = self.proj(x).view(b, n, 4, 16).transpose(1, 2)
        return h.transpose(1, 2).transpose(2, 3).view(b, n, 64)


Heads()(torch.randn(2, 10, 64))
# --- view_after_contiguous
import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(64, 64)

    def forward(self, x):
        b, n, _ = x.shape
        h = self.proj(x).view(b, n, 4, 16).transpose(1, 2)
        return h.transpose(1, 2).transpose(2, 3).contiguous().view(b, n, 64)


Heads()(torch.randn(2, 10, 64))
# --- flatten_by_constant
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1)
        self.pool = nn.AdaptiveAvgPool2d((4, 4))
        self.fc = nn.Linear(8 * 16, 10)

    def forward(self, x):
        x = self.pool(self.conv(x))
        x = x.view(x.size(0), 8 * 25)
        return self.fc(x)


Net()(torch.randn(2, 1, 28, 28))
# --- flatten_by_minus_one
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1)
        self.fc = nn.Linear(8 * 20 * 20, 10)

    def forward(self, x):
        x = self.conv(x)
        x = x.view(-1, 8 * 20 * 20)
        return self.fc(x)


Net()(torch.randn(2, 1, 20, 20))
# --- permute_of_wrong_rank
import torch
from torch import nn


# eco: tokens=(2,6) int64
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 16)

    def forward(self, tokens):
        x = self.embed(tokens).mean(dim=1)
        return x.permute(0, 2, 1)


Net()(torch.randint(0, 50, (2, 6)))
# --- permute_of_right_rank
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 16)

    def forward(self, tokens):
        x = self.embed(tokens)
        return x.permute(0, 2, 1)


Net()(torch.randint(0, 50, (2, 6)))
# --- heads_that_only_the_model_fixes
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, heads=8, dim=32, span=13):
        super().__init__()
        self.span = span
        self.table = nn.Parameter(torch.zeros(heads, dim, span))

    def forward(self, queries):
        # queries: (batch, blocks, length, heads, dim)
        batch, blocks, length, heads, dim = queries.shape
        rows = queries.permute(0, 3, 1, 2, 4).reshape(batch, heads, blocks * length, dim)
        return torch.matmul(rows, self.table).reshape(batch, heads, blocks, length, self.span)
