"""numpy's grids and places: `mgrid`, `r_`, `ix_`, indices of conditions, triangles and flat positions."""
import itertools

import torch

from ._array import arange
from ._array import array
from ._array import as_tensor
from ._array import linspace
from ._array import meshgrid
from ._array import given
from ._array import ndarray
from ._array import zeros
from ._functions import _array
from ._functions import concatenate
from ._functions import stack


def _axis(s):
    """The points of a slice: `a:b:step`, or `a:b:nj` for n points from a to b."""
    start = 0 if s.start is None else s.start
    if isinstance(s.step, complex):
        return linspace(start, s.stop, int(abs(s.step)))
    return arange(start, s.stop, 1 if s.step is None else s.step)


class _Grid:
    def __init__(self, sparse):
        self._sparse = sparse

    def __getitem__(self, key):
        if isinstance(key, slice):
            return _axis(key)
        axes = [_axis(s) for s in key]
        if self._sparse:
            return tuple([ndarray(a._tensor.reshape([-1 if i == j else 1 for j in range(len(axes))])) for i, a in enumerate(axes)])
        return stack(meshgrid(*axes, indexing='ij'))


class _Join:
    def __init__(self, columns):
        self._columns = columns

    def __getitem__(self, key):
        parts = [_axis(k) if isinstance(k, slice) else _array(k) for k in (key if isinstance(key, tuple) else (key,))]
        if self._columns:
            parts = [p if p.ndim > 1 else p.reshape(-1, 1) for p in parts]
            return concatenate(parts, -1)
        return concatenate([p if p.ndim > 0 else p.reshape(1) for p in parts])


class _Slices:
    def __getitem__(self, key):
        return key


mgrid = _Grid(False)
ogrid = _Grid(True)
r_ = _Join(False)
c_ = _Join(True)
s_ = _Slices()
index_exp = _Slices()


def ix_(*sequences):
    return tuple([ndarray(as_tensor(s).reshape([-1 if i == j else 1 for j in range(len(sequences))]))
                  for i, s in enumerate(sequences)])


def indices(dimensions, dtype=int):
    return stack(meshgrid(*[arange(n) for n in dimensions], indexing='ij')).astype(dtype)


def ndindex(*shape):
    shape = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    return itertools.product(*[range(n) for n in shape])


def ndenumerate(x):
    x = _array(x)
    for place in ndindex(x.shape):
        yield place, x[place]


def nonzero(x):
    return tuple([ndarray(t) for t in torch.nonzero(as_tensor(x), as_tuple=True)])


def argwhere(x):
    return ndarray(torch.nonzero(as_tensor(x)))


def flatnonzero(x):
    return ndarray(torch.nonzero(as_tensor(x).reshape(-1)).reshape(-1))


def count_nonzero(x, axis=None):
    result = torch.count_nonzero(as_tensor(x), axis)
    return given(result)


def unravel_index(places, shape):
    if isinstance(places, int):
        out = []
        for n in reversed(shape):
            out.append(places % n)
            places = places // n
        return tuple(reversed(out))
    return tuple([ndarray(t) for t in torch.unravel_index(as_tensor(places), tuple(shape))])


def ravel_multi_index(places, dims):
    flat = 0
    for place, n in zip(places, dims):
        flat = flat * n + place
    return flat


def tril_indices(n, k=0, m=None):
    return tuple([ndarray(t) for t in torch.tril_indices(n, n if m is None else m, k)])


def triu_indices(n, k=0, m=None):
    return tuple([ndarray(t) for t in torch.triu_indices(n, n if m is None else m, k)])


def diag_indices(n, ndim=2):
    return (arange(n),) * ndim


def take(x, places, axis=None):
    t = as_tensor(x)
    if axis is None:
        t, axis = t.reshape(-1), 0
    if isinstance(places, int):
        picked = t.select(axis, places)
        return given(picked)
    places = as_tensor(places)
    picked = torch.index_select(t, axis, places.reshape(-1))
    axis = axis % t.dim()
    return ndarray(picked.reshape(tuple(t.shape[:axis]) + tuple(places.shape) + tuple(t.shape[axis + 1:])))


def take_along_axis(x, places, axis):
    return ndarray(torch.take_along_dim(as_tensor(x), as_tensor(places), axis))


def fromfunction(function, shape, dtype=float, **kwargs):
    return function(*[indices(shape, dtype)[i] for i in range(len(shape))], **kwargs)


def fromiter(items, dtype, count=-1):
    items = list(items)
    return array(items if count < 0 else items[:count], dtype) if items else zeros(0, dtype)


class vectorize:
    def __init__(self, function, otypes=None, **kwargs):
        self._function = function
        self._otypes = otypes

    def __call__(self, *arrays):
        tensors = torch.broadcast_tensors(*[as_tensor(a) for a in arrays])
        values = [self._function(*row) for row in zip(*[t.reshape(-1).tolist() for t in tensors])]
        return array(values, self._otypes[0] if self._otypes else None).reshape(tuple(tensors[0].shape))
