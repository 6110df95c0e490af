"""Abstract base classes: usable as bases and, by the methods a class has, in isinstance."""
from _eco import dict_items, dict_keys, dict_values
from abc import ABCMeta, _is_registered, abstractmethod


class _DuckMeta(ABCMeta):
    """A class of `collections.abc` recognises other classes by their methods."""

    def __instancecheck__(cls, instance):
        return cls.__subclasscheck__(type(instance))

    def __subclasscheck__(cls, subclass):
        if cls in subclass.__mro__:
            return True
        if any(registered in subclass.__mro__ for registered in cls.__dict__.get('_registered', ())):
            return True
        if any(r in subclass.__mro__ for c in cls.__subclasses__() for r in c.__dict__.get('_registered', ())):
            return True
        if _is_registered(cls, subclass):
            return True
        names = cls.__dict__.get('_duck', None)
        if names is None:
            return False
        for name in names:
            for c in subclass.__mro__:
                if name in c.__dict__:
                    if c.__dict__[name] is None:
                        return False
                    break
            else:
                return False
        return True


def _is_hashable(cls):
    for c in cls.__mro__:
        if '__hash__' in c.__dict__:
            return c.__dict__['__hash__'] is not None
        if c in (list, dict, set):
            return False
        if '__eq__' in c.__dict__ and c is not object and not c.__module__ == 'builtins':
            return False
    return True


class _HashableMeta(_DuckMeta):
    def __subclasscheck__(cls, subclass):
        return _is_hashable(subclass)


class Hashable(metaclass=_HashableMeta):
    pass


class Iterable(metaclass=_DuckMeta):
    _duck = ('__iter__',)

    @abstractmethod
    def __iter__(self):
        while False:
            yield None

    def __class_getitem__(cls, item):
        return cls


class _IteratorMeta(_DuckMeta):
    def __instancecheck__(cls, instance):
        return hasattr(type(instance), '__next__') or type(instance).__name__.endswith('iterator') or type(instance) in (
            enumerate, zip, map, filter, reversed) or type(instance).__name__ == 'generator'


class Iterator(Iterable, metaclass=_IteratorMeta):
    @abstractmethod
    def __next__(self):
        raise StopIteration

    def __iter__(self):
        return self


class Reversible(Iterable):
    _duck = ('__reversed__', '__iter__')


class _GeneratorMeta(_IteratorMeta):
    def __instancecheck__(cls, instance):
        return type(instance).__name__ == 'generator'


class Generator(Iterator, metaclass=_GeneratorMeta):
    pass


class Awaitable(metaclass=_DuckMeta):
    _duck = ('__await__',)

    def __class_getitem__(cls, item):
        return cls


class Coroutine(Awaitable):
    _duck = ('__await__', 'send', 'throw', 'close')


class AsyncIterable(metaclass=_DuckMeta):
    _duck = ('__aiter__',)

    def __class_getitem__(cls, item):
        return cls


class AsyncIterator(AsyncIterable):
    _duck = ('__anext__', '__aiter__')


class AsyncGenerator(AsyncIterator):
    _duck = ('__aiter__', '__anext__', 'asend', 'athrow', 'aclose')


class Sized(metaclass=_DuckMeta):
    _duck = ('__len__',)

    @abstractmethod
    def __len__(self):
        return 0


class Container(metaclass=_DuckMeta):
    _duck = ('__contains__',)

    @abstractmethod
    def __contains__(self, x):
        return False

    def __class_getitem__(cls, item):
        return cls


class Collection(Sized, Iterable, Container):
    _duck = ('__len__', '__iter__', '__contains__')


class _CallableMeta(_DuckMeta):
    def __instancecheck__(cls, instance):
        return callable(instance)


class Callable(metaclass=_CallableMeta):
    def __class_getitem__(cls, item):
        return cls


class Set(Collection):
    _registered = (set, frozenset, dict_keys, dict_items)
    _duck = None

    def __le__(self, other):
        return len(self) <= len(other) and all(x in other for x in self)

    def __lt__(self, other):
        return len(self) < len(other) and self <= other

    def __ge__(self, other):
        return all(x in self for x in other)

    def __gt__(self, other):
        return len(self) > len(other) and self >= other

    def __eq__(self, other):
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) == len(other) and self <= other
    __hash__ = None

    @classmethod
    def _from_iterable(cls, it):
        return cls(it)

    def __and__(self, other):
        return self._from_iterable(x for x in other if x in self)

    def __or__(self, other):
        return self._from_iterable(list(self) + list(other))

    def __sub__(self, other):
        return self._from_iterable(x for x in self if x not in other)

    def __xor__(self, other):
        return (self - other) | (other - self)

    def isdisjoint(self, other):
        return not any(x in self for x in other)


