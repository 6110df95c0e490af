"""dataclasses: classes made from annotated fields."""
from _eco import annotation_texts, class_dict, dataclass_init, mapping_proxy


class _MissingType:
    def __repr__(self):
        return '<dataclasses._MISSING_TYPE object>'


MISSING = _MissingType()


class _HasDefaultFactory:
    def __repr__(self):
        return '<factory>'


_HAS_DEFAULT_FACTORY = _HasDefaultFactory()


class KW_ONLY:
    pass


class FrozenInstanceError(AttributeError):
    pass


class InitVar:
    def __init__(self, type):
        self.type = type

    def __class_getitem__(cls, type):
        return InitVar(type)

    def __repr__(self):
        return f'dataclasses.InitVar[{self.type!r}]'


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self._types = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = mapping_proxy({} if metadata is None else metadata)
        self.kw_only = kw_only
        self._field_type = None

    @property
    def type(self):
        return None if self._types is None else self._types[self.name]

    @type.setter
    def type(self, value):
        self._types = {self.name: value}

    def __repr__(self):
        return f'Field(name={self.name!r},type={self.type!r},default={self.default!r})'

    def __set_name__(self, owner, name):
        hook = getattr(type(self.default), '__set_name__', None)
        if hook:
            hook(self.default, owner, name)


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError('cannot specify both default and default_factory')
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _annotation_is(annotation, name, cls):
    """An annotation is text (as written) or an object."""
    if isinstance(annotation, str):
        text = annotation.strip().strip('\'"')
        head = text.split('[')[0].strip()
        return head == name or head.endswith('.' + name)
    return annotation is cls or isinstance(annotation, cls) if cls is not None else getattr(annotation, '_name', None) == name


def _collect(cls, kw_only):
    fields = {}
    for base in cls.__mro__[-1:0:-1]:
        inherited = class_dict(base).get('__dataclass_fields__')
        if inherited is not None:
            for f in inherited.values():
                fields[f.name] = f
    own = class_dict(cls)
    keyword = False
    types = own.get('__annotations__', {})
    texts = annotation_texts(types)
    for name, annotation in texts.items():
        if _annotation_is(annotation, 'KW_ONLY', KW_ONLY):
            keyword = True
            continue
        default = own.get(name, MISSING)
        if isinstance(default, Field):
            f = default
        else:
            if type(default).__name__ in ('member_descriptor',):
                default = MISSING
            f = field(default=default)
        f.name = name
        f._types = types
        if _annotation_is(annotation, 'ClassVar', None):
            f._field_type = 'classvar'
        elif _annotation_is(annotation, 'InitVar', InitVar):
            f._field_type = 'initvar'
        else:
            f._field_type = 'field'
        if f._field_type != 'classvar' and f.default is not MISSING and isinstance(f.default, (list, dict, set)):
            raise ValueError(f'mutable default {type(f.default)} for field {name} is not allowed: use default_factory')
        if f.kw_only is MISSING:
            f.kw_only = kw_only or keyword
        fields[name] = f
        if isinstance(own.get(name), Field):
            if f.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, f.default)
    for name, value in own.items():
        if isinstance(value, Field) and name not in texts:
            raise TypeError(f'{name!r} is a field but has no type annotation')
    return fields


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots):
    fields = _collect(cls, kw_only)
    own = class_dict(cls)
    for base in cls.__mro__[1:]:
        params = class_dict(base).get('__dataclass_params__')
        if params is not None:
            if params.frozen and not frozen:
                raise TypeError('cannot inherit non-frozen dataclass from a frozen one')
            if frozen and not params.frozen:
                raise TypeError('cannot inherit frozen dataclass from a non-frozen one')
    cls.__dataclass_fields__ = fields
    cls.__dataclass_params__ = _Params(init, repr, eq, order, unsafe_hash, frozen)
    if order and not eq:
        raise ValueError('eq must be true if order is true')
    stored = [f for f in fields.values() if f._field_type == 'field']
    passed = [f for f in fields.values() if f._field_type != 'classvar']
    if init and '__init__' not in own:
        seen_default = None
        for f in passed:
            if f.init and not f.kw_only:
                if f.default is not MISSING or f.default_factory is not MISSING:
                    seen_default = f.name
                elif seen_default is not None:
                    raise TypeError(f'non-default argument {f.name!r} follows default argument')
        specs = [(f.name, f.default is not MISSING, None if f.default is MISSING else f.default,
                  None if f.default_factory is MISSING else f.default_factory, f.init, f.kw_only, f._field_type == 'initvar') for f in passed]
        cls.__init__ = dataclass_init(cls, specs, kw_only, hasattr(cls, '__post_init__'), frozen)
    if repr and '__repr__' not in own:
        shown = [f.name for f in stored if f.repr]

        def __repr__(self):
            return self.__class__.__qualname__ + '(' + ', '.join([f'{name}={getattr(self, name)!r}' for name in shown]) + ')'
        cls.__repr__ = __repr__
    compared = [f.name for f in stored if f.compare]

    def key(self):
        return tuple([getattr(self, name) for name in compared])
    if eq and '__eq__' not in own:
        def __eq__(self, other):
            if other.__class__ is self.__class__:
                return key(self) == key(other)
            return NotImplemented
        cls.__eq__ = __eq__
    if order:
        for name in ('__lt__', '__le__', '__gt__', '__ge__'):
            if name in own:
                raise TypeError(f'Cannot overwrite attribute {name} in class {cls.__name__}. Consider using functools.total_ordering')

        def __lt__(self, other):
            return key(self) < key(other) if other.__class__ is self.__class__ else NotImplemented

        def __le__(self, other):
            return key(self) <= key(other) if other.__class__ is self.__class__ else NotImplemented

        def __gt__(self, other):
            return key(self) > key(other) if other.__class__ is self.__class__ else NotImplemented

        def __ge__(self, other):
            return key(self) >= key(other) if other.__class__ is self.__class__ else NotImplemented
        cls.__lt__, cls.__le__, cls.__gt__, cls.__ge__ = __lt__, __le__, __gt__, __ge__
    if frozen:
        def __setattr__(self, name, value):
            if type(self) is cls or name in fields:
                raise FrozenInstanceError(f'cannot assign to field {name!r}')
            super(cls, self).__setattr__(name, value)

        def __delattr__(self, name):
            if type(self) is cls or name in fields:
                raise FrozenInstanceError(f'cannot delete field {name!r}')
            super(cls, self).__delattr__(name)
        cls.__setattr__ = __setattr__
        cls.__delattr__ = __delattr__
    if unsafe_hash or (eq and frozen and '__hash__' not in own):
        hashed = [f.name for f in stored if (f.compare if f.hash is None else f.hash)]

        def __hash__(self):
            return hash(tuple([getattr(self, name) for name in hashed]))
        cls.__hash__ = __hash__
    elif eq and '__hash__' not in own:
        cls.__hash__ = None
    if match_args and '__match_args__' not in own:
        cls.__match_args__ = tuple(f.name for f in passed if f.init and not f.kw_only)
    if slots:
        if '__slots__' in own:
            raise TypeError(f'{cls.__name__} already specifies __slots__')
        cls.__slots__ = tuple(f.name for f in stored)
    return cls


