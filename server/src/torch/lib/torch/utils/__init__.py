"""torch.utils."""
from . import checkpoint
from . import data
from . import hooks


def set_module(obj, mod):
    return None


class ThroughputBenchmark:
    def __init__(self, module):
        self.module = module


def swap_tensors(t1, t2):
    return None
