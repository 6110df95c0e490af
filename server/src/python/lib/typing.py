"""typing: names that can be subscripted and, where CPython allows it, used in isinstance and as bases."""
import collections.abc as _abc
from _eco import annotation_texts, evaluate_annotation, alias_args, alias_origin, union_args, GenericAlias, UnionType
from collections import namedtuple as _namedtuple

TYPE_CHECKING = False


class _Typed:
    """Shared by every special form and alias: unions, equality by content, no call effects."""

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]


class _Alias(_Typed):
    """`List[int]`, `Optional[str]`, `Annotated[int, 3]` …"""

    def __init__(self, name, origin, args, metadata=()):
        self._name = name
        self.__origin__ = origin
        self.__args__ = args
        self.__metadata__ = metadata
        self.__parameters__ = tuple(a for a in args if isinstance(a, TypeVar))

    def __getitem__(self, args):
        args = args if isinstance(args, tuple) else (args,)
        free = list(self.__parameters__)
        table = dict(zip(free, args))
        return _Alias(self._name, self.__origin__, tuple(table.get(a, a) if isinstance(a, TypeVar) else a for a in self.__args__), self.__metadata__)

    def __call__(self, *args, **kwargs):
        return self.__origin__(*args, **kwargs)

    def __mro_entries__(self, bases):
        origin = self.__origin__
        if self._name in ('Generic', 'Protocol'):
            return (origin,)
        return (origin,) if isinstance(origin, type) else ()

    def __eq__(self, other):
        if not isinstance(other, _Alias):
            return NotImplemented
        if self._name == 'Union' and other._name == 'Union':
            return set(self.__args__) == set(other.__args__)
        return self._name == other._name and self.__origin__ == other.__origin__ and self.__args__ == other.__args__ and self.__metadata__ == other.__metadata__

    def __hash__(self):
        return hash((self._name, len(self.__args__)))

    def __instancecheck__(self, instance):
        if self._name == 'Union':
            return any(isinstance(instance, a) for a in self.__args__)
        raise TypeError('Subscripted generics cannot be used with class and instance checks')

    def __subclasscheck__(self, cls):
        if self._name == 'Union':
            return any(issubclass(cls, a) for a in self.__args__)
        raise TypeError('Subscripted generics cannot be used with class and instance checks')

    def __getattr__(self, name):
        if name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        return getattr(self.__origin__, name)

    def __repr__(self):
        name = self._name
        if name == 'Union' and len(self.__args__) == 2 and type(None) in self.__args__:
            inner = [a for a in self.__args__ if a is not type(None)][0]
            return f'typing.Optional[{_show(inner)}]'
        args = ', '.join(_show(a) for a in self.__args__ + self.__metadata__)
        if name == 'Callable' and len(self.__args__) > 0:
            *params, result = self.__args__
            inside = '...' if params == [...] else f'[{", ".join(_show(a) for a in params)}]'
            return f'typing.Callable[{inside}, {_show(result)}]'
        return f'typing.{name}[{args}]'


def _show(value):
    if value is ...:
        return '...'
    if isinstance(value, type):
        return value.__qualname__ if value.__module__ == 'builtins' else f'{value.__module__}.{value.__qualname__}'
    return repr(value)


def _flat(args):
    out = []
    for a in args:
        if a is None:
            a = type(None)
        parts = a.__args__ if isinstance(a, _Alias) and a._name == 'Union' else union_args(a) if isinstance(a, UnionType) else (a,)
        for p in parts:
            p = type(None) if p is None else p
            if p not in out:
                out.append(p)
    return tuple(out)


class _Form(_Typed):
    """A special form such as `Any` or `Union`, or the bare alias of a class such as `List`."""

    def __init__(self, name, origin=None):
        self._name = name
        self.__origin__ = origin
        self.__args__ = ()

    def __getitem__(self, args):
        name = self._name
        many = args if isinstance(args, tuple) else (args,)
        if name == 'Union':
            flat = _flat(many)
            return flat[0] if len(flat) == 1 else _Alias('Union', Union, flat)
        if name == 'Optional':
            return Union[args, None]
        if name == 'Annotated':
            return _Alias('Annotated', many[0], (many[0],), many[1:])
        if name == 'Callable':
            params = many[0]
            inside = tuple(params) if isinstance(params, list) else (params,)
            return _Alias('Callable', self.__origin__, inside + many[1:])
        if name == 'Literal':
            flat = ()
            for a in many:
                flat += a.__args__ if isinstance(a, _Alias) and a._name == 'Literal' else (a,)
            return _Alias('Literal', Literal, flat)
        return _Alias(name, self if self.__origin__ is None else self.__origin__, tuple(type(None) if a is None else a for a in many))

    def __call__(self, *args, **kwargs):
        if self.__origin__ is None:
            raise TypeError(f'Cannot instantiate typing.{self._name}')
        return self.__origin__(*args, **kwargs)

    def __mro_entries__(self, bases):
        return (self.__origin__,) if isinstance(self.__origin__, type) else ()

    def __instancecheck__(self, instance):
        if self.__origin__ is None:
            raise TypeError(f'typing.{self._name} cannot be used with isinstance()')
        return isinstance(instance, self.__origin__)

    def __subclasscheck__(self, cls):
        if self.__origin__ is None:
            raise TypeError(f'typing.{self._name} cannot be used with issubclass()')
        return issubclass(cls, self.__origin__)

    def __hash__(self):
        return hash(self._name)

    def __eq__(self, other):
        return self is other

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        return f'typing.{self._name}'


