"""Packing of tensors."""
from ._core import EinopsError
from ._core import pack
from ._core import unpack
