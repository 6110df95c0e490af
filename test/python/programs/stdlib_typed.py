# --- dataclass basics
from dataclasses import dataclass, field
@dataclass
class C:
    a: int
    b: str = 'x'
    c: list = field(default_factory=list)
x, y = C(1), C(2, 'y', [3])
x.c.append(5)
print(x, y, x == C(1, 'x', [5]), x != y, C(1).c, C(b='q', a=0))
for f in (lambda: C(), lambda: C(1, 2, 3, 4), lambda: C(1, z=2), lambda: C(1, a=2)):
    try:
        f()
    except TypeError as e:
        print(e)
# --- dataclass post_init
from dataclasses import dataclass, field, InitVar
@dataclass
class C:
    dim: int = 8
    heads: int = 2
    head_dim: int = field(init=False)
    scale: InitVar[float] = 1.0
    def __post_init__(self, scale):
        self.head_dim = self.dim // self.heads
        self.s = scale * 2
c = C(16, scale=3)
print(c, c.head_dim, c.s)
# --- dataclass inheritance
from dataclasses import dataclass, fields
@dataclass
class A:
    x: int = 1
    y: int = 2
@dataclass
class B(A):
    y: int = 20
    z: int = 3
print(B(), B(5), [f.name for f in fields(B)], B.__mro__[1].__name__, isinstance(B(), A))
# --- dataclass frozen order
from dataclasses import dataclass, FrozenInstanceError, replace
@dataclass(frozen=True, order=True)
class P:
    x: int
    y: int = 0
p = P(1)
try:
    p.x = 2
except FrozenInstanceError as e:
    print(e)
print(P(1) < P(2), sorted([P(2), P(1, 5), P(1, 1)]), hash(P(1)) == hash(P(1)), {P(1): 'a'}[P(1)], replace(p, y=9), P(1, 2) >= P(1, 2))
# --- dataclass asdict
from dataclasses import dataclass, asdict, astuple, field, is_dataclass
@dataclass
class In:
    v: int = 1
@dataclass
class Out:
    i: In = field(default_factory=In)
    l: list = field(default_factory=lambda: [In(2)])
    d: dict = field(default_factory=lambda: {'k': In(3)})
o = Out()
print(asdict(o), astuple(o), is_dataclass(o), is_dataclass(Out), is_dataclass(1), asdict(o)['i'] is o.i)
# --- dataclass options
from dataclasses import dataclass, field, fields, KW_ONLY
from typing import ClassVar
@dataclass(repr=False, eq=False)
class A:
    x: int = 0
print(A() == A(), 'A object' in repr(A()))
@dataclass
class B:
    x: int
    _: KW_ONLY
    y: int = 1
    z: int
    n: ClassVar[int] = 7
    h: int = field(default=5, repr=False, compare=False)
print(B(1, z=3), B(1, z=3) == B(1, z=3, h=9), B.n, [f.name for f in fields(B)])
try:
    B(1, 2, 3)
except TypeError as e:
    print('TypeError')
@dataclass(kw_only=True)
class K:
    a: int = 1
    b: int
print(K(b=2))
# --- dataclass errors
from dataclasses import dataclass, field
def bad1():
    @dataclass
    class A:
        x: int = 1
        y: int
def bad2():
    @dataclass
    class A:
        x: list = []
def bad3():
    @dataclass(frozen=True)
    class A:
        x: int = 1
    @dataclass
    class B(A):
        y: int = 1
for f in (bad1, bad2, bad3, lambda: field(default=1, default_factory=list)):
    try:
        f()
    except (TypeError, ValueError) as e:
        print(type(e).__name__)
# --- dataclass methods and metadata
from dataclasses import dataclass, field, fields
@dataclass
class Args:
    """Args doc"""
    lr: float = field(default=1e-3, metadata={'help': 'rate'})
    n: int = 3
    @property
    def total(self): return self.lr * self.n
    @classmethod
    def make(cls, **kw): return cls(**{k: v for k, v in kw.items() if k in {f.name for f in fields(cls)}})
    def __str__(self): return 'ARGS'
print(Args().total, Args.make(n=5, zz=1), str(Args()), fields(Args)[0].metadata['help'], fields(Args)[1].default, Args.lr, Args.__doc__)
# --- dataclass hash
from dataclasses import dataclass
@dataclass
class A:
    x: int = 1
try:
    hash(A())
