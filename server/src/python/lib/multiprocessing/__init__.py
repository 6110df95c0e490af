"""multiprocessing: processes are not started; pools work in the caller."""
from _eco import gap, runtime
from queue import Queue
from threading import Event, Lock, RLock, Semaphore


def cpu_count():
    return runtime('multiprocessing.cpu_count()', 'int')


class Pool:
    def __init__(self, processes=None, *args, **kwargs):
        pass

    def map(self, func, iterable, chunksize=None):
        return [func(x) for x in iterable]

    def starmap(self, func, iterable, chunksize=None):
        return [func(*x) for x in iterable]

    def imap(self, func, iterable, chunksize=1):
        return iter(self.map(func, iterable))

    imap_unordered = imap

    def apply(self, func, args=(), kwds={}):
        return func(*args, **kwds)

    def close(self):
        pass

    join = terminate = close

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass


class Process:
    def __init__(self, group=None, target=None, name=None, args=(), kwargs={}, *, daemon=None):
        self.name = name
        self.daemon = daemon

    def start(self):
        gap('multiprocessing.Process', 'what another process does is not followed')

    def join(self, timeout=None):
        pass

    def terminate(self):
        pass

    def is_alive(self):
        return False


def current_process():
    return Process(name='MainProcess')


def get_context(method=None):
    import multiprocessing
    return multiprocessing


def set_start_method(method, force=False):
    pass


def get_start_method(allow_none=False):
    return 'fork'


def Value(typecode, *args, lock=True):
    return runtime('multiprocessing.Value')


def Array(typecode, *args, lock=True):
    return runtime('multiprocessing.Array')


def Manager():
    return runtime('multiprocessing.Manager')
