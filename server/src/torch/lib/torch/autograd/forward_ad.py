"""Forward-mode derivatives."""
import contextlib


def dual_level():
    return contextlib.nullcontext()


def make_dual(tensor, tangent, *, level=None):
    return tensor


def unpack_dual(tensor, *, level=None):
    return tensor, None
