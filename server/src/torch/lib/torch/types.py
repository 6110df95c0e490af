"""Type names used in annotations."""
import os
from typing import Any, List, Sequence, Tuple, Union

import torch
from torch import Size, SymInt, Tensor, device as _device, dtype as _dtype

Number = Union[int, float, bool]
_size = Union[Size, List[int], Tuple[int, ...]]
_int = int
_float = float
_bool = bool
_complex = complex
_layout = Any
_qscheme = Any
Device = Union[_device, str, int, None]
FileLike = Any
PathLike = Any
IntLikeType = Union[int, SymInt]
FloatLikeType = float
BoolLikeType = bool
Storage = Any
_TensorOrTensors = Union[Tensor, Sequence[Tensor]]
