import torch
from torch import nn


class Rms(nn.Module):
    def __init__(self, eps: float = 1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.randn(33))

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps))


class Upcast(nn.Module):
    def __init__(self, eps: float = 1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.randn(33))

    def forward(self, x):
        dtype = x.dtype
        x = x.to(torch.float32)
        variance = x.pow(2).mean(-1, keepdim=True)
        x = x * torch.rsqrt(variance + self.eps)
        return self.weight * x.to(dtype)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.Parameter(torch.randn(33))

    def forward(self, x):
        mean = x.mean(dim=-1, keepdim=True)
        var = x.var(dim=-1, keepdim=True, unbiased=False)
        return self.g * (x - mean) / torch.sqrt(var + 1e-5)


def centred(x, w, eps=1e-5):
    mean = x.mean(-1, keepdim=True)
    d = x - mean
    return w * (d / torch.sqrt((d * d).mean(-1, keepdim=True) + eps))


def quotient(x, w, eps: float = 1e-6):
    return w * (x / torch.sqrt(torch.mean(x**2, dim=-1, keepdim=True) + eps))


def one():
    return [torch.randn(4, 7, 33) * 3]


def one_and_weight():
    return [torch.randn(4, 7, 33) * 3, torch.randn(33)]


CASES = {f.__name__: ((lambda f=f: f), one_and_weight) for f in (centred, quotient)}
CASES |= {c.__name__: (c, one) for c in (Rms, Upcast, Layer)}
