"""torch.masked: reductions and normalisations over the elements that a mask keeps; the others are filled in first."""
import math

import torch


def _filled(input, mask, value):
    return input if mask is None else torch.where(mask, input, torch.full((), value, dtype=input.dtype, device=input.device))


def _reduction(name, value):
    def function(input, dim=None, *, keepdim=False, dtype=None, mask=None):
        input = input if dtype is None else input.to(dtype)
        filled = _filled(input, mask, value)
        dims = tuple(range(filled.dim())) if dim is None else dim
        return getattr(torch, name)(filled, dims, keepdim=keepdim)
    return function


sum = _reduction('sum', 0)
amax = _reduction('amax', -math.inf)
amin = _reduction('amin', math.inf)
logsumexp = _reduction('logsumexp', -math.inf)


def prod(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    filled = _filled(input if dtype is None else input.to(dtype), mask, 1)
    if dim is None:
        return filled.prod()
    for d in sorted([x % filled.dim() for x in (dim if isinstance(dim, (tuple, list)) else (dim,))], reverse=True):
        filled = filled.prod(d, keepdim=keepdim)
    return filled


def _count(input, dim, keepdim, mask):
    ones = torch.ones(input.shape, dtype=torch.int64, device=input.device)
    return sum(ones, dim, keepdim=keepdim, mask=mask)


def mean(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    if mask is None:
        return torch.mean(input, tuple(range(input.dim())) if dim is None else dim, keepdim=keepdim, dtype=dtype)
    return sum(input, dim, keepdim=keepdim, dtype=dtype, mask=mask) / _count(input, dim, keepdim, mask)


def var(input, dim=None, unbiased=None, *, keepdim=False, dtype=None, mask=None):
    input = input if dtype is None else input.to(dtype)
    count = _count(input, dim, True, mask)
    centre = sum(input, dim, keepdim=True, mask=mask) / count
    total = sum((input - centre).square(), dim, keepdim=keepdim, mask=mask)
    count = _count(input, dim, keepdim, mask)
    if unbiased is None or unbiased:
        count = (count - 1).clamp(min=0)
    return total / count


def std(input, dim=None, unbiased=None, *, keepdim=False, dtype=None, mask=None):
    return torch.sqrt(var(input, dim, unbiased, keepdim=keepdim, dtype=dtype, mask=mask))


def norm(input, ord=2.0, dim=None, *, keepdim=False, dtype=None, mask=None):
    return torch.linalg.vector_norm(_filled(input, mask, 0), ord, dim, keepdim, dtype=dtype)


def _along(name, value):
    def function(input, dim, *, dtype=None, mask=None):
        input = input if dtype is None else input.to(dtype)
        return getattr(torch, name)(_filled(input, mask, value), dim)
    return function


cumsum = _along('cumsum', 0)
cumprod = _along('cumprod', 1)
softmax = _along('softmax', -math.inf)
log_softmax = _along('log_softmax', -math.inf)


def softmin(input, dim, *, dtype=None, mask=None):
    input = input if dtype is None else input.to(dtype)
    return torch.nn.functional.softmin(_filled(input, mask, math.inf), dim)


def argmax(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    return torch.argmax(_filled(input, mask, -math.inf), dim, keepdim).to(input.dtype if dtype is None else dtype)


def argmin(input, dim=None, *, keepdim=False, dtype=None, mask=None):
    return torch.argmin(_filled(input, mask, math.inf), dim, keepdim).to(input.dtype if dtype is None else dtype)


def normalize(input, ord, dim, *, eps=1e-12, dtype=None, mask=None):
    input = input if dtype is None else input.to(dtype)
    size = norm(input, ord, dim, keepdim=True, mask=mask)
    return _filled(input, mask, 0) / torch.maximum(size, torch.full((), eps, dtype=size.dtype))
