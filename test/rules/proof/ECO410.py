import numpy as np
import torch


def comprehension(x):
    rows = x.detach().tolist()
    return torch.tensor([np.array(row) for row in rows]).double() * x.double().sum()


def display(x):
    return torch.tensor([np.zeros(3), np.zeros(3)], dtype=torch.float32) + x.sum()


CASES = {f.__name__: ((lambda f=f: f), lambda: [torch.randn(6, 4)]) for f in (comprehension, display)}