except TypeError as e:
    print(e)
@dataclass(unsafe_hash=True)
class B:
    x: int = 1
print(hash(B()) == hash(B()), len({B(), B(), B(2)}))
@dataclass(eq=False)
class C:
    x: int = 1
print(C() == C(), len({C(), C()}))
# --- dataclass match args
from dataclasses import dataclass
@dataclass
class P:
    x: int
    y: int
match P(1, 2):
    case P(x, 2):
        print('x', x)
print(P.__match_args__)
# --- dataclass slots
from dataclasses import dataclass
@dataclass(slots=True)
class P:
    x: int
    y: int = 2
p = P(1)
p.x = 5
print(p, P.__slots__)
# --- make_dataclass
from dataclasses import make_dataclass, field
C = make_dataclass('C', [('x', int), ('y', int, field(default=5))])
print(C(1), C(1, 2).y)
# --- dataclass field order with defaults override
from dataclasses import dataclass
@dataclass
class Base:
    name: str = 'base'
    hidden: int = 128
@dataclass
class Big(Base):
    name: str = 'big'
    hidden: int = 1024
    layers: int = 24
    def params(self): return self.hidden * self.layers
print(Big(), Big().params(), Big(hidden=2).params(), vars(Big()))
# --- dataclass init with self reference defaults
from dataclasses import dataclass
from typing import Optional
@dataclass
class Cfg:
    dim: int = 64
    hidden: Optional[int] = None
    n_kv: Optional[int] = None
    n_heads: int = 8
    def __post_init__(self):
        if self.hidden is None:
            self.hidden = 4 * self.dim
        self.n_kv = self.n_kv or self.n_heads
        assert self.dim % self.n_heads == 0
print(Cfg(), Cfg(128, n_kv=2))
# --- enum basics
from enum import Enum, auto, unique
class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1
print(Color.RED, repr(Color.RED), Color.RED.name, Color.RED.value, Color(2), Color['GREEN'], Color.CRIMSON is Color.RED, list(Color), len(Color), Color.RED == Color.RED, Color.RED != Color.GREEN, Color.RED in Color, isinstance(Color.RED, Color), Color.RED == 1, list(Color.__members__), hash(Color.RED) == hash(Color.RED))
for f in (lambda: Color(9), lambda: Color['X'], lambda: Color.BLUE, lambda: Color.RED < Color.GREEN):
    try:
        f()
    except (ValueError, KeyError, AttributeError, TypeError) as e:
        print(type(e).__name__, e)
# --- enum auto
from enum import Enum, auto
class A(Enum):
    X = auto()
    Y = auto()
    Z = 10
    W = auto()
print([(m.name, m.value) for m in A])
class S(Enum):
    def _generate_next_value_(name, start, count, last): return name.lower()
    P = auto()
    Q = auto()
print([m.value for m in S])
# --- enum str mixin
from enum import Enum
class Mode(str, Enum):
    TRAIN = 'train'
    EVAL = 'eval'
print(Mode.TRAIN == 'train', Mode('eval'), Mode.TRAIN.value, str(Mode.TRAIN), f'{Mode.TRAIN}', Mode.TRAIN.upper(), 'train' in [m.value for m in Mode], isinstance(Mode.TRAIN, str), {'train': 1}[Mode.TRAIN], Mode.TRAIN in ('train',), Mode.TRAIN + 'x', len(Mode.EVAL), repr(Mode.EVAL))
# --- intenum
from enum import IntEnum
class P(IntEnum):
    LOW = 1
    HIGH = 5
print(P.LOW < P.HIGH, P.LOW + 1, P(5), int(P.HIGH), P.HIGH == 5, sorted([P.HIGH, P.LOW]), str(P.LOW), f'{P.LOW}', f'{P.HIGH:03d}', repr(P.LOW), [10, 20][P.LOW], max(P), P.LOW * 2.5, range(P.LOW, P.HIGH), isinstance(P.LOW, int))
# --- strenum
from enum import StrEnum, auto
class S(StrEnum):
    A = auto()
    B = 'bee'
print(S.A, S.B, S.A == 'a', f'{S.B}', S('bee'), repr(S.A), S.B.title(), list(S))
# --- enum methods and init
from enum import Enum
class Planet(Enum):
    EARTH = (5.97, 6.37)
    MARS = (0.64, 3.39)
    def __init__(self, mass, radius):
        self.mass, self.radius = mass, radius
    @property
    def ratio(self): return round(self.mass / self.radius, 3)
    @classmethod
    def heavy(cls): return max(cls, key=lambda p: p.mass)
    @staticmethod
    def note(): return 'n'
