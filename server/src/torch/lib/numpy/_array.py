"""The array: a torch tensor behind numpy's methods."""
import math

import torch

from ._dtypes import of_torch
from ._dtypes import scalar
from ._dtypes import torch_dtype


def unwrap(x):
    """The tensor of an array, anything else as it is."""
    return x._tensor if isinstance(x, ndarray) else x


def wrap(x):
    return ndarray(x) if isinstance(x, torch.Tensor) else x


def given(t):
    """What an operation gives: a number for no dimensions, else an array."""
    return scalar(t.item(), of_torch(t.dtype)) if t.dim() == 0 else ndarray(t)


def as_tensor(x):
    if isinstance(x, ndarray):
        return x._tensor
    if isinstance(x, torch.Tensor):
        return x
    return array(x)._tensor


def _runs_back(key):
    parts = key if isinstance(key, tuple) else (key,)
    return any([isinstance(k, slice) and k.step is not None and k.step < 0 for k in parts])


class ndarray:
    __array_priority__ = 1000

    def __init__(self, tensor):
        self._tensor = tensor

    @property
    def shape(self):
        return tuple(self._tensor.shape)

    @property
    def ndim(self):
        return self._tensor.dim()

    @property
    def size(self):
        return self._tensor.numel()

    @property
    def dtype(self):
        return of_torch(self._tensor.dtype)

    @property
    def T(self):
        return ndarray(self._tensor.permute(*range(self._tensor.dim() - 1, -1, -1)))

    @property
    def nbytes(self):
        return self._tensor.numel() * self._tensor.element_size()

    @property
    def flat(self):
        return iter(self._tensor.reshape(-1).tolist())

    def __len__(self):
        return len(self._tensor)

    def __iter__(self):
        for i in range(len(self._tensor)):
            yield self[i]

    def _index(self, key):
        if isinstance(key, tuple):
            return tuple([unwrap(k) for k in key])
        return unwrap(key)

    def __getitem__(self, key):
        if torch._C._is_unknown(key):
            # arrays live on the host: no work of the device depends on which element it is
            return torch._C._unknown('an element of an array at an unknown index')
        back = not isinstance(key, int) and _runs_back(key)
        picked = self._forwards(key) if back else self._tensor[self._index(key)]
        return given(picked)

    def _forwards(self, key):
        """Slices with a negative step, which torch does not take, as places to pick."""
        key = list(key) if isinstance(key, tuple) else [key]
        named = len([k for k in key if k is not None and k is not Ellipsis])
        t, axis = self._tensor, 0
        for i, k in enumerate(key):
            if k is Ellipsis:
                axis += t.dim() - named
            elif k is not None:
                if isinstance(k, slice) and k.step is not None and k.step < 0:
                    t = torch.index_select(t, axis, torch.tensor(list(range(t.shape[axis]))[k], dtype=torch.int64))
                    key[i] = slice(None)
                axis += 1
        return t[self._index(tuple(key))]

    def __setitem__(self, key, value):
        value = unwrap(value)
        self._tensor[self._index(key)] = value.to(self._tensor.dtype) if isinstance(value, torch.Tensor) else value

    def item(self, *args):
        return self._tensor.item()

    def tolist(self):
        return self._tensor.tolist()

    def __float__(self):
        return float(self._tensor.item())

    def __int__(self):
        return int(self._tensor.item())

    def __bool__(self):
        return bool(self._tensor.item())

    def __index__(self):
        return int(self._tensor.item())

    def astype(self, dtype, copy=True):
        return ndarray(self._tensor.to(torch_dtype(dtype)))

    def copy(self):
        return ndarray(self._tensor.clone())

    def reshape(self, *shape, order='C'):
        shape = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
        return ndarray(self._tensor.reshape(shape))

    def flatten(self, order='C'):
        return ndarray(self._tensor.reshape(-1))

    ravel = flatten

    def transpose(self, *axes):
        if not axes:
            return self.T
        return ndarray(self._tensor.permute(axes[0] if isinstance(axes[0], (tuple, list)) else axes))

    def swapaxes(self, a, b):
        return ndarray(self._tensor.transpose(a, b))

    def squeeze(self, axis=None):
        return ndarray(self._tensor.squeeze() if axis is None else self._tensor.squeeze(axis))

    def repeat(self, repeats, axis=None):
        return ndarray(torch.repeat_interleave(self._tensor, unwrap(repeats), dim=axis))

    def fill(self, value):
        self._tensor.fill_(value)

    def _over(self, name, axis, keepdims=False):
        method = getattr(self._tensor, name)
        if axis is None:
            result = method()
        else:
            result = method(dim=axis, keepdim=keepdims)
        return given(result)

    def sum(self, axis=None, dtype=None, keepdims=False):
        return self._over('sum', axis, keepdims)

    def mean(self, axis=None, dtype=None, keepdims=False):
        return ndarray(self._tensor.double())._over('mean', axis, keepdims)

    def prod(self, axis=None, keepdims=False):
        return self._over('prod', axis, keepdims)

    def max(self, axis=None, keepdims=False):
        return self._over('amax', axis, keepdims)

    def min(self, axis=None, keepdims=False):
        return self._over('amin', axis, keepdims)

    def all(self, axis=None):
        return self._over('all', axis)

    def any(self, axis=None):
        return self._over('any', axis)

    def argmax(self, axis=None):
        return self._over('argmax', axis)

    def argmin(self, axis=None):
        return self._over('argmin', axis)

    def argsort(self, axis=-1):
        return ndarray(torch.argsort(self._tensor, dim=axis))

    def cumsum(self, axis=None):
        return ndarray(torch.cumsum(self._tensor.reshape(-1) if axis is None else self._tensor, 0 if axis is None else axis))

    def std(self, axis=None):
        result = torch.std(self._tensor.double(), dim=axis, unbiased=False)
        return given(result)

    def clip(self, low=None, high=None):
        return ndarray(torch.clamp(self._tensor, low, high))

    def round(self, decimals=0):
        return ndarray(torch.round(self._tensor, decimals=decimals))

    def dot(self, other):
        from ._functions import dot
        return dot(self, other)

    def var(self, axis=None):
        return self.std(axis) ** 2

    def cumprod(self, axis=None):
        return ndarray(torch.cumprod(self._tensor.reshape(-1) if axis is None else self._tensor, 0 if axis is None else axis))

    def diagonal(self, offset=0, axis1=0, axis2=1):
        return ndarray(torch.diagonal(self._tensor, offset, axis1, axis2))

    def trace(self, offset=0):
        return torch.diagonal(self._tensor, offset).sum().item()

    def nonzero(self):
        return tuple([ndarray(t) for t in torch.nonzero(self._tensor, as_tuple=True)])

    def take(self, places, axis=None):
        from ._places import take
        return take(self, places, axis)

    def sort(self, axis=-1):
        self._tensor.copy_(torch.sort(self._tensor, dim=axis)[0])

    @property
    def itemsize(self):
        return self._tensor.element_size()

    @property
    def real(self):
        return ndarray(torch.real(self._tensor)) if self._tensor.is_complex() else self

    @property
    def imag(self):
        return ndarray(torch.imag(self._tensor) if self._tensor.is_complex() else torch.zeros_like(self._tensor))

    def conj(self):
        return ndarray(torch.conj(self._tensor))

    def __rmod__(self, other):
        return ndarray(unwrap(other) % self._tensor)

    def __add__(self, other):
        return ndarray(self._tensor + unwrap(other))

    def __radd__(self, other):
        return ndarray(unwrap(other) + self._tensor)

    def __sub__(self, other):
        return ndarray(self._tensor - unwrap(other))

    def __rsub__(self, other):
        return ndarray(unwrap(other) - self._tensor)

    def __mul__(self, other):
        return ndarray(self._tensor * unwrap(other))

    def __rmul__(self, other):
        return ndarray(unwrap(other) * self._tensor)

    def __truediv__(self, other):
        return ndarray(self._real() / unwrap(other))

    def __rtruediv__(self, other):
        return ndarray(unwrap(other) / self._real())

    def _real(self):
        """Integers divide and exponentiate as doubles, as numpy's do."""
        return self._tensor if self._tensor.is_floating_point() or self._tensor.is_complex() else self._tensor.double()

    def __floordiv__(self, other):
        return ndarray(self._tensor // unwrap(other))

    def __rfloordiv__(self, other):
        return ndarray(unwrap(other) // self._tensor)

    def __mod__(self, other):
        return ndarray(self._tensor % unwrap(other))

    def __pow__(self, other):
        return ndarray(self._tensor ** unwrap(other))

    def __rpow__(self, other):
        return ndarray(unwrap(other) ** self._tensor)

    def __matmul__(self, other):
        return self.dot(other)

    def __neg__(self):
        return ndarray(-self._tensor)

    def __abs__(self):
        return ndarray(self._tensor.abs())

    def __invert__(self):
        return ndarray(~self._tensor)

    def __and__(self, other):
        return ndarray(self._tensor & unwrap(other))

    def __or__(self, other):
        return ndarray(self._tensor | unwrap(other))

    def __xor__(self, other):
        return ndarray(self._tensor ^ unwrap(other))

    def __eq__(self, other):
        return ndarray(self._tensor == unwrap(other))

    def __ne__(self, other):
        return ndarray(self._tensor != unwrap(other))

    def __lt__(self, other):
        return ndarray(self._tensor < unwrap(other))

    def __le__(self, other):
        return ndarray(self._tensor <= unwrap(other))

    def __gt__(self, other):
        return ndarray(self._tensor > unwrap(other))

    def __ge__(self, other):
        return ndarray(self._tensor >= unwrap(other))

    __hash__ = None

    def __repr__(self):
        return f'array({self.tolist()})'


def array(data, dtype=None, copy=True, ndmin=0):
    if isinstance(data, ndarray):
        t = data._tensor.clone() if copy else data._tensor
    elif isinstance(data, torch.Tensor):
        t = data.detach()
    elif (kind := torch._C._numbers_in(data)) is not None:
        t = torch.tensor(data, dtype=torch.float64 if dtype is None and kind == 'float' else None)
    else:
        t = torch.tensor(_plain(data), dtype=torch.float64 if dtype is None and _has_float(data) else None)
    if dtype is not None:
        t = t.to(torch_dtype(dtype))
    while t.dim() < ndmin:
        t = t.unsqueeze(0)
    return ndarray(t)


def _plain(data):
    if isinstance(data, ndarray):
        return data.tolist()
    if isinstance(data, (list, tuple, range)):
        return [_plain(x) for x in data]
    return data


def _has_float(data):
    if isinstance(data, ndarray):
        return data._tensor.is_floating_point()
    if isinstance(data, (list, tuple)):
        return any([_has_float(x) for x in data])
    return isinstance(data, float)


def asarray(data, dtype=None, **kwargs):
    if isinstance(data, ndarray) and dtype is None:
        return data
    return array(data, dtype, copy=False)


def _shape(shape):
    return tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)


def zeros(shape, dtype=float, order='C'):
    return ndarray(torch.zeros(_shape(shape), dtype=torch_dtype(dtype)))


def ones(shape, dtype=float, order='C'):
    return ndarray(torch.ones(_shape(shape), dtype=torch_dtype(dtype)))


def full(shape, fill_value, dtype=None):
    return ndarray(torch.full(_shape(shape), fill_value, dtype=torch_dtype(dtype if dtype is not None else type(fill_value))))


def zeros_like(a, dtype=None):
    return ndarray(torch.zeros_like(as_tensor(a), dtype=torch_dtype(dtype)))


def ones_like(a, dtype=None):
    return ndarray(torch.ones_like(as_tensor(a), dtype=torch_dtype(dtype)))


def full_like(a, fill_value, dtype=None):
    return ndarray(torch.full_like(as_tensor(a), fill_value, dtype=torch_dtype(dtype)))


def eye(n, m=None, k=0, dtype=float):
    if k == 0:
        return ndarray(torch.eye(n, n if m is None else m, dtype=torch_dtype(dtype)))
    m = n if m is None else m
    return array([[1.0 if j - i == k else 0.0 for j in range(m)] for i in range(n)], dtype)


def arange(start, stop=None, step=1, dtype=None):
    if stop is None:
        start, stop = 0, start
    if dtype is None and any([isinstance(x, float) for x in (start, stop, step)]):
        dtype = float
    return ndarray(torch.arange(start, stop, step, dtype=torch_dtype(dtype)))


def linspace(start, stop, num=50, endpoint=True, dtype=None):
    step = (stop - start) / ((num - 1 if endpoint else num) or 1)
    values = [start + step * i for i in range(num)]
    if endpoint and num > 1:
        values[-1] = float(stop)
    result = ndarray(torch.tensor(values, dtype=torch.float64))
    return result if dtype is None else result.astype(dtype)


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None):
    values = [math.pow(base, x) for x in linspace(start, stop, num, endpoint).tolist()]
    return array(values, dtype if dtype is not None else float)


def meshgrid(*arrays, indexing='xy'):
    return [ndarray(t) for t in torch.meshgrid(*[as_tensor(a) for a in arrays], indexing=indexing)]
