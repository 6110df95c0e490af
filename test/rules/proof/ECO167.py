import torch
import torch.nn.functional as F


def softmax(x):
    return torch.softmax(x, dim=-1).argmax(dim=-1)


def log_softmax(x):
    return torch.argmax(F.log_softmax(x, 1), 1)


def sigmoid(x):
    return x.sigmoid().argmax(-1)


CASES = {f.__name__: ((lambda f=f: f), lambda: [torch.randn(64, 33)]) for f in (softmax, log_softmax, sigmoid)}
