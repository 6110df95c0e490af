"""numpy's statistics, sets, windows and small numerical methods."""
import builtins
import math

import torch

from ._array import array
from ._array import as_tensor
from ._array import linspace
from ._array import ndarray
from ._functions import _array
from ._functions import _is_number
from ._functions import _real
from ._functions import _result
from ._functions import _same_kind
from ._functions import _unary
from ._functions import searchsorted
from ._functions import product

exp2 = _unary(lambda x: 2.0 ** x, torch.exp2)
expm1 = _unary(math.expm1, torch.expm1)
radians = _unary(math.radians, torch.deg2rad)
degrees = _unary(math.degrees, torch.rad2deg)
rad2deg = degrees
arcsinh = _unary(math.asinh, torch.asinh)
arccosh = _unary(math.acosh, torch.acosh)
arctanh = _unary(math.atanh, torch.atanh)
fix = _unary(lambda x: float(math.trunc(x)), torch.trunc)
negative = _same_kind(lambda x: -x, torch.neg)
positive = _same_kind(lambda x: x, lambda t: t)
reciprocal = _same_kind(lambda x: type(x)(1 / x), torch.reciprocal)
invert = _same_kind(lambda x: ~x, torch.bitwise_not)
bitwise_not = invert
signbit = _same_kind(lambda x: math.copysign(1, x) < 0, torch.signbit)
conj = _same_kind(lambda x: x, torch.conj)
conjugate = conj
real = _same_kind(lambda x: x, torch.real)


def imag(x):
    return 0 if _is_number(x) else ndarray(torch.imag(as_tensor(x)))


def angle(x, deg=False):
    result = torch.angle(as_tensor(x))
    return _result(torch.rad2deg(result) if deg else result)


def sinc(x):
    if _is_number(x):
        return math.sin(math.pi * x) / (math.pi * x) if x else 1.0
    t = _real(x) * math.pi
    return ndarray(torch.where(t == 0, 1.0, torch.sin(t) / torch.where(t == 0, 1.0, t)))


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    t = as_tensor(x)
    if not t.is_floating_point():
        return _result(t)
    limit = torch.finfo(t.dtype).max
    t = torch.where(torch.isnan(t), nan, t)
    t = torch.where(t == math.inf, limit if posinf is None else posinf, t)
    return _result(torch.where(t == -math.inf, -limit if neginf is None else neginf, t))


def quantile(x, q, axis=None, keepdims=False, **kwargs):
    t = _real(x).double()
    t, axis = (t.reshape(-1), 0) if axis is None else (t, axis)
    t = torch.sort(t, dim=axis)[0]

    def one(q):
        place = q * (t.shape[axis] - 1)
        low = math.floor(place)
        high = builtins.min(low + 1, t.shape[axis] - 1)
        part = t.select(axis, low) + (t.select(axis, high) - t.select(axis, low)) * (place - low)
        return part.unsqueeze(axis) if keepdims else part
    return _result(one(q)) if _is_number(q) else ndarray(torch.stack([one(v) for v in _array(q).tolist()]))


def percentile(x, q, axis=None, keepdims=False, **kwargs):
    return quantile(x, q / 100 if _is_number(q) else _array(q) / 100, axis, keepdims)


def average(x, axis=None, weights=None):
    x = _array(x)
    if weights is None:
        return x.mean(axis)
    weights = _array(weights)
    if axis is not None and weights.ndim < x.ndim:
        weights = ndarray(weights._tensor.reshape([-1 if i == axis % x.ndim else 1 for i in range(x.ndim)]))
    return (x * weights).sum(axis) / (weights + x * 0).sum(axis)


def ptp(x, axis=None):
    x = _array(x)
    return x.max(axis) - x.min(axis)


def _without_nan(name):
    def function(x, axis=None, **kwargs):
        t = _real(x)
        return getattr(ndarray(t[~torch.isnan(t)]), name)() if axis is None else _result(getattr(torch, 'nan' + name)(t, axis))
    return function


nansum = _without_nan('sum')
nanmean = _without_nan('mean')


def nanmax(x, axis=None):
    t = torch.nan_to_num(_real(x), -math.inf, math.inf, -math.inf)
    return _array(t).max(axis)


def nanmin(x, axis=None):
    t = torch.nan_to_num(_real(x), math.inf, math.inf, -math.inf)
    return _array(t).min(axis)


def bincount(x, weights=None, minlength=0):
    return ndarray(torch.bincount(as_tensor(x), None if weights is None else as_tensor(weights), minlength))


def digitize(x, bins, right=False):
    return searchsorted(bins, x, side='left' if right else 'right')


def histogram(x, bins=10, range=None, density=None, weights=None):
    values = _real(x).double().reshape(-1)
    if isinstance(bins, int):
        low, high = (values.min().item(), values.max().item()) if range is None else range
        edges = linspace(low, high, bins + 1)
    else:
        edges = _array(bins).astype(float)
    low, high = edges[:-1]._tensor.reshape(-1, 1), edges[1:]._tensor.reshape(-1, 1)
    inside = (values >= low) & (values < high)
    inside[-1] = inside[-1] | (values == edges._tensor[-1])
    return ndarray(inside.sum(1)), edges


def interp(x, xp, fp, left=None, right=None):
    xp, fp = _array(xp).tolist(), _array(fp).tolist()

    def one(v):
        if v <= xp[0]:
            return float(fp[0] if left is None or v == xp[0] else left)
        if v >= xp[-1]:
            return float(fp[-1] if right is None or v == xp[-1] else right)
        i = builtins.max([j for j, p in enumerate(xp) if p <= v])
        return fp[i] + (fp[i + 1] - fp[i]) * (v - xp[i]) / (xp[i + 1] - xp[i])
    if _is_number(x):
        return one(x)
    x = _array(x)
    return array([one(v) for v in x.flatten().tolist()], float).reshape(x.shape)


