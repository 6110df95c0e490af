"""torch.profiler."""
from enum import Enum

from ..autograd.profiler import profile
from ..autograd.profiler import record_function
from . import profiler


class ProfilerActivity(Enum):
    CPU = 0
    CUDA = 2
    XPU = 1


class ProfilerAction(Enum):
    NONE = 0
    WARMUP = 1
    RECORD = 2
    RECORD_AND_SAVE = 3


def schedule(*, wait, warmup, active, repeat=0, skip_first=0, **kwargs):
    return lambda step: ProfilerAction.NONE


def tensorboard_trace_handler(dir_name, worker_name=None, use_gzip=False):
    return lambda prof: None