class Any:
    def __new__(cls, *args, **kwargs):
        if cls is Any:
            raise TypeError('Any cannot be instantiated')
        return super().__new__(cls)


Union = _Form('Union')
Optional = _Form('Optional')
Literal = _Form('Literal')
ClassVar = _Form('ClassVar')
Final = _Form('Final')
Annotated = _Form('Annotated')
NoReturn = _Form('NoReturn')
Never = _Form('Never')
Self = _Form('Self')
LiteralString = _Form('LiteralString')
TypeAlias = _Form('TypeAlias')
Concatenate = _Form('Concatenate')
Unpack = _Form('Unpack')
Required = _Form('Required')
NotRequired = _Form('NotRequired')
ReadOnly = _Form('ReadOnly')
TypeGuard = _Form('TypeGuard')
TypeIs = _Form('TypeIs')
List = _Form('List', list)
Dict = _Form('Dict', dict)
Tuple = _Form('Tuple', tuple)
Set = _Form('Set', set)
FrozenSet = _Form('FrozenSet', frozenset)
Type = _Form('Type', type)
Callable = _Form('Callable', _abc.Callable)
Iterable = _Form('Iterable', _abc.Iterable)
Iterator = _Form('Iterator', _abc.Iterator)
Generator = _Form('Generator', _abc.Generator)
Sequence = _Form('Sequence', _abc.Sequence)
MutableSequence = _Form('MutableSequence', _abc.MutableSequence)
Mapping = _Form('Mapping', _abc.Mapping)
MutableMapping = _Form('MutableMapping', _abc.MutableMapping)
AbstractSet = _Form('AbstractSet', _abc.Set)
MutableSet = _Form('MutableSet', _abc.MutableSet)
Collection = _Form('Collection', _abc.Collection)
Container = _Form('Container', _abc.Container)
Sized = _Form('Sized', _abc.Sized)
Hashable = _Form('Hashable', _abc.Hashable)
Reversible = _Form('Reversible', _abc.Reversible)
Awaitable = _Form('Awaitable', _abc.Awaitable)
Coroutine = _Form('Coroutine', _abc.Coroutine)
AsyncIterable = _Form('AsyncIterable', _abc.AsyncIterable)
AsyncIterator = _Form('AsyncIterator', _abc.AsyncIterator)
AsyncGenerator = _Form('AsyncGenerator', _abc.AsyncGenerator)
KeysView = _Form('KeysView', _abc.KeysView)
ValuesView = _Form('ValuesView', _abc.ValuesView)
ItemsView = _Form('ItemsView', _abc.ItemsView)
MappingView = _Form('MappingView', _abc.MappingView)
ByteString = _Form('ByteString', _abc.ByteString)
IO = _Form('IO')
TextIO = _Form('TextIO')
BinaryIO = _Form('BinaryIO')
Text = str


def __getattr__(name):
    # only these pull in collections, re or contextlib
    if name in ('OrderedDict', 'DefaultDict', 'Counter', 'Deque', 'ChainMap'):
        import collections
        real = {'DefaultDict': 'defaultdict', 'Deque': 'deque'}.get(name, name)
        return _Form(name, getattr(collections, real))
    if name in ('Pattern', 'Match'):
        import re
        return _Form(name, getattr(re, name))
    if name in ('ContextManager', 'AsyncContextManager'):
        import contextlib
        return _Form(name, getattr(contextlib, 'Abstract' + name))
    raise AttributeError(f"module 'typing' has no attribute '{name}'")


class TypeVar(_Typed):
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False, default=None, infer_variance=False):
        self.__name__ = name
        self.__bound__ = bound
        self.__constraints__ = constraints
        self.__covariant__ = covariant
        self.__contravariant__ = contravariant

    def __repr__(self):
        return f'{"+" if self.__covariant__ else "-" if self.__contravariant__ else "~"}{self.__name__}'

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other

    def __deepcopy__(self, memo):
        return self