class MutableSet(Set):
    _registered = (set,)

    def remove(self, value):
        if value not in self:
            raise KeyError(value)
        self.discard(value)

    def pop(self):
        value = next(iter(self))
        self.discard(value)
        return value

    def clear(self):
        for value in list(self):
            self.discard(value)

    def __ior__(self, it):
        for value in it:
            self.add(value)
        return self

    def __isub__(self, it):
        for value in list(it):
            self.discard(value)
        return self


class Mapping(Collection):
    _registered = (dict,)
    _duck = None

    @abstractmethod
    def __getitem__(self, key):
        raise KeyError

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def keys(self):
        return KeysView(self)

    def items(self):
        return ItemsView(self)

    def values(self):
        return ValuesView(self)

    def __eq__(self, other):
        if not isinstance(other, Mapping):
            return NotImplemented
        return dict(self.items()) == dict(other.items())
    __hash__ = None
    __reversed__ = None


_marker = object()


class MutableMapping(Mapping):
    _registered = (dict,)

    @abstractmethod
    def __setitem__(self, key, value):
        raise KeyError

    @abstractmethod
    def __delitem__(self, key):
        raise KeyError

    def pop(self, key, default=_marker):
        try:
            value = self[key]
        except KeyError:
            if default is _marker:
                raise
            return default
        del self[key]
        return value

    def popitem(self):
        for key in self:
            value = self[key]
            del self[key]
            return key, value
        raise KeyError

    def clear(self):
        for key in list(self):
            del self[key]

    def update(self, other=(), /, **kwds):
        if isinstance(other, Mapping) or hasattr(other, 'keys'):
            for key in other.keys():
                self[key] = other[key]
        else:
            for key, value in other:
                self[key] = value
        for key, value in kwds.items():
            self[key] = value

    def setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default


class MappingView(Sized):
    _duck = None

    def __init__(self, mapping):
        self._mapping = mapping

    def __len__(self):
        return len(self._mapping)

    def __repr__(self):
        return f'{self.__class__.__name__}({self._mapping!r})'


class KeysView(MappingView, Set):
    _registered = (dict_keys,)

    @classmethod
    def _from_iterable(cls, it):
        return set(it)

    def __contains__(self, key):
        return key in self._mapping

    def __iter__(self):
        return iter(self._mapping)


class ItemsView(MappingView, Set):
    _registered = (dict_items,)

    @classmethod
    def _from_iterable(cls, it):
        return set(it)

    def __contains__(self, item):
        key, value = item
        return key in self._mapping and self._mapping[key] == value

    def __iter__(self):
        for key in self._mapping:
            yield key, self._mapping[key]


class ValuesView(MappingView, Collection):
    _registered = (dict_values,)

    def __contains__(self, value):
        return any(v is value or v == value for v in self)

    def __iter__(self):
        for key in self._mapping:
            yield self._mapping[key]


class Sequence(Reversible, Collection):
    _registered = (tuple, str, range, bytes, list)
    _duck = None

    @abstractmethod
    def __getitem__(self, index):
        raise IndexError

    def __iter__(self):
        i = 0
        try:
            while True:
                yield self[i]
                i += 1
        except IndexError:
            return

    def __contains__(self, value):
        return any(v is value or v == value for v in self)

    def __reversed__(self):
        for i in reversed(range(len(self))):
            yield self[i]

    def index(self, value, start=0, stop=None):
        for i in range(start, len(self) if stop is None else stop):
            if self[i] is value or self[i] == value:
                return i
        raise ValueError

    def count(self, value):
        return sum(1 for v in self if v is value or v == value)


class MutableSequence(Sequence):
    _registered = (list,)

    def append(self, value):
        self.insert(len(self), value)

    def extend(self, values):
        for value in list(values):
            self.append(value)

    def clear(self):
        while len(self):
            self.pop()

    def reverse(self):
        values = list(self)[::-1]
        for i, value in enumerate(values):
            self[i] = value

    def pop(self, index=-1):
        value = self[index]
        del self[index]
        return value

    def remove(self, value):
        del self[self.index(value)]

    def __iadd__(self, values):
        self.extend(values)
        return self


class ByteString(Sequence):
    _registered = (bytes,)


class Buffer(metaclass=_DuckMeta):
    _registered = (bytes,)
