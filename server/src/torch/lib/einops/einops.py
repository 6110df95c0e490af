"""The older path of the functions of einops."""
from ._core import EinopsError
from ._core import asnumpy
from ._core import einsum
from ._core import pack
from ._core import parse_shape
from ._core import rearrange
from ._core import reduce
from ._core import repeat
from ._core import unpack