AnyStr = TypeVar('AnyStr', bytes, str)
T = TypeVar('T')


class ParamSpec(TypeVar):
    @property
    def args(self):
        return self

    @property
    def kwargs(self):
        return self


class TypeVarTuple(TypeVar):
    def __iter__(self):
        return iter((self,))


class NewType(_Typed):
    def __init__(self, name, tp):
        self.__name__ = name
        self.__supertype__ = tp

    def __call__(self, value):
        return value

    def __repr__(self):
        return f'__main__.{self.__name__}'


class ForwardRef(_Typed):
    def __init__(self, arg, is_argument=True, module=None, *, is_class=False):
        self.__forward_arg__ = arg

    def __repr__(self):
        return f'ForwardRef({self.__forward_arg__!r})'


class Generic:
    __slots__ = ()
    _is_protocol = False

    def __class_getitem__(cls, params):
        params = params if isinstance(params, tuple) else (params,)
        return _Alias(cls.__name__ if cls is not Generic else 'Generic', cls, params)


from abc import ABCMeta as _ABCMeta  # noqa: E402


class _ProtocolMeta(_ABCMeta):
    def __instancecheck__(cls, instance):
        if cls in type(instance).__mro__:
            return True
        if not cls.__dict__.get('_is_protocol', False):
            return False
        if not cls.__dict__.get('_is_runtime_protocol', False):
            raise TypeError('Instance and class checks can only be used with @runtime_checkable protocols')
        return all(hasattr(instance, name) for name in _protocol_members(cls))

    def __subclasscheck__(cls, subclass):
        if cls in subclass.__mro__:
            return True
        if not cls.__dict__.get('_is_protocol', False):
            return False
        return all(hasattr(subclass, name) for name in _protocol_members(cls))


_not_members = frozenset(['__module__', '__doc__', '__dict__', '__weakref__', '__annotations__', '__slots__', '__abstractmethods__', '__init__',
                          '__new__', '__parameters__', '__orig_bases__', '_is_protocol', '_is_runtime_protocol', '__init_subclass__',
                          '__class_getitem__', '__subclasshook__', '__qualname__', '__match_args__', '_registered', '__hash__'])


def _protocol_members(cls):
    names = set()
    for c in cls.__mro__:
        if c.__name__ in ('Protocol', 'Generic', 'object'):
            continue
        names.update(n for n in c.__dict__ if n not in _not_members)
        names.update(annotation_texts(c.__dict__.get('__annotations__', {})))
    return names


class Protocol(Generic, metaclass=_ProtocolMeta):
    _is_protocol = True

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__()
        cls._is_protocol = Protocol in cls.__bases__


def runtime_checkable(cls):
    cls._is_runtime_protocol = True
    return cls


runtime = runtime_checkable


@runtime_checkable
class SupportsInt(Protocol):
    def __int__(self): ...


@runtime_checkable
class SupportsFloat(Protocol):
    def __float__(self): ...


@runtime_checkable
class SupportsIndex(Protocol):
    def __index__(self): ...


@runtime_checkable
class SupportsAbs(Protocol):
    def __abs__(self): ...


@runtime_checkable
class SupportsRound(Protocol):
    def __round__(self, ndigits=0): ...


@runtime_checkable
class SupportsBytes(Protocol):
    def __bytes__(self): ...


@runtime_checkable
class SupportsComplex(Protocol):
    def __complex__(self): ...


class _NamedTupleMeta(type):
    def __new__(mcls, name, bases, namespace, **kwargs):
        if namespace.get('_is_root', False):
            return type.__new__(mcls, name, bases, namespace)
        annotations = namespace.get('__annotations__', {})
        fields = list(annotation_texts(annotations))
        defaults = []
        for field in fields:
            if field in namespace:
                defaults.append(namespace[field])
            elif defaults:
                raise TypeError(f'Non-default namedtuple field {field} cannot follow default field')
        made = _namedtuple(name, fields, defaults=defaults, module=namespace.get('__module__'))
        made.__annotations__ = annotations
        for key, value in namespace.items():
            if key in ('__new__', '__init__', '__slots__', '__getnewargs__', '_fields', '_field_defaults', '_make', '_replace', '_asdict'):
                raise AttributeError(f'Cannot overwrite NamedTuple attribute {key}')
            if key not in fields and key not in ('__module__', '__annotations__', '__qualname__', '__orig_bases__'):
                setattr(made, key, value)
        return made

    def __call__(cls, typename, fields=None, /, **kwargs):
        if fields is None:
            fields = list(kwargs.items())
        made = _namedtuple(typename, [name for name, _ in fields])
        made.__annotations__ = dict(fields)
        return made