def isin(element, test_elements, invert=False, **kwargs):
    found = torch.isin(as_tensor(element), as_tensor(test_elements))
    return _result(~found if invert else found)


in1d = isin


def _set(keep):
    def function(a, b, assume_unique=False):
        a, b = _array(a).flatten(), _array(b).flatten()
        values = sorted(set(keep(a.tolist(), b.tolist())))
        return array(values, a.dtype)
    return function


intersect1d = _set(lambda a, b: [v for v in a if v in b])
union1d = _set(lambda a, b: a + b)
setdiff1d = _set(lambda a, b: [v for v in a if v not in b])


def cross(a, b, axis=-1):
    a, b = torch.unbind(as_tensor(a), axis), torch.unbind(as_tensor(b), axis)
    if len(a) == 2:
        return _result(a[0] * b[1] - a[1] * b[0])
    parts = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    return ndarray(torch.stack(parts, axis))


def inner(a, b):
    if _is_number(a) or _is_number(b):
        return a * b
    return _result(torch.inner(as_tensor(a), as_tensor(b)))


def vdot(a, b):
    return (as_tensor(a).reshape(-1) * as_tensor(b).reshape(-1)).sum().item()


def kron(a, b):
    return ndarray(torch.kron(as_tensor(a), as_tensor(b)))


def tensordot(a, b, axes=2):
    a, b = as_tensor(a), as_tensor(b)
    if isinstance(axes, int):
        axes = (list(range(a.dim() - axes, a.dim())), list(range(axes)))
    left, right = [[v] if isinstance(v, int) else list(v) for v in axes]
    kept_a = [i for i in range(a.dim()) if i not in left]
    kept_b = [i for i in range(b.dim()) if i not in right]
    shared = math.prod([a.shape[i] for i in left])
    rows, columns = a.permute(kept_a + left).reshape(-1, shared), b.permute(right + kept_b).reshape(shared, -1)
    return _result(product(rows, columns).reshape([a.shape[i] for i in kept_a] + [b.shape[i] for i in kept_b]))


def trace(x, offset=0):
    return torch.diagonal(as_tensor(x), offset).sum().item()


def vander(x, n=None, increasing=False):
    t = as_tensor(x)
    n = t.shape[0] if n is None else n
    return ndarray(torch.stack([t ** i for i in (range(n) if increasing else range(n - 1, -1, -1))], 1))


def convolve(a, v, mode='full'):
    a, v = _array(a).tolist(), _array(v).tolist()
    if len(v) > len(a):
        a, v = v, a
    full = [builtins.sum([v[j] * a[i - j] for j in range(len(v)) if 0 <= i - j < len(a)]) for i in range(len(a) + len(v) - 1)]
    if mode == 'full':
        return array(full)
    edge = len(v) - 1
    if mode == 'valid':
        return array(full[edge:len(full) - edge])
    return array(full[edge // 2:edge // 2 + len(a)])


def polyval(p, x):
    y = 0
    for c in _array(p).tolist():
        y = y * x + c
    return y


def gradient(f, spacing=1.0):
    y = _array(f).tolist()
    last = len(y) - 1
    places = [(builtins.max(i - 1, 0), builtins.min(i + 1, last)) for i in range(len(y))]
    return array([(y[j] - y[i]) / ((j - i) * spacing) for i, j in places], float)


def trapezoid(y, x=None, dx=1.0, axis=-1):
    t = torch.movedim(_real(y), axis, -1)
    width = dx if x is None else torch.diff(as_tensor(x))
    return _result(((t[..., 1:] + t[..., :-1]) / 2 * width).sum(-1))


trapz = trapezoid


def cov(m, y=None, rowvar=True, **kwargs):
    t = _real(m)
    return _result(torch.cov(t if rowvar else t.transpose(0, 1)))


def corrcoef(x, y=None, **kwargs):
    t = _real(x) if y is None else torch.stack([_real(x), _real(y)])
    return _result(torch.corrcoef(t))


def geomspace(start, stop, num=50, endpoint=True, dtype=None):
    ratio = (stop / start) ** (1 / ((num - 1 if endpoint else num) or 1))
    values = [float(start) * ratio ** i for i in range(num)]
    if endpoint and num > 1:
        values[-1] = float(stop)
    return array(values, float if dtype is None else dtype)


def _window(terms):
    def function(m):
        if m <= 1:
            return array([1.0] * m, float)
        return array([builtins.sum([a * math.cos(2 * math.pi * k * i / (m - 1)) for k, a in enumerate(terms)])
                      for i in range(m)], float)
    return function


hanning = _window((0.5, -0.5))
hamming = _window((0.54, -0.46))
blackman = _window((0.42, -0.5, 0.08))


def bartlett(m):
    return array([1.0 if m == 1 else 1 - builtins.abs(2 * i / (m - 1) - 1) for i in range(m)], float)


def kaiser(m, beta):
    def bessel(x):
        term, total = 1.0, 1.0
        for k in range(1, 60):
            term = term * (x / (2 * k)) ** 2
            total = total + term
        return total
    return array([1.0] * m if m <= 1 else [bessel(beta * math.sqrt(1 - (2 * i / (m - 1) - 1) ** 2)) / bessel(beta)
                                           for i in range(m)], float)
