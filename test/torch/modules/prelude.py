"""What the cases' expressions use; runs under CPython (with either torch) and in our machine."""
import collections
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F


def f(*shape):
    return torch.randn(*shape)


def i(high, *shape):
    return torch.randint(0, high, shape)


def b(*shape):
    return torch.rand(*shape) < 0.3


def pack(x, lengths, **options):
    return nn.utils.rnn.pack_padded_sequence(x, lengths, **options)


def describe(value):
    """Shapes and dtypes of a result, as plain values."""
    if isinstance(value, torch.Tensor):
        return [list(value.shape), str(value.dtype)]
    if isinstance(value, (tuple, list)):
        return [describe(v) for v in value]
    if isinstance(value, dict):
        return {k: describe(v) for k, v in value.items()}
    if value is None or isinstance(value, (int, float, str, bool)):
        return value
    return type(value).__name__


def facts(m):
    """Everything of a module that is compared, as one text."""
    return str([
        [[k, list(p.shape), str(p.dtype), p.requires_grad] for k, p in m.named_parameters()],
        [[k, list(t.shape), str(t.dtype)] for k, t in m.named_buffers()],
        list(m.state_dict()),
        [[k, type(x).__name__] for k, x in m.named_modules()],
    ])
