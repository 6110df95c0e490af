"""Transforms by what they do to the size and type of an image; what they do to its pixels costs the host, not the device."""
from ._shapes import *
from ._shapes import Compose


def __getattr__(name):
    if name == 'InterpolationMode':
        from .functional import InterpolationMode
        return InterpolationMode
    raise AttributeError(name)
