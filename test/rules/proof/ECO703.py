import torch
from torch import nn
import torch.nn.functional as F


def direct(x):
    y = torch.arange(6) % 4
    return F.cross_entropy(F.log_softmax(x, dim=1), y)


def named(x):
    y = torch.arange(6) % 4
    logp = torch.log_softmax(x, 1)
    return nn.CrossEntropyLoss()(logp, y)


CASES = {f.__name__: ((lambda f=f: f), lambda: [torch.randn(6, 4)]) for f in (direct, named)}
