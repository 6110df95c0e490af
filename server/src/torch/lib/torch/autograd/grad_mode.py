"""Grad modes as context managers and decorators."""
import functools

import torch


class _ModeDecorator:
    """Used on a function, the mode holds during every call (for a generator: while it runs)."""

    def clone(self):
        return type(self)()

    def __call__(self, func):
        if isinstance(func, type):
            func.__init__ = self(func.__init__)
            return func

        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            with self.clone():
                return func(*args, **kwargs)

        return wrapper


class no_grad(_ModeDecorator):
    def __new__(cls, orig_func=None):
        if orig_func is None:
            return super().__new__(cls)
        return cls()(orig_func)

    def __enter__(self):
        self.prev = torch.is_grad_enabled()
        torch._C._set_grad_enabled(False)

    def __exit__(self, exc_type, exc_value, traceback):
        torch._C._set_grad_enabled(self.prev)


class enable_grad(_ModeDecorator):
    def __new__(cls, orig_func=None):
        if orig_func is None:
            return super().__new__(cls)
        return cls()(orig_func)

    def __enter__(self):
        self.prev = torch.is_grad_enabled()
        torch._C._set_grad_enabled(True)

    def __exit__(self, exc_type, exc_value, traceback):
        torch._C._set_grad_enabled(self.prev)


class set_grad_enabled(_ModeDecorator):
    """Takes effect when called, and is undone when used as a context manager."""

    def __init__(self, mode):
        self.prev = torch.is_grad_enabled()
        self.mode = mode
        torch._C._set_grad_enabled(mode)

    def clone(self):
        return set_grad_enabled(self.mode)

    def __call__(self, func):
        torch._C._set_grad_enabled(self.prev)
        return super().__call__(func)

    def __enter__(self):
        torch._C._set_grad_enabled(self.mode)

    def __exit__(self, exc_type, exc_value, traceback):
        torch._C._set_grad_enabled(self.prev)


class inference_mode(_ModeDecorator):
    def __new__(cls, mode=True):
        if isinstance(mode, bool):
            return super().__new__(cls)
        return cls()(mode)

    def __init__(self, mode=True):
        self.mode = mode

    def clone(self):
        return inference_mode(self.mode)

    def __enter__(self):
        self.prev = (torch.is_grad_enabled(), torch.is_inference_mode_enabled())
        torch._C._set_inference_mode(self.mode)
        torch._C._set_grad_enabled(not self.mode)

    def __exit__(self, exc_type, exc_value, traceback):
        torch._C._set_inference_mode(self.prev[1])
        torch._C._set_grad_enabled(self.prev[0])


class set_multithreading_enabled(_ModeDecorator):
    def __init__(self, mode):
        self.mode = mode

    def clone(self):
        return self

    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None


def _enter_inference_mode(mode):
    guard = inference_mode(mode)
    guard.__enter__()
    return guard


def _exit_inference_mode(mode):
    mode.__exit__(None, None, None)


def _unsafe_preserve_version_counter(tensor):
    return set_multithreading_enabled(True)
