"""numpy.typing."""
from typing import Any

from ._array import ndarray as NDArray

ArrayLike = Any
DTypeLike = Any
