"""inspect: signatures from the functions themselves, and what kind of thing an object is."""
from _eco import (annotation_texts, BuiltinFunctionType, MethodType, ModuleType, is_coroutine_function, is_function,
                  is_generator_function, parameters as _parameters, runtime)
from enum import IntEnum as _IntEnum


class _empty:
    pass


class _ParameterKind(_IntEnum):
    POSITIONAL_ONLY = 0
    POSITIONAL_OR_KEYWORD = 1
    VAR_POSITIONAL = 2
    KEYWORD_ONLY = 3
    VAR_KEYWORD = 4

    def __str__(self):
        return self.name


class _Deferred:
    """An annotation that is evaluated when it is read."""

    def __init__(self, annotations, name):
        self.annotations = annotations
        self.name = name

    def value(self):
        return self.annotations.get(self.name, _empty)


def _value(annotation):
    return annotation.value() if isinstance(annotation, _Deferred) else annotation


def formatannotation(annotation, base_module=None):
    if getattr(annotation, '__module__', None) == 'typing':
        return repr(annotation).replace('typing.', '')
    if isinstance(annotation, type):
        if annotation.__module__ in ('builtins', base_module):
            return annotation.__qualname__
        return annotation.__module__ + '.' + annotation.__qualname__
    return repr(annotation)


class Parameter:
    POSITIONAL_ONLY = _ParameterKind.POSITIONAL_ONLY
    POSITIONAL_OR_KEYWORD = _ParameterKind.POSITIONAL_OR_KEYWORD
    VAR_POSITIONAL = _ParameterKind.VAR_POSITIONAL
    KEYWORD_ONLY = _ParameterKind.KEYWORD_ONLY
    VAR_KEYWORD = _ParameterKind.VAR_KEYWORD
    empty = _empty

    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        self.name = name
        self.kind = _ParameterKind(kind)
        self.default = default
        self._annotation = annotation

    @property
    def annotation(self):
        return _value(self._annotation)

    def replace(self, **changes):
        values = {'name': self.name, 'kind': self.kind, 'default': self.default, 'annotation': self._annotation}
        values.update(changes)
        name, kind = values.pop('name'), values.pop('kind')
        return Parameter(name, kind, **values)

    def __eq__(self, other):
        if not isinstance(other, Parameter):
            return NotImplemented
        return (self.name, self.kind, self.default) == (other.name, other.kind, other.default)

    def __hash__(self):
        return hash((self.name, int(self.kind)))

    def __str__(self):
        text = {2: '*', 4: '**'}.get(int(self.kind), '') + self.name
        annotation = self.annotation
        if annotation is not _empty:
            text = f'{text}: {formatannotation(annotation)}'
            return text if self.default is _empty else f'{text} = {self.default!r}'
        return text if self.default is _empty else f'{text}={self.default!r}'

    def __repr__(self):
        return f'<Parameter "{self}">'


class BoundArguments:
    def __init__(self, signature, arguments):
        self.signature = signature
        self.arguments = arguments

    @property
    def args(self):
        values = []
        for name, p in self.signature.parameters.items():
            if p.kind in (3, 4) or name not in self.arguments:
                break
            if p.kind == 2:
                values.extend(self.arguments[name])
            else:
                values.append(self.arguments[name])
        return tuple(values)

    @property
    def kwargs(self):
        values = {}
        passed = len(self.args)
        for i, (name, p) in enumerate(self.signature.parameters.items()):
            if name not in self.arguments or p.kind == 2:
                continue
            if p.kind == 4:
                values.update(self.arguments[name])
            elif p.kind == 3 or i >= passed:
                values[name] = self.arguments[name]
        return values

    def apply_defaults(self):
        arguments = {}
        for name, p in self.signature.parameters.items():
            if name in self.arguments:
                arguments[name] = self.arguments[name]
            elif p.default is not _empty:
                arguments[name] = p.default
            elif p.kind == 2:
                arguments[name] = ()
            elif p.kind == 4:
                arguments[name] = {}
        self.arguments = arguments


