# --- exception groups
def f(g):
    try:
        raise g
    except* ValueError as e:
        print('VE', [str(x) for x in e.exceptions], e)
    except* (TypeError, KeyError) as e:
        print('TE', [str(x) for x in e.exceptions], repr(e))
    else:
        print('else')
    finally:
        print('fin')
    return 1
print(f(ExceptionGroup('m', [ValueError('a'), TypeError('b')])))
f(ValueError('plain'))
try:
    f(ExceptionGroup('m', [ValueError('a'), OSError('b'), ExceptionGroup('in', [KeyError('k'), OSError('c')])]))
except ExceptionGroup as e:
    print(type(e).__name__, e, len(e.exceptions), e.exceptions[1].exceptions)
def h():
    try: pass
    except* ValueError: pass
    else: print('else')
h()
g = ExceptionGroup('x', [ValueError(1), TypeError(2)])
print(g.split(ValueError), g.subgroup(lambda e: isinstance(e, TypeError)), g.message, g.args)
print(type(BaseExceptionGroup('b', [ValueError()])), type(BaseExceptionGroup('b', [KeyboardInterrupt()])))
try: ExceptionGroup('x', [])
except ValueError as e: print(e)
for i in range(3):
    try:
        raise ExceptionGroup('l', [ValueError(i)])
    except* ValueError as e:
        last = e
print(last)
class MyGroup(ExceptionGroup):
    def derive(self, excs): return MyGroup(self.message, excs)
try:
    raise MyGroup('mine', [ValueError(3), OSError(4)])
except* OSError as e:
    print(type(e).__name__)
    rest = True
except* ValueError as e:
    print(type(e).__name__, e)
try:
    raise OSError('o')
except OSError as e:
    print('after', e)
# --- private names
class A:
    __count = 0
    def __init__(self):
        self.__x = 3
        __loc = 4
        print(__loc)
    def get(self):
        global __g
        __g = 5
        return self.__x, A.__count
    def m(self, __p=2):
        return __p
    @staticmethod
    def lo():
        import os as __os
        def __inner(): return 7
        class __C: pass
        return __inner(), __C.__name__
print(A().get(), A().m(), sorted(k for k in A.__dict__ if 'count' in k))
print(A.lo())
print(_A__g)
print(A.__dict__.keys() >= {'_A__count'})
class B(A):
    __slots__ = ('__q',)
    def __f(self): return 1
    def g(self): return self.__f()
b = B()
print(b.g(), vars(b) if hasattr(b,'__dict__') else None)
def f(x):
    return [__k for __k in x]
class C:
    y = [ __z for __z in range(3)]
    def k(self, **kw): return kw
    def h(self): return self.k(__a=1)
print(C.y, C().h())
try:
    raise ValueError
except ValueError as e: pass
# --- annotations
import typing, inspect, functools
from typing import Optional, List
def f(a: int, b: 'str' = 'x', *c: float, d: Optional[List[int]] = None, **e: bool) -> float: return 1.0
print(f.__annotations__)
print(typing.get_type_hints(f))
s = inspect.signature(f)
print(s)
for n, p in s.parameters.items(): print(n, p.annotation, p.kind, p.default)
print(s.return_annotation)
@functools.singledispatch
def g(x): return 'base'
@g.register
def _(x: int): return 'int'
@g.register
def _(x: list): return 'list'
@g.register(str)
def _(x): return 'str'
print(g(1), g([]), g('a'), g(1.0), g(True))
class A:
    x: int
    y: 'str' = 'q'
    def m(self, a: int) -> 'A': return self
print(A.__annotations__, typing.get_type_hints(A), typing.get_type_hints(A.m))
print(inspect.get_annotations(f) if hasattr(inspect,'get_annotations') else None)
class D:
    @functools.singledispatchmethod
    def h(self, x): return 'b'
    @h.register
    def _(self, x: int): return 'i'
    @h.register
    def _(self, x: str) -> str: return 's'
print(D().h(1), D().h('a'), D().h(1.))
lam = lambda x: x
print(lam.__annotations__)
sig = inspect.signature(A.m)
print(sig, list(sig.parameters))
print(inspect.signature(A().m))
f.__annotations__['a'] = float
print(typing.get_type_hints(f)['a'])
print(f.__annotations__ is f.__annotations__)
from typing import Union, Callable, Dict, Annotated, get_origin, get_args
def h(a: int | None, b: Union[int, str], c: Callable[[int], str], d: Dict[str, int], e: list[int]) -> None: ...
hh = typing.get_type_hints(h)
for k, v in hh.items(): print(k, v, get_origin(v), get_args(v))
def w(fn):
    @functools.wraps(fn)
    def inner(*a, **k): return fn(*a, **k)
    return inner
print(w(f).__annotations__.keys(), inspect.signature(w(f)))
# --- annotations stay text where they must
from __future__ import annotations
import typing, dataclasses, inspect
class Later: ...
def f(a: Later, b: list[Later] | None = None) -> Missing: ...
print(f.__annotations__, inspect.signature(f))
@dataclasses.dataclass
class C:
    x: int
    y: typing.ClassVar[int] = 3
    z: typing.Optional[Later] = None
print([(d.name, d.type) for d in dataclasses.fields(C)])
print(typing.get_type_hints(C)['z'], list(typing.get_type_hints(C)))
# --- field types
import dataclasses, typing
class Other: ...
@dataclasses.dataclass
class C:
    x: int
    n: typing.ClassVar[int] = 3
    z: 'Other' = None
    w: typing.List[int] = dataclasses.field(default_factory=list)
for d in dataclasses.fields(C):
    print(d.name, d.type, d.type is int)
class N(typing.NamedTuple):
    a: int
    b: str = 'x'
print(N.__annotations__, N(1))
class T(typing.TypedDict):
    k: int
print(T.__annotations__, T(k=1))
def outer(kind):
    class Local: ...
    def inner(a: Local, b: kind) -> 'Local': ...
    return inner.__annotations__['b'], inner.__annotations__['a'].__name__
print(outer(dict))
