"""numpy's functions that move, join and cut arrays."""
import torch

from ._array import array
from ._array import as_tensor
from ._array import ndarray
from ._functions import _array
from ._functions import concatenate
from ._functions import flip
from ._functions import stack

_MODES = {'edge': 'nearest', 'reflect': 'reflect', 'symmetric': 'symmetric', 'wrap': 'wrap'}


def _widths(pad_width, dims):
    """One (before, after) per dimension, from any of the spellings that numpy takes."""
    if isinstance(pad_width, ndarray):
        pad_width = pad_width.tolist()
    if isinstance(pad_width, int):
        return [(pad_width, pad_width)] * dims
    if isinstance(pad_width[0], int):
        return [(pad_width[0], pad_width[-1])] * dims
    pairs = [(p[0], p[-1]) for p in pad_width]
    return pairs * dims if len(pairs) == 1 else pairs


def _source(i, n, mode):
    """Which item of `n` stands at place `i`, which may be outside."""
    if mode == 'nearest':
        return min(max(i, 0), n - 1)
    if mode == 'wrap' or n == 1:
        return i % n
    period = 2 * n if mode == 'symmetric' else 2 * (n - 1)
    i = i % period
    if i < n:
        return i
    return period - 1 - i if mode == 'symmetric' else period - i


def pad(x, pad_width, mode='constant', constant_values=0, **kwargs):
    t = as_tensor(x)
    widths = _widths(pad_width, t.dim())
    if mode == 'constant':
        flat = []
        for before, after in reversed(widths):
            flat += [before, after]
        return ndarray(torch.nn.functional.pad(t, flat, value=constant_values))
    for axis, (before, after) in enumerate(widths):
        n = t.shape[axis]
        t = torch.index_select(t, axis, torch.tensor([_source(i, n, _MODES[mode]) for i in range(-before, n + after)]))
    return ndarray(t)


def _at_least(n):
    def function(*arrays):
        out = []
        for x in arrays:
            t = as_tensor(x)
            if n == 3 and t.dim() == 2:
                t = t.unsqueeze(2)
            elif n == 3 and t.dim() == 1:
                t = t.reshape(1, -1, 1)
            while t.dim() < n:
                t = t.unsqueeze(0)
            out.append(ndarray(t))
        return out[0] if len(out) == 1 else tuple(out)
    return function


atleast_1d = _at_least(1)
atleast_2d = _at_least(2)
atleast_3d = _at_least(3)


def column_stack(arrays):
    return ndarray(torch.column_stack([as_tensor(a) for a in arrays]))


def dstack(arrays):
    return ndarray(torch.dstack([as_tensor(a) for a in arrays]))


def block(arrays):
    def join(part, depth):
        if not isinstance(part, list):
            return _array(part), 0
        inner = [join(p, depth + 1) for p in part]
        height = inner[0][1] + 1
        return concatenate([a for a, _ in inner], -height), height
    return join(arrays, 0)[0]


def array_split(x, sections, axis=0):
    sections = sections if isinstance(sections, int) else list(_array(sections).tolist())
    return [ndarray(part) for part in torch.tensor_split(as_tensor(x), sections, dim=axis)]


def hsplit(x, sections):
    return array_split(x, sections, 1 if as_tensor(x).dim() > 1 else 0)


def vsplit(x, sections):
    return array_split(x, sections, 0)


def dsplit(x, sections):
    return array_split(x, sections, 2)


def rot90(x, k=1, axes=(0, 1)):
    t = as_tensor(x)
    for _ in range(k % 4):
        t = torch.flip(t.transpose(axes[0], axes[1]), [axes[0] % t.dim()])
    return ndarray(t)


def fliplr(x):
    return flip(x, 1)


def flipud(x):
    return flip(x, 0)


def rollaxis(x, axis, start=0):
    t = as_tensor(x)
    axis, start = axis % t.dim(), start + t.dim() if start < 0 else start
    return ndarray(torch.movedim(t, axis, start - 1 if axis < start else start))


def delete(x, obj, axis=None):
    t = as_tensor(x)
    if axis is None:
        t, axis = t.reshape(-1), 0
    n = t.shape[axis]
    gone = list(range(n))[obj] if isinstance(obj, slice) else _array(obj).flatten().tolist()
    gone = [i % n for i in gone]
    return ndarray(torch.index_select(t, axis, torch.tensor([i for i in range(n) if i not in gone], dtype=torch.int64)))


def insert(x, obj, values, axis=None):
    t = as_tensor(x)
    if axis is None:
        t, axis = t.reshape(-1), 0
    at = obj % (t.shape[axis] + 1) if obj >= 0 else obj + t.shape[axis]
    new = as_tensor(values).to(t.dtype)
    if t.dim() == 1:
        new = new.reshape(-1)
    else:
        sizes = list(t.shape)
        sizes[axis] = 1
        new = new.expand(sizes) if new.dim() < t.dim() else new
    before, after = torch.tensor_split(t, [at], dim=axis)
    return ndarray(torch.cat([before, new, after], dim=axis))


def diag(x, k=0):
    t = as_tensor(x)
    if t.dim() == 2:
        return ndarray(torch.diagonal(t, k))
    n = t.shape[0] + abs(k)
    square = torch.zeros(n, n, dtype=t.dtype)
    for i in range(t.shape[0]):
        square[i + max(-k, 0), i + max(k, 0)] = t[i]
    return ndarray(square)


def diagonal(x, offset=0, axis1=0, axis2=1):
    return ndarray(torch.diagonal(as_tensor(x), offset, axis1, axis2))


def diagflat(x, k=0):
    return diag(as_tensor(x).reshape(-1), k)


def fill_diagonal(x, value, wrap=False):
    for i in range(min(x.shape)):
        x[(i,) * x.ndim] = value


def tri(n, m=None, k=0, dtype=float):
    m = n if m is None else m
    return array([[1 if j <= i + k else 0 for j in range(m)] for i in range(n)], dtype)


def copy(x, order='K'):
    return _array(x).copy()


def copyto(target, source, **kwargs):
    target._tensor.copy_(as_tensor(source))


def resize(x, new_shape):
    flat = as_tensor(x).reshape(-1)
    shape = (new_shape,) if isinstance(new_shape, int) else tuple(new_shape)
    count = 1
    for n in shape:
        count = count * n
    turns = -(-count // flat.shape[0])
    return ndarray(flat.repeat(turns)[:count].reshape(shape))


def apply_along_axis(function, axis, x, *args, **kwargs):
    moved = torch.movedim(as_tensor(x), axis, -1)
    lead = tuple(moved.shape[:-1])
    rows = moved.reshape(-1, moved.shape[-1])
    out = stack([_array(function(ndarray(row), *args, **kwargs)) for row in rows])
    out = out.reshape(lead + out.shape[1:])
    return out if out.ndim == len(lead) else ndarray(torch.movedim(out._tensor, -1, axis))


def broadcast_arrays(*arrays):
    return tuple([ndarray(t) for t in torch.broadcast_tensors(*[as_tensor(a) for a in arrays])])


def broadcast_shapes(*shapes):
    return tuple(torch.broadcast_shapes(*shapes))


def matrix_transpose(x):
    return ndarray(as_tensor(x).transpose(-2, -1))


def ediff1d(x):
    t = as_tensor(x).reshape(-1)
    return ndarray(t[1:] - t[:-1])


def unstack(x, axis=0):
    return tuple([ndarray(t) for t in torch.unbind(as_tensor(x), axis)])
