"""ctypes: what the machine answers is known only when the program runs."""
from _eco import runtime


def __getattr__(name):
    return runtime(f'ctypes.{name}')
