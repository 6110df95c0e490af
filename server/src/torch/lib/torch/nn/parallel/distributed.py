"""PyTorch's module path of DistributedDataParallel."""
from . import DistributedDataParallel
