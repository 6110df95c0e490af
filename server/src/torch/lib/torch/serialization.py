"""Files of tensors: what a checkpoint holds is not known from the source."""
import torch


def load(f, map_location=None, pickle_module=None, *, weights_only=None, mmap=None, **pickle_load_args):
    return torch._C._unknown('the contents of a file read by torch.load')


def save(obj, f, *args, **kwargs):
    return None


class safe_globals:
    def __init__(self, safe_globals):
        pass

    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None


skip_data = safe_globals


def add_safe_globals(safe_globals):
    return None


def get_unsafe_globals_in_checkpoint(f):
    return []


class StorageType:
    pass
