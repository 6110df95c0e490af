"""functools: partial application, caching, decorators, ordering, dispatch."""
from _eco import bound_method, holds_unknown

WRAPPER_ASSIGNMENTS = ('__module__', '__name__', '__qualname__', '__doc__', '__annotations__')
WRAPPER_UPDATES = ('__dict__',)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for name in assigned:
        try:
            value = getattr(wrapped, name)
        except AttributeError:
            continue
        try:
            setattr(wrapper, name, value)
        except (AttributeError, TypeError):
            continue
    for name in updated:
        own = getattr(wrapper, name, None)
        if own is not None:
            own.update(getattr(wrapped, name, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned, updated)
    return decorate


class partial:
    def __new__(cls, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError('the first argument must be callable')
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self = object.__new__(cls)
        self.func = func
        self.args = args
        self.keywords = keywords
        return self

    def __call__(self, /, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})

    def __repr__(self):
        parts = [repr(self.func)]
        parts.extend(repr(a) for a in self.args)
        parts.extend(f'{k}={v!r}' for k, v in self.keywords.items())
        return f'functools.partial({", ".join(parts)})'

    def __copy__(self):
        return type(self)(self.func, *self.args, **self.keywords)

    def __deepcopy__(self, memo):
        from copy import deepcopy
        return type(self)(deepcopy(self.func, memo), *deepcopy(self.args, memo), **deepcopy(self.keywords, memo))


class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, instance, owner=None):
        if hasattr(self.func, '__get__'):
            target = self.func.__get__(instance, owner)
        else:
            target = self.func
        if instance is None:
            return self
        return partial(target, *self.args, **self.keywords)


_missing = object()


def reduce(function, sequence, initial=_missing, /):
    items = iter(sequence)
    if initial is _missing:
        try:
            value = next(items)
        except StopIteration:
            raise TypeError('reduce() of empty iterable with no initial value') from None
    else:
        value = initial
    for item in items:
        value = function(value, item)
    return value


class _CacheInfo(tuple):
    hits = property(lambda self: self[0])
    misses = property(lambda self: self[1])
    maxsize = property(lambda self: self[2])
    currsize = property(lambda self: self[3])

    def __repr__(self):
        return f'CacheInfo(hits={self[0]}, misses={self[1]}, maxsize={self[2]}, currsize={self[3]})'


class _CachedFunction:
    """A function that remembers its results; calls with unknown arguments are not remembered."""

    def __init__(self, function, maxsize, typed):
        self._function = function
        self._maxsize = maxsize
        self._typed = typed
        self._results = {}
        self._hits = 0
        self._misses = 0
        update_wrapper(self, function)

    def __call__(self, *args, **kwargs):
        if self._maxsize == 0 or holds_unknown(args, kwargs):
            self._misses += 1
            return self._function(*args, **kwargs)
        key = (args, tuple(kwargs.items()), tuple(type(a) for a in args)) if self._typed else (args, tuple(kwargs.items()))
        results = self._results
        if key in results:
            self._hits += 1
            if self._maxsize is not None:
                results[key] = results.pop(key)
            return results[key]
        self._misses += 1
        value = self._function(*args, **kwargs)
        results[key] = value
        if self._maxsize is not None and len(results) > self._maxsize:
            del results[next(iter(results))]
        return value

    def __get__(self, instance, owner=None):
        return self if instance is None else bound_method(self, instance)

    def __deepcopy__(self, memo):
        return self

    def cache_info(self):
        return _CacheInfo((self._hits, self._misses, self._maxsize, len(self._results)))

    def cache_parameters(self):
        return {'maxsize': self._maxsize, 'typed': self._typed}

    def cache_clear(self):
        self._results.clear()
        self._hits = self._misses = 0


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _CachedFunction(maxsize, 128, typed)
    return lambda function: _CachedFunction(function, maxsize, typed)


def cache(function, /):
    return _CachedFunction(function, None, False)


class cached_property:
    def __init__(self, func):
        self.func = func
        self.attrname = None
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        self.attrname = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        values = instance.__dict__
        if self.attrname not in values:
            values[self.attrname] = self.func(instance)
        return values[self.attrname]


_opposites = {
    '__lt__': (('__gt__', lambda self, other: _not_or(self < other, self == other)),
               ('__le__', lambda self, other: self < other or self == other),
               ('__ge__', lambda self, other: not self < other)),
    '__le__': (('__ge__', lambda self, other: not self <= other or self == other),
               ('__lt__', lambda self, other: self <= other and not self == other),
               ('__gt__', lambda self, other: not self <= other)),
    '__gt__': (('__lt__', lambda self, other: _not_or(self > other, self == other)),
               ('__ge__', lambda self, other: self > other or self == other),
               ('__le__', lambda self, other: not self > other)),
    '__ge__': (('__le__', lambda self, other: not self >= other or self == other),
               ('__gt__', lambda self, other: self >= other and not self == other),
               ('__lt__', lambda self, other: not self >= other)),
}


def _not_or(first, second):
    return not (first or second)


def total_ordering(cls):
    defined = [name for name in ('__lt__', '__le__', '__gt__', '__ge__') if any(name in c.__dict__ for c in cls.__mro__ if c is not object)]
    if not defined:
        raise ValueError('must define at least one ordering operation: < > <= >=')
    root = max(defined)
    for name, function in _opposites[root]:
        if name not in defined:
            setattr(cls, name, function)
    return cls


def cmp_to_key(compare):
    class Key:
        def __init__(self, obj):
            self.obj = obj

        def __lt__(self, other):
            return compare(self.obj, other.obj) < 0

        def __gt__(self, other):
            return compare(self.obj, other.obj) > 0

        def __eq__(self, other):
            return compare(self.obj, other.obj) == 0

        def __le__(self, other):
            return compare(self.obj, other.obj) <= 0

        def __ge__(self, other):
            return compare(self.obj, other.obj) >= 0
        __hash__ = None
    return Key


def singledispatch(function):
    registry = {object: function}

    def dispatch(cls):
        for base in cls.__mro__:
            if base in registry:
                return registry[base]
        for base, found in registry.items():
            if base is not object and issubclass(cls, base):
                return found
        return function

    def register(cls, func=None):
        if func is not None:
            registry[cls] = func
            return func
        if isinstance(cls, type):
            return lambda f: register(cls, f)
        from typing import get_type_hints
        hints = get_type_hints(cls)
        for name, annotation in hints.items():
            if name != 'return':
                registry[annotation] = cls
                return cls
        raise TypeError(f'Invalid first argument to `register()`: {cls!r}')

    def wrapper(*args, **kwargs):
        if not args:
            raise TypeError(f'{function.__name__} requires at least 1 positional argument')
        return dispatch(args[0].__class__)(*args, **kwargs)

    wrapper.register = register
    wrapper.dispatch = dispatch
    wrapper.registry = registry
    update_wrapper(wrapper, function)
    return wrapper


class singledispatchmethod:
    def __init__(self, func):
        self.dispatcher = singledispatch(func)
        self.func = func

    def register(self, cls, method=None):
        return self.dispatcher.register(cls, func=method)

    def __get__(self, instance, owner=None):
        def method(*args, **kwargs):
            return self.dispatcher.dispatch(args[0].__class__).__get__(instance, owner)(*args, **kwargs)
        method.register = self.register
        return method