class Signature:
    empty = _empty

    def __init__(self, parameters=None, *, return_annotation=_empty):
        self.parameters = {p.name: p for p in (parameters or [])}
        self._return = return_annotation

    @property
    def return_annotation(self):
        return _value(self._return)

    @classmethod
    def from_callable(cls, obj, **kwargs):
        return signature(obj)

    def replace(self, *, parameters=_empty, return_annotation=_empty):
        kept = list(self.parameters.values()) if parameters is _empty else parameters
        return Signature(kept, return_annotation=self._return if return_annotation is _empty else return_annotation)

    def _bind(self, args, kwargs, partial):
        arguments = {}
        args = list(args)
        kwargs = dict(kwargs)
        for name, p in self.parameters.items():
            if p.kind == 2:
                arguments[name] = tuple(args)
                args = []
            elif p.kind == 4:
                arguments[name] = kwargs
                kwargs = {}
            elif p.kind != 3 and args:
                if name in kwargs:
                    raise TypeError(f'multiple values for argument {name!r}')
                arguments[name] = args.pop(0)
            elif name in kwargs and p.kind != 0:
                arguments[name] = kwargs.pop(name)
            elif p.default is _empty and not partial:
                raise TypeError(f'missing a required argument: {name!r}')
        if args:
            raise TypeError('too many positional arguments')
        if kwargs:
            raise TypeError(f'got an unexpected keyword argument {next(iter(kwargs))!r}')
        return BoundArguments(self, {k: v for k, v in arguments.items() if not (self.parameters[k].kind in (2, 4) and not v)})

    def bind(self, /, *args, **kwargs):
        return self._bind(args, kwargs, False)

    def bind_partial(self, /, *args, **kwargs):
        return self._bind(args, kwargs, True)

    def __eq__(self, other):
        return isinstance(other, Signature) and self.parameters == other.parameters
    __hash__ = None

    def __str__(self):
        parts = []
        star = False
        last = None
        for p in self.parameters.values():
            if last == 0 and p.kind != 0:
                parts.append('/')
            if p.kind == 2:
                star = True
            elif p.kind == 3 and not star:
                parts.append('*')
                star = True
            parts.append(str(p))
            last = int(p.kind)
        if last == 0:
            parts.append('/')
        result = self.return_annotation
        arrow = '' if result is _empty else f' -> {formatannotation(result)}'
        return f'({", ".join(parts)}){arrow}'

    def __repr__(self):
        return f'<Signature {self}>'


def _from_function(f):
    found = _parameters(f)
    if found is None:
        return None
    annotations = getattr(f, '__annotations__', {})
    texts = annotation_texts(annotations)
    return Signature([Parameter(name, kind, default=default if has else _empty,
                                annotation=_Deferred(annotations, name) if name in texts else _empty)
                      for name, kind, has, default in found],
                     return_annotation=_Deferred(annotations, 'return') if 'return' in texts else _empty)


def signature(obj, *, follow_wrapped=True, **kwargs):
    if not callable(obj):
        raise TypeError(f'{obj!r} is not a callable object')
    given = getattr(obj, '__signature__', None)
    if given is not None:
        return given
    if follow_wrapped:
        obj = unwrap(obj)
    direct = _from_function(obj)
    if direct is not None:
        return direct
    if isinstance(obj, type):
        fields = obj.__dict__.get('__dataclass_fields__')
        if fields is not None:
            from dataclasses import MISSING
            made = []
            for f in fields.values():
                if f._field_type != 'classvar' and f.init:
                    default = f.default if f.default is not MISSING else _empty if f.default_factory is MISSING else f.default_factory
                    made.append(Parameter(f.name, 3 if f.kw_only else 1, default=default, annotation=f.type))
            return Signature(made)
        for c in obj.__mro__:
            for name in ('__init__', '__new__'):
                if name in c.__dict__ and c is not object:
                    found = _from_function(c.__dict__[name])
                    if found is not None:
                        return Signature(list(found.parameters.values())[1:])
        return Signature([])
    func = getattr(obj, 'func', None)
    if func is not None and hasattr(obj, 'keywords'):
        inner = signature(func)
        names = list(inner.parameters.values())[len(obj.args):]
        return Signature([p.replace(default=obj.keywords[p.name], kind=3) if p.name in obj.keywords else p for p in names])
    call = getattr(type(obj), '__call__', None)
    if call is not None:
        found = _from_function(call)
        if found is not None:
            return Signature(list(found.parameters.values())[1:])
    raise ValueError(f'no signature found for builtin {obj!r}')


