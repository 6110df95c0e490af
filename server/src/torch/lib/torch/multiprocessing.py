"""Processes: everything runs in one."""


def set_start_method(method, force=False):
    return None


def get_start_method(allow_none=False):
    return 'fork'


def set_sharing_strategy(strategy):
    return None


def cpu_count():
    return 8


def spawn(fn, args=(), nprocs=1, join=True, daemon=False, start_method='spawn'):
    return fn(0, *args)