class _Params:
    def __init__(self, init, repr, eq, order, unsafe_hash, frozen):
        self.init = init
        self.repr = repr
        self.eq = eq
        self.order = order
        self.unsafe_hash = unsafe_hash
        self.frozen = frozen


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True,
              kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots)
    return wrap if cls is None else wrap(cls)


def fields(class_or_instance):
    found = getattr(class_or_instance, '__dataclass_fields__', None)
    if found is None:
        raise TypeError('must be called with a dataclass type or instance')
    return tuple([f for f in found.values() if f._field_type == 'field'])


def is_dataclass(obj):
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, '__dataclass_fields__')


def _is_instance(obj):
    return hasattr(type(obj), '__dataclass_fields__')


def asdict(obj, *, dict_factory=dict):
    if not _is_instance(obj):
        raise TypeError('asdict() should be called on dataclass instances')
    return _as_dict(obj, dict_factory)


def _as_dict(obj, factory):
    if _is_instance(obj):
        return factory([(f.name, _as_dict(getattr(obj, f.name), factory)) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, '_fields'):
        return type(obj)(*[_as_dict(v, factory) for v in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_as_dict(v, factory) for v in obj])
    if isinstance(obj, dict):
        pairs = [(_as_dict(k, factory), _as_dict(v, factory)) for k, v in obj.items()]
        if hasattr(type(obj), 'default_factory') or hasattr(obj, 'default_factory'):
            result = type(obj)(obj.default_factory)
            for k, v in pairs:
                result[k] = v
            return result
        return type(obj)(pairs)
    from copy import deepcopy
    return deepcopy(obj)


def astuple(obj, *, tuple_factory=tuple):
    if not _is_instance(obj):
        raise TypeError('astuple() should be called on dataclass instances')
    return _as_tuple(obj, tuple_factory)


def _as_tuple(obj, factory):
    if _is_instance(obj):
        return factory([_as_tuple(getattr(obj, f.name), factory) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, '_fields'):
        return type(obj)(*[_as_tuple(v, factory) for v in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_as_tuple(v, factory) for v in obj])
    if isinstance(obj, dict):
        return type(obj)((_as_tuple(k, factory), _as_tuple(v, factory)) for k, v in obj.items())
    from copy import deepcopy
    return deepcopy(obj)


def replace(obj, /, **changes):
    if not _is_instance(obj):
        raise TypeError('replace() should be called on dataclass instances')
    for f in obj.__dataclass_fields__.values():
        if f._field_type == 'classvar':
            continue
        if not f.init:
            if f.name in changes:
                raise ValueError(f'field {f.name} is declared with init=False, it cannot be specified with replace()')
            continue
        if f.name not in changes:
            if f._field_type == 'initvar' and f.default is MISSING:
                raise ValueError(f'InitVar {f.name!r} must be specified with replace()')
            changes[f.name] = getattr(obj, f.name)
    return obj.__class__(**changes)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    namespace = {} if namespace is None else dict(namespace)
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            annotations[item] = 'typing.Any'
        else:
            annotations[item[0]] = item[1]
            if len(item) == 3:
                namespace[item[0]] = item[2]
    namespace['__annotations__'] = annotations
    namespace.setdefault('__module__', '__main__')
    return dataclass(type(cls_name, bases, namespace), **options)
