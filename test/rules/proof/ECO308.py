import torch


def squares(a, b):
    return (a[:, None, :] - b[None, :, :]).pow(2).sum(-1)  # seen: sub float32 12x9x33


def in_steps(a, b):
    diff = a.unsqueeze(1) - b.unsqueeze(0)  # seen: sub float32 12x9x33
    return (diff**2).sum(dim=-1)


def manhattan(a, b):
    return (a[:, None, :] - b[None, :, :]).abs().sum(-1)  # seen: sub float32 12x9x33


def one():
    a = torch.randn(12, 33)
    return [a, torch.cat([a[:4].clone(), torch.randn(5, 33)])]


CASES = {f.__name__: ((lambda f=f: f), one) for f in (squares, in_steps, manhattan)}
