"""Sharded data parallelism in one process: the module itself."""
import contextlib
from enum import Enum

from ..nn.modules.module import Module


class FullyShardedDataParallel(Module):
    def __init__(self, module, *args, **kwargs):
        super().__init__()
        self.module = module

    def forward(self, *args, **kwargs):
        return self.module(*args, **kwargs)

    def no_sync(self):
        return contextlib.nullcontext()

    @staticmethod
    def summon_full_params(module, *args, **kwargs):
        return contextlib.nullcontext()

    @staticmethod
    def state_dict_type(module, *args, **kwargs):
        return contextlib.nullcontext()


class ShardingStrategy(Enum):
    FULL_SHARD = 1
    SHARD_GRAD_OP = 2
    NO_SHARD = 3
    HYBRID_SHARD = 4


class StateDictType(Enum):
    FULL_STATE_DICT = 1
    LOCAL_STATE_DICT = 2
    SHARDED_STATE_DICT = 3


class BackwardPrefetch(Enum):
    BACKWARD_PRE = 1
    BACKWARD_POST = 2


class _Policy:
    def __init__(self, *args, **kwargs):
        self.__dict__.update(kwargs)


MixedPrecision = _Policy
MixedPrecisionPolicy = _Policy
CPUOffload = _Policy
CPUOffloadPolicy = _Policy
OffloadPolicy = _Policy
FullStateDictConfig = _Policy


class FSDPModule:
    pass


def fully_shard(module, **kwargs):
    return module


def register_fsdp_forward_method(module, method_name):
    return None
