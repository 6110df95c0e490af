"""Collectives that gradients pass through: in one process the tensor itself."""
from . import functional
from .functional import all_gather
from .functional import all_reduce
