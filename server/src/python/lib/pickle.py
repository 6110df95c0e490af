"""pickle: what a file holds is known only when the program runs."""
from _eco import runtime

HIGHEST_PROTOCOL = 5
DEFAULT_PROTOCOL = 4


class PickleError(Exception):
    pass


class PicklingError(PickleError):
    pass


class UnpicklingError(PickleError):
    pass


class Pickler:
    def __init__(self, file, protocol=None, **kwargs):
        pass

    def dump(self, obj):
        pass


class Unpickler:
    def __init__(self, file, **kwargs):
        pass

    def load(self):
        return runtime('content of a pickle')


def load(file, **kwargs):
    return runtime('content of a pickle')


loads = load


def dump(obj, file, protocol=None, **kwargs):
    pass


def dumps(obj, protocol=None, **kwargs):
    return runtime('a pickle')
