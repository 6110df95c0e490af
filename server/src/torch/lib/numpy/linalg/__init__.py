"""numpy.linalg."""
import torch

from .._array import as_tensor
from .._array import ndarray


def norm(x, ord=None, axis=None, keepdims=False):
    result = torch.linalg.vector_norm(as_tensor(x).double(), 2 if ord is None else ord, axis, keepdims)
    return result.item() if result.dim() == 0 else ndarray(result)


def inv(x):
    return ndarray(torch.linalg.inv(as_tensor(x)))


def pinv(x):
    return ndarray(torch.linalg.pinv(as_tensor(x)))


def det(x):
    return torch.linalg.det(as_tensor(x)).item()


def svd(x, full_matrices=True):
    return tuple([ndarray(t) for t in torch.linalg.svd(as_tensor(x), full_matrices)])


def qr(x):
    return tuple([ndarray(t) for t in torch.linalg.qr(as_tensor(x))])


def eigh(x):
    return tuple([ndarray(t) for t in torch.linalg.eigh(as_tensor(x))])


def solve(a, b):
    return ndarray(torch.linalg.solve(as_tensor(a), as_tensor(b)))
