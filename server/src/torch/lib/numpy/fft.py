"""numpy.fft."""
import torch

from ._array import as_tensor
from ._array import ndarray


def fft(x, n=None, axis=-1):
    return ndarray(torch.fft.fft(as_tensor(x), n, axis))


def rfft(x, n=None, axis=-1):
    return ndarray(torch.fft.rfft(as_tensor(x), n, axis))


def ifft(x, n=None, axis=-1):
    return ndarray(torch.fft.ifft(as_tensor(x), n, axis))


def fftfreq(n, d=1.0):
    return ndarray(torch.fft.fftfreq(n, d))
