"""torch.signal.windows: windows of M points, from their formulas (Harris 1978, "On the use of windows")."""
import math

import torch


def _made(M, dtype):
    if M < 0:
        raise ValueError(f'bartlett requires non-negative window length, got M={M}')
    if dtype is not None and dtype not in (torch.float32, torch.float64):
        raise ValueError(f'window expects float32 or float64 dtypes, got: {dtype}')


def _points(M, sym, start, end, dtype, device):
    """M points from start to end; a periodic window leaves out the last of M + 1."""
    return torch.linspace(start, end if sym or M < 2 else end - (end - start) / M, M, dtype=dtype, device=device)


def general_cosine(M, *, a, sym=True, dtype=None, layout=torch.strided, device=None, requires_grad=False):
    _made(M, dtype)
    if M == 0:
        return torch.empty((0,), dtype=dtype, device=device, requires_grad=requires_grad)
    if M == 1:
        return torch.ones((1,), dtype=dtype, device=device, requires_grad=requires_grad)
    steps = M - 1 if sym else M
    k = torch.linspace(0, (M - 1) * 2 * math.pi / steps, M, dtype=dtype, device=device, requires_grad=requires_grad)
    weights = torch.tensor([(-1) ** i * w for i, w in enumerate(a)], dtype=dtype, device=device)
    i = torch.arange(weights.shape[0], dtype=weights.dtype, device=device)
    return (weights.unsqueeze(-1) * torch.cos(i.unsqueeze(-1) * k)).sum(0)


def general_hamming(M, *, alpha=0.54, sym=True, **options):
    return general_cosine(M, a=[alpha, 1.0 - alpha], sym=sym, **options)


def hamming(M, *, sym=True, **options):
    return general_hamming(M, sym=sym, **options)


def hann(M, *, sym=True, **options):
    return general_hamming(M, alpha=0.5, sym=sym, **options)


def blackman(M, *, sym=True, **options):
    return general_cosine(M, a=[0.42, 0.5, 0.08], sym=sym, **options)


def nuttall(M, *, sym=True, **options):
    return general_cosine(M, a=[0.3635819, 0.4891775, 0.1365995, 0.0106411], sym=sym, **options)


def _window(formula):
    def function(M, *, sym=True, dtype=None, layout=torch.strided, device=None, requires_grad=False, **shape):
        _made(M, dtype)
        if M == 0:
            return torch.empty((0,), dtype=dtype, device=device, requires_grad=requires_grad)
        return formula(M, sym, dtype, device, **shape)
    return function


def _bartlett(M, sym, dtype, device):
    return 1 - torch.abs(_points(M, sym, -1, 1, dtype, device))


def _cosine(M, sym, dtype, device):
    steps = M if sym else M + 1
    start = 0.5 * math.pi / steps
    return torch.sin(torch.linspace(start, start + (M - 1) * math.pi / steps, M, dtype=dtype, device=device))


def _exponential(M, sym, dtype, device, center=None, tau=1.0):
    middle = (M - 1 if sym else M) / 2.0 if center is None else center
    return torch.exp(-torch.abs(torch.linspace(-middle / tau, (-middle + M - 1) / tau, M, dtype=dtype, device=device)))


def _gaussian(M, sym, dtype, device, std=1.0):
    middle = (M - 1 if sym else M) / 2.0
    scale = 1 / (std * math.sqrt(2))
    return torch.exp(-torch.linspace(-middle * scale, (-middle + M - 1) * scale, M, dtype=dtype, device=device) ** 2)


def _kaiser(M, sym, dtype, device, beta=12.0):
    x = _points(M, sym, -beta, beta, dtype, device)
    return torch.i0(torch.sqrt(torch.clamp(beta * beta - torch.pow(x, 2), min=0))) / torch.i0(torch.tensor(beta, dtype=dtype, device=device))


bartlett = _window(_bartlett)
cosine = _window(_cosine)
exponential = _window(_exponential)
gaussian = _window(_gaussian)
kaiser = _window(_kaiser)
