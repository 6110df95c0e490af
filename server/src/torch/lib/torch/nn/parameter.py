"""Parameters and buffers."""
import torch
from torch._C import Parameter


class Buffer(torch.Tensor):
    """`module.x = Buffer(t)` registers `t` as a buffer, kept in the state_dict when `persistent`."""

    def __new__(cls, data=None, *, persistent=True):
        t = super().__new__(cls, torch.empty(0) if data is None else data)
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
