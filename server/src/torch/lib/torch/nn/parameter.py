"""Parameters and buffers."""
import torch
from torch._C import Parameter


class Buffer:
    """`module.x = Buffer(t)` registers `t` as a buffer: Module.__setattr__ reads the two marks."""

    def __new__(cls, data=None, *, persistent=True):
        if data is None:
            data = torch.empty(0)
        t = data.detach().requires_grad_(data.requires_grad)
        t._is_buffer = True
        t.persistent = persistent
        return t


class UninitializedTensorMixin:
    pass


class UninitializedParameter(UninitializedTensorMixin):
    def __init__(self, requires_grad=True, device=None, dtype=None):
        self.requires_grad = requires_grad
        self.device = device
        self.dtype = dtype


class UninitializedBuffer(UninitializedTensorMixin):
    def __init__(self, requires_grad=False, device=None, dtype=None, persistent=True):
        self.requires_grad = requires_grad
        self.device = device
        self.dtype = dtype


def is_lazy(param):
    return isinstance(param, UninitializedTensorMixin)
