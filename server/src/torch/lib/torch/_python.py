"""Checks and symbolic arithmetic.

In a file of their own: torch's namespace also holds dtypes called `float`, `int` and `bool`,
and operators called `max`, `min` and `sum`.
"""
import torch


def typename(obj):
    if isinstance(obj, torch.Tensor):
        return obj.type()
    cls = obj if isinstance(obj, type) else type(obj)
    module = cls.__module__
    return cls.__qualname__ if module in (None, 'builtins') else f'{module}.{cls.__qualname__}'


def norm_except_dim(v, pow=2, dim=0):
    """The norm over all dimensions but one, which stays."""
    if dim == -1:
        return v.norm(pow)
    if dim == 0:
        return v.contiguous().view(v.size(0), -1).norm(pow, 1).view([v.size(0)] + [1] * (v.dim() - 1))
    if dim == v.dim() - 1:
        return v.contiguous().view(-1, v.size(dim)).norm(pow, 0).view([1] * (v.dim() - 1) + [v.size(dim)])
    return norm_except_dim(v.transpose(0, dim), pow, 0).transpose(0, dim)


def is_storage(obj):
    return False


def _assert(condition, message=''):
    # a tensor's truth is data: only what is certain can fail
    if torch._C._is_known(condition) and not condition:
        raise AssertionError(message)


def _check(cond, message=None):
    if torch._C._is_known(cond) and not cond:
        raise RuntimeError(message() if message is not None else 'Expected cond to be True, but got False.')


def _check_with(error_type, cond, message=None):
    if torch._C._is_known(cond) and not cond:
        raise error_type(message() if message is not None else 'Expected cond to be True, but got False.')


def _check_value(cond, message=None):
    _check_with(ValueError, cond, message)


def _check_type(cond, message=None):
    _check_with(TypeError, cond, message)


def _check_index(cond, message=None):
    _check_with(IndexError, cond, message)


def _check_not_implemented(cond, message=None):
    _check_with(NotImplementedError, cond, message)


def _check_is_size(i, message=None, max=None):
    _check(i >= 0, message)


def _check_tensor_all(cond, message=None):
    _check(cond.all(), message)


def _check_tensor_all_with(error_type, cond, message=None):
    _check_with(error_type, cond.all(), message)


def sym_int(a):
    return int(a)


def sym_float(a):
    return float(a)


def sym_not(a):
    return not a


def sym_max(a, b):
    return max(a, b)


def sym_min(a, b):
    return min(a, b)


def sym_sum(args):
    return sum(args)


def sym_ite(b, t, f):
    return t if b else f