class NamedTuple(metaclass=_NamedTupleMeta):
    _is_root = True


class _TypedDictMeta(type):
    def __new__(mcls, name, bases, namespace, total=True, **kwargs):
        if namespace.get('_is_root', False):
            return type.__new__(mcls, name, bases, namespace)
        annotations = {}
        for base in bases:
            annotations.update(getattr(base, '__annotations__', {}))
        annotations.update(namespace.get('__annotations__', {}))
        made = type.__new__(mcls, name, (dict,), {'__module__': namespace.get('__module__', '__main__')})
        made.__annotations__ = annotations
        made.__total__ = total
        made.__required_keys__ = frozenset(annotations) if total else frozenset()
        made.__optional_keys__ = frozenset() if total else frozenset(annotations)
        return made

    def __call__(cls, *args, **kwargs):
        if cls.__dict__.get('_is_root', False):
            name, fields = args[0], args[1] if len(args) > 1 else {}
            made = type.__new__(_TypedDictMeta, name, (dict,), {'__module__': '__main__'})
            made.__annotations__ = dict(fields)
            return made
        return dict(*args, **kwargs)


class TypedDict(metaclass=_TypedDictMeta):
    _is_root = True


def is_typeddict(tp):
    return isinstance(tp, _TypedDictMeta)


def cast(typ, val):
    return val


def overload(func):
    return func


def get_overloads(func):
    return []


def final(f):
    return f


def override(f):
    return f


def no_type_check(f):
    return f


def no_type_check_decorator(f):
    return f


def dataclass_transform(**kwargs):
    return lambda f: f


def deprecated(message, /, **kwargs):
    return lambda f: f


def assert_type(val, typ, /):
    return val


def assert_never(arg, /):
    raise AssertionError(f'Expected code to be unreachable, but got: {arg!r}')


def reveal_type(obj, /):
    return obj


def clear_overloads():
    pass


def get_origin(tp):
    if isinstance(tp, _Alias):
        return Annotated if tp._name == 'Annotated' else tp.__origin__
    if isinstance(tp, GenericAlias):
        return alias_origin(tp)
    if isinstance(tp, UnionType):
        return UnionType
    if isinstance(tp, _Form) and tp.__origin__ is not None:
        return tp.__origin__
    return Generic if tp is Generic else None


def get_args(tp):
    if isinstance(tp, _Alias):
        if tp._name == 'Annotated':
            return tp.__args__ + tp.__metadata__
        if tp._name == 'Callable' and tp.__args__ and tp.__args__[0] is not ...:
            return (list(tp.__args__[:-1]), tp.__args__[-1])
        return tp.__args__
    if isinstance(tp, GenericAlias):
        return alias_args(tp)
    if isinstance(tp, UnionType):
        return tuple(type(None) if a is None else a for a in union_args(tp))
    return ()


def _resolve(annotation, owner, localns, include_extras):
    if annotation is None:
        return type(None)
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        if localns and annotation in localns:
            return localns[annotation]
        found = evaluate_annotation(annotation, owner)
        # text inside text: 'Optional["A"]' under postponed evaluation
        return found if isinstance(found, str) and found == annotation else _resolve(found, owner, localns, include_extras)
    if isinstance(annotation, _Alias):
        if annotation._name == 'Annotated' and not include_extras:
            return _resolve(annotation.__origin__, owner, localns, include_extras)
        if annotation._name == 'Literal':
            return annotation
        args = tuple(_resolve(a, owner, localns, include_extras) if isinstance(a, (str, ForwardRef, _Alias)) else a for a in annotation.__args__)
        if args != annotation.__args__:
            return _Alias(annotation._name, annotation.__origin__, args, annotation.__metadata__)
    return annotation


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    hints = {}
    if isinstance(obj, type):
        for base in reversed(obj.__mro__):
            for name, annotation in base.__dict__.get('__annotations__', {}).items():
                hints[name] = _resolve(annotation, base, localns, include_extras)
        return hints
    owner = obj
    while hasattr(owner, '__wrapped__'):
        owner = owner.__wrapped__
    for name, annotation in getattr(obj, '__annotations__', {}).items():
        hints[name] = _resolve(annotation, owner, localns, include_extras)
    return hints


def get_protocol_members(tp):
    return frozenset(_protocol_members(tp))


def is_protocol(tp):
    return isinstance(tp, type) and getattr(tp, '_is_protocol', False)
