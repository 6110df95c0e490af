"""torch.library: operators that code registers for itself. Calling one runs the Python it was given."""
import torch


class Library:
    def __init__(self, ns, kind, dispatch_key=''):
        self.ns = ns

    def define(self, schema, alias_analysis='', *, tags=()):
        return schema.split('(')[0]

    def impl(self, op_name, fn=None, dispatch_key='', **kwargs):
        if fn is None:
            return lambda f: f
        return None

    def fallback(self, fn, dispatch_key=''):
        return None

    def _destroy(self):
        return None


class CustomOpDef:
    """A custom operator: a call runs its Python body."""

    def __init__(self, name, fn):
        self._name = name
        self._fn = fn
        self.__name__ = name

    def __call__(self, *args, **kwargs):
        return self._fn(*args, **kwargs)

    def register_fake(self, fn):
        return fn

    def register_kernel(self, device_types, fn=None):
        return (lambda f: f) if fn is None else fn

    def register_autograd(self, backward, *, setup_context=None):
        return None

    def register_vmap(self, fn):
        return fn

    def register_torch_dispatch(self, cls, fn=None):
        return (lambda f: f) if fn is None else fn

    impl = register_kernel


def custom_op(name, fn=None, *, mutates_args=(), device_types=None, schema=None, tags=None):
    if fn is None:
        return lambda f: CustomOpDef(name, f)
    return CustomOpDef(name, fn)


triton_op = custom_op


def wrap_triton(kernel):
    return kernel


def _decorator(op, fn=None, *args, **kwargs):
    return (lambda f: f) if fn is None else fn


def register_fake(op, func=None, *, lib=None, _stacklevel=1, allow_override=False):
    return (lambda f: f) if func is None else func


impl_abstract = register_fake


def register_kernel(op, device_types, func=None, *, lib=None):
    return (lambda f: f) if func is None else func


def register_autograd(op, backward, *, setup_context=None, lib=None):
    return None


def register_autocast(op, device_type, cast_inputs, *, lib=None):
    return None


def register_torch_dispatch(op, torch_dispatch_class, func=None, *, lib=None):
    return (lambda f: f) if func is None else func


register_vmap = register_fake


def define(qualname, schema=None, *, lib=None, tags=()):
    return lambda f: f


def impl(qualname, types, func=None, *, lib=None):
    return (lambda f: f) if func is None else func


def opcheck(*args, **kwargs):
    return {}


def infer_schema(prototype_function, *, mutates_args, op_name=None):
    return ''