print(Planet.EARTH.mass, Planet.MARS.ratio, Planet.heavy(), Planet.EARTH.value, Planet((0.64, 3.39)), Planet.note())
# --- enum new
from enum import Enum
class W(Enum):
    def __new__(cls, value, label):
        o = object.__new__(cls)
        o._value_ = value
        o.label = label
        return o
    A = (1, 'first')
    B = (2, 'second')
print(W(1), W.B.label, W.A.value)
# --- enum flag
from enum import Flag, IntFlag, auto
class F(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W
print(F.R | F.X, F.RW, F.R in F.RW, F.X in F.RW, bool(F.R & F.W), (F.R | F.W) is F.RW, F.RW.value, ~F.R, F(0), list(F.RW), [m.value for m in F])
class I(IntFlag):
    A = 1
    B = 2
print(I.A | I.B, int(I.A | I.B), I.A | 2, I.A & 1, I(3) == 3, I.A + 5)
# --- enum unique and functional
from enum import Enum, unique
try:
    @unique
    class A(Enum):
        X = 1
        Y = 1
except ValueError as e:
    print(type(e).__name__)
C = Enum('C', 'RED GREEN')
D = Enum('D', {'X': 5, 'Y': 6})
print(C.RED.value, list(C), D.Y.value)
# --- enum dict and callable values
from enum import Enum
class E(Enum):
    A = {'k': 1}
    B = [1, 2]
    C = (1, 2)
    D = None
    def go(self): return self.name
print(E.A.value['k'], E.B.value, E.C.value, E([1, 2]), E.D.value, E.A.go())
# --- enum subclass with base methods
from enum import Enum
class Base(Enum):
    def describe(self): return f'{self.name}={self.value}'
class X(Base):
    P = 1
    Q = 2
print([m.describe() for m in X], X.P.__class__.__name__)
try:
    class Y(X):
        R = 3
except TypeError as e:
    print('cannot extend')
# --- enum match
from enum import Enum
class C(Enum):
    A = 1
    B = 2
def f(c):
    match c:
        case C.A: return 'a'
        case C.B: return 'b'
print(f(C.A), f(C.B), f(1))
# --- enum missing
from enum import Enum
class E(Enum):
    A = 'a'
    @classmethod
    def _missing_(cls, v):
        for m in cls:
            if m.value == str(v).lower(): return m
print(E('A'))
try:
    E('zz')
except ValueError as e:
    print(e)
# --- exploding enum (HF)
from enum import Enum
class ExplicitEnum(str, Enum):
    @classmethod
    def _missing_(cls, value):
        raise ValueError(f'{value} is not a valid {cls.__name__}, please select one of {list(cls._value2member_map_.keys())}')
class T(ExplicitEnum):
    PT = 'pt'
    NP = 'np'
print(T('pt'), T.NP == 'np')
try:
    T('x')
except ValueError as e:
    print(e)
# --- typing subscripts
from typing import List, Dict, Optional, Union, Tuple, Callable, Any, TypeVar, Generic, Literal, Iterable, Type, Set, Sequence, NamedTuple, ClassVar, Final, Annotated
print(List[int], Optional[str], Union[int, str, None], Dict[str, Any], Tuple[int, ...], Callable[[int], str], Literal['a', 'b'])
x: List[int] = [1]
T = TypeVar('T')
def f(a: Optional[List[int]] = None, *b: int, **c: str) -> Dict[str, T]: return a
print(f(), T, Union[int], Optional[None])
# --- typing generic class
from typing import Generic, TypeVar, Protocol, runtime_checkable
T = TypeVar('T')
K = TypeVar('K')
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
class Pair(Box[T], Generic[T, K]): pass
print(Box(1).v, Box[int](2).v, isinstance(Box(1), Box), Pair('a').v, issubclass(Pair, Box))
@runtime_checkable
class Closer(Protocol):
    def close(self) -> None: ...
class A:
    def close(self): pass
print(isinstance(A(), Closer), isinstance(1, Closer))
# --- typing NamedTuple
from typing import NamedTuple, Optional
class P(NamedTuple):
    x: int
    y: int = 0
    z: Optional[str] = None
    def norm(self): return self.x + self.y
    @property
    def d(self): return self.x * 2
p = P(3, y=4)
print(p, p.norm(), p.d, p._fields, p == (3, 4, None), P(1)._replace(x=5), p._asdict(), isinstance(p, tuple))
a, b, c = p
print(a, b, c, P._field_defaults)
Q = NamedTuple('Q', [('a', int), ('b', str)])
print(Q(1, 'x'))
# --- typing TypedDict
from typing import TypedDict
class M(TypedDict):
    a: int
    b: str
class N(M, total=False):
    c: float
m: M = {'a': 1, 'b': 'x'}
print(M(a=1, b='y'), m, isinstance(m, dict), N(a=1, c=2.0))
# --- typing functions
from typing import cast, overload, TYPE_CHECKING, get_origin, get_args, NewType, List, Union, Optional, Literal, Dict, Annotated
if TYPE_CHECKING:
    import nothing_at_all
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x
Id = NewType('Id', int)
print(cast(int, 'a'), f(2), Id(5), get_origin(List[int]), get_args(Dict[str, int]), get_origin(Optional[int]) is Union, get_args(Literal[1, 2]), get_origin(int), get_args(Annotated[int, 'm']))
# --- builtin generics
print(list[int], dict[str, int], tuple[int, ...], type[int], int | None, int | str | None, list[int] | None)
def f(x: list[int] | None = None) -> dict[str, tuple[int, ...]]: return x
class A(dict[str, int]): pass
print(f(), A(a=1), list[int]([1]), isinstance(1, int | None), isinstance(None, int | None), (int | str) == (str | int))
# --- abc
from abc import ABC, ABCMeta, abstractmethod
class A(ABC):
    @abstractmethod
    def f(self): ...
    @property
    @abstractmethod
    def p(self): ...
    def g(self): return self.f()
class B(A):
    def f(self): return 'f'
    @property
    def p(self): return 'p'
class C(A):
    def f(self): return 1
print(B().g(), B().p)
for cls in (A, C):
    try:
        cls()
    except TypeError as e:
        print('abstract')
class D(metaclass=ABCMeta):
    @classmethod
    @abstractmethod
    def make(cls): ...
try:
    D()
except TypeError:
    print('abstract D')
A.register(int)
print(isinstance(5, A), issubclass(int, A), isinstance(B(), A), sorted(A.__abstractmethods__))
# --- abc super call
from abc import ABC, abstractmethod
class A(ABC):
    def __init__(self, x): self.x = x
    @abstractmethod
    def f(self): return 'base'
class B(A):
    def f(self): return super().f() + str(self.x)
print(B(1).f())
# --- argparse defaults
import argparse
p = argparse.ArgumentParser(description='d')
p.add_argument('--lr', type=float, default=0.1)
p.add_argument('--n-layers', '-n', type=int, default=12, help='h')
p.add_argument('--flag', action='store_true')
p.add_argument('--no-x', dest='x', action='store_false')
p.add_argument('--name', default='m', choices=['m', 'n'])
p.add_argument('--list', nargs='+', type=int, default=[1, 2])
p.add_argument('--none')
p.add_argument('--conv', type=int, default='7')
g = p.add_argument_group('g')
g.add_argument('--g1', default=1)
p.set_defaults(extra='e')
a = p.parse_args([])
print(a.lr, a.n_layers, a.flag, a.x, a.name, a.list, a.none, a.conv, a.g1, a.extra, vars(a)['lr'], hasattr(a, 'zz'))
a, rest = p.parse_known_args([])
print(a.lr, rest)
# --- argparse command line
import argparse
p = argparse.ArgumentParser()
p.add_argument('cmd')
p.add_argument('--x', type=int, default=1)
p.add_argument('-v', action='store_true')
p.add_argument('--l', nargs='*', type=float)
a = p.parse_args(['run', '--x', '5', '-v', '--l', '1', '2.5'])
print(a.cmd, a.x, a.v, a.l, a)
print(p.parse_args(['go', '--x=7']).x)
# --- inspect signature
import inspect
def f(a, b=2, *args, c, d=4, **kw): pass
s = inspect.signature(f)
print(s, list(s.parameters), s.parameters['b'].default, s.parameters['a'].default is inspect.Parameter.empty, [str(p.kind) for p in s.parameters.values()], 'c' in s.parameters)
class A:
    def __init__(self, x, y=1): pass
    def m(self, z): pass
print(list(inspect.signature(A).parameters), list(inspect.signature(A(1).m).parameters), list(inspect.signature(A.m).parameters))
b = s.bind(1, c=3)
b.apply_defaults()
print(b.arguments['b'], b.args, b.kwargs)
print(inspect.isclass(A), inspect.isfunction(f), inspect.ismethod(A(1).m), inspect.isgeneratorfunction(f), inspect.getfullargspec(f).args, inspect.getfullargspec(f).kwonlyargs, inspect.getfullargspec(f).varkw)
# --- inspect filter kwargs
import inspect
def build(dim, depth=2, *, drop=0.0): return dim, depth, drop
cfg = {'dim': 4, 'drop': 0.5, 'other': 1}
accepted = {k: v for k, v in cfg.items() if k in inspect.signature(build).parameters}
print(build(**accepted))
# --- re match groups
import re
m = re.match(r'(\w+)-(\d+)', 'abc-123 rest')
print(m.group(), m.group(1), m.groups(), m.start(2), m.end(), m.span(1), m[2], m.lastindex, bool(m), re.match('x', 'abc'))
m = re.search(r'(?P<name>[a-z]+)\.(?P<n>\d+)', 'layer: conv.12')
print(m['name'], m.groupdict(), m.group('n'), m.start())
print(re.fullmatch(r'\d+', '123'), re.fullmatch(r'\d+', '123a'), re.match(r'(a)?(b)', 'b').groups(), re.match(r'(a)?(b)', 'b').groups('-'))
# --- re findall split sub
import re
print(re.findall(r'\d+', 'a1b22c333'), re.findall(r'(\w)(\d)', 'a1 b2'), re.findall(r'(\w)\d', 'a1 b2'), re.split(r'[,;]\s*', 'a, b;c'), re.split(r'(-)', 'a-b'), re.split(r'\s+', ' a b '), re.sub(r'\d', '#', 'a1b2'), re.sub(r'(\w)(\d)', r'\2\1', 'a1b2'), re.sub(r'(?P<x>\d)', r'<\g<x>>', 'a1'), re.sub('a', lambda m: m.group().upper(), 'banana', count=2), re.subn('a', 'b', 'aa'))
# --- re flags
import re
print(re.findall('abc', 'ABC abc', re.I), re.findall('^x', 'x\nx', re.M), re.search('a.b', 'a\nb', re.S) is not None, re.search('a.b', 'a\nb'), re.findall(r'''
  \d+  # digits
  [a-z]
''', '12a 3b', re.VERBOSE), re.compile('(?i)HeL').match('hello').group(), re.sub('(?m)^', '> ', 'a\nb'))
# --- re special
import re
print(re.escape('a.b*c'), re.findall(r'\bfoo\b', 'foo foobar foo'), re.findall(r'(?<=a)b', 'ab cb'), re.findall(r'a(?!b)', 'ab ac'), re.findall(r'[^\s,]+', 'a, b'), re.findall(r'a{2,3}', 'aaaaa'), re.findall(r'a+?', 'aaa'), re.match(r'\Aabc\Z', 'abc') is not None, re.findall(r'(a|b)+', 'abab'), re.findall(r'x*', 'axb'), re.findall(r'[\w.-]+@[\w.]+', 'mail a.b@c.d now'))
for m in re.finditer(r'(\d)(\w)?', '1a2'):
    print(m.span(), m.groups())
# --- re compile
import re
p = re.compile(r'blocks\.(\d+)\.')
print(p.pattern, p.search('model.blocks.11.attn').group(1), p.sub('b.', 'blocks.3.x'), p.match('xblocks.1.'), p.groups, p.groupindex, p.findall('blocks.1.blocks.2.'), repr(p), isinstance(p, re.Pattern), p.split('ablocks.1.b'))
try:
    re.compile('(')
except re.error as e:
    print('error')
# --- re names
import re
def key(s): return [int(t) if t.isdigit() else t for t in re.split(r'(\d+)', s)]
print(sorted(['l10', 'l9', 'l1'], key=key), re.sub(r'(?<!^)(?=[A-Z])', '_', 'CamelCaseName').lower(), re.sub('[^a-zA-Z0-9]+', '-', 'a b!!c'), re.match(r'^(\d+)x(\d+)$', '224x196').groups(), re.sub(r'\s+', ' ', 'a\n\t b'))
