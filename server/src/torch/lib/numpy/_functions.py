"""numpy's functions: Python numbers in, Python numbers out; arrays through torch."""
import builtins
import math

import torch

from ._array import array
from ._array import as_tensor
from ._array import given
from ._array import ndarray
from ._array import wrap
from ._dtypes import scalar as _scalar


def _is_number(x):
    return isinstance(x, (int, float))


def _result(t):
    return given(t)


def _real(x):
    t = as_tensor(x)
    return t if t.is_floating_point() or t.is_complex() else t.double()


def _unary(scalar, tensor):
    def function(x, *args, **kwargs):
        if _is_number(x):
            y = scalar(x)
            return _scalar(y)
        if isinstance(x, torch.Tensor):
            return tensor(x)
        return ndarray(tensor(_real(x)))
    return function


def _log(f):
    return lambda x: f(x) if x > 0 else (-math.inf if x == 0 else math.nan)


sqrt = _unary(lambda x: math.sqrt(x) if x >= 0 else math.nan, torch.sqrt)
exp = _unary(math.exp, torch.exp)
log = _unary(_log(math.log), torch.log)
log2 = _unary(_log(math.log2), torch.log2)
log10 = _unary(_log(math.log10), torch.log10)
log1p = _unary(math.log1p, torch.log1p)
sin = _unary(math.sin, torch.sin)
cos = _unary(math.cos, torch.cos)
tan = _unary(math.tan, torch.tan)
tanh = _unary(math.tanh, torch.tanh)
sinh = _unary(math.sinh, torch.sinh)
cosh = _unary(math.cosh, torch.cosh)
arcsin = _unary(math.asin, torch.asin)
arccos = _unary(math.acos, torch.acos)
arctan = _unary(math.atan, torch.atan)
ceil = _unary(lambda x: float(math.ceil(x)), torch.ceil)
floor = _unary(lambda x: float(math.floor(x)), torch.floor)
rint = _unary(lambda x: float(builtins.round(x)), torch.round)
deg2rad = _unary(math.radians, torch.deg2rad)
cbrt = _unary(lambda x: math.copysign(builtins.abs(x) ** (1 / 3), x), lambda t: t.sign() * t.abs() ** (1 / 3))
isnan = _unary(math.isnan, torch.isnan)
isinf = _unary(math.isinf, torch.isinf)
isfinite = _unary(math.isfinite, torch.isfinite)


def _same_kind(scalar, tensor):
    def function(x, *args, **kwargs):
        if _is_number(x):
            return scalar(x)
        return wrap(tensor(as_tensor(x)))
    return function


abs = _same_kind(builtins.abs, torch.abs)
absolute = abs
square = _same_kind(lambda x: x * x, torch.square)
sign = _same_kind(lambda x: (x > 0) - (x < 0), torch.sign)
logical_not = _same_kind(lambda x: not x, torch.logical_not)


def around(x, decimals=0):
    if _is_number(x):
        return builtins.round(x, decimals) if isinstance(x, int) else float(builtins.round(x, decimals))
    return ndarray(torch.round(as_tensor(x), decimals=decimals))


round = around


def _binary(scalar, tensor):
    def function(a, b, *args, **kwargs):
        if _is_number(a) and _is_number(b):
            return scalar(a, b)
        a, b = as_tensor(a), as_tensor(b)
        return ndarray(tensor(a, b))
    return function


