import torch
import torch.nn.functional as F


def softmax(x):
    return torch.log(torch.softmax(x, dim=-1))


def named(x):
    p = F.softmax(x, dim=1)
    return torch.log(p)


def sigmoid(x):
    return torch.log(torch.sigmoid(x))


def one():
    return [torch.randn(8, 11)]


CASES = {f.__name__: ((lambda f=f: f), one) for f in (softmax, named, sigmoid)}