def unwrap(func, *, stop=None):
    while hasattr(func, '__wrapped__') and not (stop is not None and stop(func)):
        func = func.__wrapped__
    return func


class FullArgSpec(tuple):
    args = property(lambda self: self[0])
    varargs = property(lambda self: self[1])
    varkw = property(lambda self: self[2])
    defaults = property(lambda self: self[3])
    kwonlyargs = property(lambda self: self[4])
    kwonlydefaults = property(lambda self: self[5])
    annotations = property(lambda self: self[6])


def getfullargspec(func):
    if isinstance(func, type):
        found = [('self', 1, False, None)] + [(p.name, int(p.kind), p.default is not _empty, p.default) for p in signature(func).parameters.values()]
    else:
        found = _parameters(getattr(func, '__func__', func))
        if found is None:
            raise TypeError('unsupported callable')
    args = [name for name, kind, has, default in found if kind in (0, 1)]
    defaults = tuple(default for name, kind, has, default in found if kind in (0, 1) and has)
    varargs = [name for name, kind, has, default in found if kind == 2]
    varkw = [name for name, kind, has, default in found if kind == 4]
    kwonly = [name for name, kind, has, default in found if kind == 3]
    kwdefaults = {name: default for name, kind, has, default in found if kind == 3 and has}
    return FullArgSpec((args, varargs[0] if varargs else None, varkw[0] if varkw else None, defaults or None, kwonly, kwdefaults or None,
                        getattr(func, '__annotations__', {})))


def isclass(object):
    return isinstance(object, type)


def isfunction(object):
    return is_function(object)


def ismethod(object):
    return isinstance(object, MethodType)


def ismodule(object):
    return isinstance(object, ModuleType)


def isbuiltin(object):
    return isinstance(object, BuiltinFunctionType)


def isroutine(object):
    return isfunction(object) or ismethod(object) or isbuiltin(object)


def isgeneratorfunction(object):
    return is_generator_function(object)


def iscoroutinefunction(object):
    return is_coroutine_function(object)


def isgenerator(object):
    return type(object).__name__ == 'generator'


def iscoroutine(object):
    return type(object).__name__ == 'coroutine'


def isawaitable(object):
    return hasattr(type(object), '__await__')


def isabstract(object):
    return isinstance(object, type) and bool(getattr(object, '__abstractmethods__', ()))


def isdatadescriptor(object):
    return isinstance(object, property) or hasattr(type(object), '__set__')


def getmembers(object, predicate=None):
    found = []
    for name in dir(object):
        try:
            value = getattr(object, name)
        except AttributeError:
            continue
        if predicate is None or predicate(value):
            found.append((name, value))
    return found


def getmro(cls):
    return cls.__mro__


def getdoc(object):
    return cleandoc(object.__doc__) if isinstance(object.__doc__, str) else None


def cleandoc(doc):
    lines = doc.expandtabs().split('\n')
    margin = None
    for line in lines[1:]:
        content = len(line.lstrip())
        if content:
            indent = len(line) - content
            margin = indent if margin is None else min(margin, indent)
    lines[0] = lines[0].lstrip()
    if margin is not None:
        lines[1:] = [line[margin:] for line in lines[1:]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return '\n'.join(lines)


def getmodule(object):
    import sys
    return sys.modules.get(getattr(object, '__module__', None))


def getfile(object):
    return runtime('inspect.getfile', 'str')


getsourcefile = getfile


def getsource(object):
    return runtime('inspect.getsource', 'str')


def currentframe():
    return None


def stack(context=1):
    return runtime('inspect.stack', 'any')


def getattr_static(obj, attr, *default):
    for c in type(obj).__mro__:
        if attr in c.__dict__:
            return c.__dict__[attr]
    return getattr(obj, attr, *default)


def getclosurevars(func):
    return runtime('inspect.getclosurevars', 'any')


def get_annotations(obj, **kwargs):
    return dict(getattr(obj, '__annotations__', {}))