maximum = _binary(builtins.max, torch.maximum)
minimum = _binary(builtins.min, torch.minimum)
power = torch._C._on_numbers('**', _binary(lambda a, b: a ** b, torch.pow))
mod = _binary(lambda a, b: a % b, torch.remainder)
arctan2 = _binary(math.atan2, torch.atan2)
logical_and = _binary(lambda a, b: bool(a and b), torch.logical_and)
logical_or = _binary(lambda a, b: bool(a or b), torch.logical_or)
gcd = _binary(math.gcd, torch.gcd)
lcm = _binary(lambda a, b: a * b // math.gcd(a, b), torch.lcm)


def clip(x, low, high):
    if _is_number(x):
        return builtins.max(low, builtins.min(x, high))
    return ndarray(torch.clamp(as_tensor(x), low, high))


def _items(x):
    """The numbers of a flat list or tuple, None for anything else."""
    if isinstance(x, (list, tuple, range)) and builtins.all([_is_number(v) for v in x]):
        return list(x)
    return None


def prod(x, axis=None, dtype=None, keepdims=False):
    items = _items(x)
    if items is None:
        return _array(x).prod(axis, keepdims)
    result = 1 if items else 1.0
    for v in items:
        result = result * v
    return _scalar(result)


def _array(x):
    return x if isinstance(x, ndarray) else array(x)


def _reduction(name, of_items):
    def function(x, axis=None, **kwargs):
        if _is_number(x):
            return x
        items = _items(x)
        if items and axis is None:
            return of_items(items)
        return getattr(_array(x), name)(axis)
    return function


sum = _reduction('sum', builtins.sum)
mean = _reduction('mean', lambda v: builtins.sum(v) / len(v))
max = _reduction('max', builtins.max)
min = _reduction('min', builtins.min)
all = _reduction('all', builtins.all)
any = _reduction('any', builtins.any)
argmax = _reduction('argmax', lambda v: v.index(builtins.max(v)))
argmin = _reduction('argmin', lambda v: v.index(builtins.min(v)))
std = _reduction('std', lambda v: array(v).std())


def var(x, axis=None):
    return std(x, axis) ** 2


def median(x, axis=None):
    values = sorted(_array(x).flatten().tolist())
    n = len(values)
    return (values[(n - 1) // 2] + values[n // 2]) / 2


def cumsum(x, axis=None, dtype=None):
    return _array(x).cumsum(axis)


def cumprod(x, axis=None, dtype=None):
    return ndarray(torch.cumprod(as_tensor(x), 0 if axis is None else axis))


def diff(x, n=1, axis=-1):
    return ndarray(torch.diff(as_tensor(x), n=n, dim=axis))


def argsort(x, axis=-1, **kwargs):
    return _array(x).argsort(axis)


def sort(x, axis=-1, **kwargs):
    return ndarray(torch.sort(as_tensor(x), dim=axis)[0])


def unique(x, return_index=False, return_inverse=False, return_counts=False, axis=None, **kwargs):
    if axis is not None or not (return_index or return_inverse or return_counts):
        return ndarray(torch.unique(as_tensor(x), dim=axis))
    items = _array(x).flatten().tolist()
    values = sorted(set(items))
    out = [array(values, _array(x).dtype)]
    if return_index:
        out.append(array([items.index(v) for v in values], int))
    if return_inverse:
        out.append(array([values.index(v) for v in items], int).reshape(_array(x).shape))
    if return_counts:
        out.append(array([items.count(v) for v in values], int))
    return tuple(out)


def where(condition, x=None, y=None):
    if x is None:
        return tuple([ndarray(t) for t in torch.where(as_tensor(condition))])
    return ndarray(torch.where(as_tensor(condition), as_tensor(x), as_tensor(y)))


def searchsorted(a, v, side='left', sorter=None):
    edges, values = as_tensor(a), as_tensor(v)
    values = values.unsqueeze(-1)
    return _result((edges <= values if side == 'right' else edges < values).sum(-1))


def concatenate(arrays, axis=0, **kwargs):
    return ndarray(torch.cat([as_tensor(a) for a in arrays], dim=axis))


def stack(arrays, axis=0):
    return ndarray(torch.stack([as_tensor(a) for a in arrays], dim=axis))


def hstack(arrays):
    return ndarray(torch.hstack([as_tensor(a) for a in arrays]))


def vstack(arrays):
    return ndarray(torch.vstack([as_tensor(a) for a in arrays]))


def append(a, values, axis=None):
    return concatenate([_array(a).flatten(), _array(values).flatten()]) if axis is None else concatenate([a, values], axis)


def split(x, sections, axis=0):
    t = as_tensor(x)
    if isinstance(sections, int):
        return [ndarray(part) for part in torch.split(t, t.shape[axis] // sections, dim=axis)]
    return [ndarray(part) for part in torch.tensor_split(t, list(sections), dim=axis)]


def reshape(x, shape, order='C'):
    return _array(x).reshape(shape)


def ravel(x):
    return _array(x).flatten()


def transpose(x, axes=None):
    return _array(x).transpose(*([] if axes is None else [axes]))


def swapaxes(x, a, b):
    return _array(x).swapaxes(a, b)


def moveaxis(x, source, destination):
    return ndarray(torch.movedim(as_tensor(x), source, destination))


def squeeze(x, axis=None):
    return _array(x).squeeze(axis)


def expand_dims(x, axis):
    return ndarray(as_tensor(x).unsqueeze(axis))


def repeat(x, repeats, axis=None):
    return _array(x).repeat(repeats, axis)


def tile(x, reps):
    return ndarray(torch.tile(as_tensor(x), (reps,) if isinstance(reps, int) else tuple(reps)))


def roll(x, shift, axis=None):
    return ndarray(torch.roll(as_tensor(x), shift, axis))


def flip(x, axis=None):
    t = as_tensor(x)
    return ndarray(torch.flip(t, list(range(t.dim())) if axis is None else [axis] if isinstance(axis, int) else list(axis)))


def broadcast_to(x, shape):
    return ndarray(as_tensor(x).expand(shape))


def tril(x, k=0):
    return ndarray(torch.tril(as_tensor(x), k))


def triu(x, k=0):
    return ndarray(torch.triu(as_tensor(x), k))


def dot(a, b):
    if _is_number(a) or _is_number(b):
        return a * b
    return _result(product(as_tensor(a), as_tensor(b)))


def together(*tensors):
    """The tensors in the one dtype that numpy would compute in: torch's products do not promote."""
    kind = tensors[0].dtype
    for t in tensors[1:]:
        kind = torch.promote_types(kind, t.dtype)
    return [t.to(kind) for t in tensors]


def product(a, b):
    """The matrix product: small ones by products and sums, whose values are kept."""
    if a.dim() not in (1, 2) or b.dim() not in (1, 2) or a.numel() * (b.shape[1] if b.dim() == 2 else 1) > 4096:
        return torch.matmul(*together(a, b))
    if b.dim() == 1:
        return (a * b).sum(-1)
    return (a.unsqueeze(-1) * b).sum(-2)


matmul = dot


def outer(a, b):
    return ndarray(torch.outer(as_tensor(a), as_tensor(b)))


def einsum(equation, *operands):
    return _result(torch.einsum(equation, *together(*[as_tensor(o) for o in operands])))


def shape(x):
    return () if _is_number(x) else tuple(as_tensor(x).shape)


def ndim(x):
    return len(shape(x))


def size(x, axis=None):
    s = shape(x)
    return math.prod(s) if axis is None else s[axis]


def isscalar(x):
    return isinstance(x, (int, float, complex, str))


def isclose(a, b, rtol=1e-5, atol=1e-8):
    if _is_number(a) and _is_number(b):
        return builtins.abs(a - b) <= atol + rtol * builtins.abs(b)
    return ndarray(torch.isclose(as_tensor(a), as_tensor(b), rtol, atol))


def allclose(a, b, rtol=1e-5, atol=1e-8):
    close = isclose(a, b, rtol, atol)
    return close if isinstance(close, bool) else close.all()


def array_equal(a, b):
    a, b = as_tensor(a), as_tensor(b)
    return tuple(a.shape) == tuple(b.shape) and bool((a == b).all())
