"""torch.cuda: one device is there, work is synchronous, memory figures are not simulated."""
import torch

from . import amp
from . import nvtx
from . import random
from ..random import fork_rng


class _Quiet:
    """A context manager that changes nothing."""

    def __init__(self, *args, **kwargs):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return None


class device(_Quiet):
    pass


class device_of(_Quiet):
    pass


class stream(_Quiet):
    pass


class graph(_Quiet):
    pass


class use_mem_pool(_Quiet):
    pass


class MemPool:
    def __init__(self, *args, **kwargs):
        pass


StreamContext = stream


class Stream:
    def __init__(self, device=None, priority=0, **kwargs):
        self.device = device

    def synchronize(self):
        pass

    def wait_stream(self, stream):
        pass

    def wait_event(self, event):
        pass

    def record_event(self, event=None):
        return Event()

    def query(self):
        return True

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return None


ExternalStream = Stream


class Event:
    def __init__(self, enable_timing=False, blocking=False, interprocess=False, external=False):
        pass

    def record(self, stream=None):
        pass

    def wait(self, stream=None):
        pass

    def synchronize(self):
        pass

    def query(self):
        return True

    def elapsed_time(self, end_event):
        return torch._C._unknown('the time between two CUDA events')


class CUDAGraph:
    def capture_begin(self, *args, **kwargs):
        pass

    def capture_end(self):
        pass

    def replay(self):
        torch._C._gap('torch.cuda.CUDAGraph.replay')

    def reset(self):
        pass


class OutOfMemoryError(RuntimeError):
    pass


def is_available():
    return True


def is_initialized():
    return True


def is_bf16_supported(including_emulation=True):
    return True


def is_tf32_supported():
    return True


def is_current_stream_capturing():
    return False


def device_count():
    return 1


def current_device():
    return 0


def set_device(device):
    return None


def get_device_name(device=None):
    return 'NVIDIA H100 80GB HBM3'


def get_device_capability(device=None):
    return (9, 0)


class _DeviceProperties:
    name = 'NVIDIA H100 80GB HBM3'
    major = 9
    minor = 0
    total_memory = 85031714816
    multi_processor_count = 132
    warp_size = 32
    max_threads_per_multi_processor = 2048
    regs_per_multiprocessor = 65536
    shared_memory_per_block_optin = 232448


def get_device_properties(device=None):
    return _DeviceProperties()


def get_arch_list():
    return ['sm_80', 'sm_90']


def synchronize(device=None):
    return None


def empty_cache():
    return None


def ipc_collect():
    return None


def init():
    return None


def current_stream(device=None):
    return Stream()


def default_stream(device=None):
    return Stream()


def set_stream(stream):
    return None


def make_graphed_callables(callables, sample_args, **kwargs):
    return callables


def mem_get_info(device=None):
    return (85031714816, 85031714816)


def memory_allocated(device=None):
    return torch._C._unknown('allocated CUDA memory')


max_memory_allocated = memory_allocated
memory_reserved = memory_allocated
max_memory_reserved = memory_allocated


def memory_stats(device=None):
    return {}


def memory_summary(device=None, abbreviated=False):
    return ''


def reset_peak_memory_stats(device=None):
    return None


reset_max_memory_allocated = reset_peak_memory_stats
reset_accumulated_memory_stats = reset_peak_memory_stats


def set_per_process_memory_fraction(fraction, device=None):
    return None


def manual_seed(seed):
    return None


manual_seed_all = manual_seed


def seed():
    return None


seed_all = seed


def initial_seed():
    return 0


def get_rng_state(device='cuda'):
    return torch.get_rng_state()


def get_rng_state_all():
    return [torch.get_rng_state()]


def set_rng_state(new_state, device='cuda'):
    return None


def set_rng_state_all(new_states):
    return None


default_generators = ()


def utilization(device=None):
    return 0


def can_device_access_peer(device, peer_device):
    return True
