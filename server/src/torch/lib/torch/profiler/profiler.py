"""PyTorch's module path of profile."""
from ..autograd.profiler import profile
