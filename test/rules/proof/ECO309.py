import torch


def collect(x, w):
    out = x[:1]
    for i in range(1, len(x)):
        out = torch.cat([out, x[i : i + 1] * w], dim=0)
    return out


def from_empty(x, w):
    out = torch.empty(0, 4)
    for row in x:
        out = torch.cat((out, (row * w)[None]))
    return out


def one():
    return [torch.randn(6, 4), torch.randn(4)]


CASES = {f.__name__: ((lambda f=f: f), one) for f in (collect, from_empty)}
