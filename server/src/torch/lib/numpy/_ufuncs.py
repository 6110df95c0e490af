"""numpy's universal functions by name: operators, comparisons, bits; with `reduce`, `accumulate` and `outer`."""
import builtins
import math

import torch

from ._array import as_tensor
from ._array import given
from ._array import ndarray
from ._functions import _is_number
from ._functions import _real
from ._functions import _scalar
from ._functions import maximum as _maximum
from ._functions import minimum as _minimum


class ufunc:
    """A function of two arguments. `scalar` combines Python numbers, `tensor` torch tensors."""

    def __init__(self, scalar, tensor):
        self._scalar = scalar
        self._tensor = tensor
        self.nin = 2
        self.nout = 1

    def __call__(self, a, b, out=None, where=True, dtype=None):
        if out is None and _is_number(a) and _is_number(b):
            return _scalar(self._scalar(a, b))
        if isinstance(a, torch.Tensor) and not isinstance(b, ndarray):
            return self._tensor(a, b)
        result = self._tensor(as_tensor(a), as_tensor(b))
        if out is not None:
            target = out[0] if isinstance(out, tuple) else out
            target._tensor.copy_(result)
            return target
        return ndarray(result if dtype is None else ndarray(result).astype(dtype)._tensor)

    def reduce(self, a, axis=0):
        parts = torch.unbind(as_tensor(a), axis)
        total = parts[0]
        for part in parts[1:]:
            total = self._tensor(total, part)
        return given(total)

    def accumulate(self, a, axis=0):
        parts = list(torch.unbind(as_tensor(a), axis))
        for i in range(1, len(parts)):
            parts[i] = self._tensor(parts[i - 1], parts[i])
        return ndarray(torch.stack(parts, axis))

    def outer(self, a, b):
        a, b = as_tensor(a), as_tensor(b)
        return ndarray(self._tensor(a.reshape(tuple(a.shape) + (1,) * b.dim()), b))


def _quotient(a, b):
    if b == 0:
        return math.nan if a == 0 or a != a else math.copysign(math.inf, a)
    return a / b


add = ufunc(lambda a, b: a + b, torch.add)
subtract = ufunc(lambda a, b: a - b, torch.sub)
multiply = ufunc(lambda a, b: a * b, torch.mul)
divide = ufunc(_quotient, lambda a, b: torch.div(_real(a), b))
true_divide = divide
floor_divide = ufunc(lambda a, b: a // b, torch.floor_divide)
fmod = ufunc(math.fmod, torch.fmod)
remainder = ufunc(lambda a, b: a % b, torch.remainder)
float_power = ufunc(lambda a, b: float(a) ** b, lambda a, b: torch.pow(a.double(), b.double()))
hypot = ufunc(math.hypot, lambda a, b: torch.hypot(_real(a), _real(b)))
copysign = ufunc(math.copysign, lambda a, b: torch.copysign(_real(a), _real(b)))
logaddexp = ufunc(lambda a, b: builtins.max(a, b) + math.log1p(math.exp(-builtins.abs(a - b))),
                  lambda a, b: torch.logaddexp(_real(a), _real(b)))
maximum = ufunc(_maximum, torch.maximum)
minimum = ufunc(_minimum, torch.minimum)
fmax = ufunc(_maximum, torch.fmax)
fmin = ufunc(_minimum, torch.fmin)
greater = ufunc(lambda a, b: a > b, torch.gt)
greater_equal = ufunc(lambda a, b: a >= b, torch.ge)
less = ufunc(lambda a, b: a < b, torch.lt)
less_equal = ufunc(lambda a, b: a <= b, torch.le)
equal = ufunc(lambda a, b: a == b, torch.eq)
not_equal = ufunc(lambda a, b: a != b, torch.ne)
logical_and = ufunc(lambda a, b: bool(a and b), torch.logical_and)
logical_or = ufunc(lambda a, b: bool(a or b), torch.logical_or)
logical_xor = ufunc(lambda a, b: bool(a) != bool(b), torch.logical_xor)
bitwise_and = ufunc(lambda a, b: a & b, torch.bitwise_and)
bitwise_or = ufunc(lambda a, b: a | b, torch.bitwise_or)
bitwise_xor = ufunc(lambda a, b: a ^ b, torch.bitwise_xor)
left_shift = ufunc(lambda a, b: a << b, torch.bitwise_left_shift)
right_shift = ufunc(lambda a, b: a >> b, torch.bitwise_right_shift)
