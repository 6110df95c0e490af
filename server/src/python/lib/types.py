"""types: names of the interpreter's own types."""
from _eco import (BuiltinFunctionType, CellType, CodeType, CoroutineType, EllipsisType, FunctionType, GeneratorType, GenericAlias,
                  MappingProxyType, MethodType as _MethodType, ModuleType, NoneType, NotImplementedType, TracebackType, UnionType, bound_method)

LambdaType = FunctionType
BuiltinMethodType = BuiltinFunctionType
MethodWrapperType = BuiltinFunctionType
WrapperDescriptorType = BuiltinFunctionType
MethodDescriptorType = BuiltinFunctionType
GetSetDescriptorType = property
MemberDescriptorType = property
AsyncGeneratorType = CoroutineType
FrameType = CodeType


class _MethodMeta(type):
    def __instancecheck__(cls, instance):
        return isinstance(instance, _MethodType)

    def __call__(cls, function, instance):
        return bound_method(function, instance)


class MethodType(metaclass=_MethodMeta):
    pass


class SimpleNamespace:
    def __init__(self, /, **kwargs):
        self.__dict__.update(kwargs)

    def __repr__(self):
        return f'namespace({", ".join(f"{k}={v!r}" for k, v in self.__dict__.items())})'

    def __eq__(self, other):
        if isinstance(other, SimpleNamespace):
            return self.__dict__ == other.__dict__
        return NotImplemented
    __hash__ = None


class DynamicClassAttribute(property):
    pass


def new_class(name, bases=(), kwds=None, exec_body=None):
    namespace = {}
    if exec_body is not None:
        exec_body(namespace)
    kwds = dict(kwds or {})
    metaclass = kwds.pop('metaclass', type)
    return metaclass(name, tuple(bases), namespace, **kwds)


def prepare_class(name, bases=(), kwds=None):
    return type, {}, dict(kwds or {})


def resolve_bases(bases):
    return tuple(bases)


def coroutine(func):
    return func
