# --- cat_of_feature_maps
import torch
from torch import nn


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(16, 8, 1)
        self.b = nn.Conv2d(16, 8, 3)

    def forward(self, x):
        a = self.a(x)
        b = self.b(x)
        return torch.cat([a, b], dim=1)


# eco: x=(1,16,20,20)
class Stated(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Inception()

    def forward(self, x):
        return self.body(x)


Stated()(torch.randn(1, 16, 20, 20))
# --- cat_of_feature_maps_fits
import torch
from torch import nn


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(16, 8, 1)
        self.b = nn.Conv2d(16, 8, 3, padding=1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(x)
        return torch.cat([a, b], dim=1)


Inception()(torch.randn(1, 16, 20, 20))
# --- class_token_of_another_width
import torch
from torch import nn


class Tokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Conv2d(3, 96, 16, stride=16)
        self.cls = nn.Parameter(torch.zeros(1, 1, 64))

    def forward(self, x):
        x = self.proj(x).flatten(2).transpose(1, 2)
        cls = self.cls.expand(x.shape[0], -1, -1)
        return torch.cat([cls, x], dim=1)


Tokens()(torch.randn(2, 3, 224, 224))
# --- class_token_of_one_width
import torch
from torch import nn


class Tokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Conv2d(3, 96, 16, stride=16)
        self.cls = nn.Parameter(torch.zeros(1, 1, 96))

    def forward(self, x):
        x = self.proj(x).flatten(2).transpose(1, 2)
        cls = self.cls.expand(x.shape[0], -1, -1)
        return torch.cat([cls, x], dim=1)


Tokens()(torch.randn(2, 3, 224, 224))
# --- stack_of_unequal
import torch
from torch import nn


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(16, 32)
        self.second = nn.Linear(16, 24)

    def forward(self, x):
        outs = [self.first(x), self.second(x)]
        return torch.stack(outs, dim=0).mean(0)


Experts()(torch.randn(4, 16))
# --- stack_of_equal
import torch
from torch import nn


class Experts(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(16, 32)
        self.second = nn.Linear(16, 32)

    def forward(self, x):
        outs = [self.first(x), self.second(x)]
        return torch.stack(outs, dim=0).mean(0)


Experts()(torch.randn(4, 16))
# --- split_sizes_do_not_sum
import torch
from torch import nn


class Split(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(32, 96)

    def forward(self, x):
        q, k, v = self.qkv(x).split([32, 32, 16], dim=-1)
        return q + k + v


Split()(torch.randn(4, 32))
# --- split_sizes_sum
import torch
from torch import nn


class Split(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(32, 96)

    def forward(self, x):
        q, k, v = self.qkv(x).split([32, 32, 32], dim=-1)
        return q + k + v


Split()(torch.randn(4, 32))
