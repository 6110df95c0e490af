"""Processes: everything runs in one."""


def set_start_method(method, force=False):
    return None


def get_start_method(allow_none=False):
    return 'fork'


def set_sharing_strategy(strategy):
    return None


def cpu_count():
    return 8


class Process:
    """Runs in the caller: one of the processes stands for all."""
    _started = set()

    def __init__(self, group=None, target=None, name=None, args=(), kwargs={}, *, daemon=None):
        self.target = target
        self.args = args
        self.kwargs = kwargs
        self.name = name
        self.exitcode = 0

    def start(self):
        if self.target is not None and id(self.target) not in Process._started:
            Process._started.add(id(self.target))
            self.target(*self.args, **self.kwargs)

    def join(self, timeout=None):
        pass

    terminate = kill = close = join

    def is_alive(self):
        return False


def spawn(fn, args=(), nprocs=1, join=True, daemon=False, start_method='spawn'):
    return fn(0, *args)
