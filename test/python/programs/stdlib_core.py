# --- math basic
import math
print(math.pi, math.e, math.sqrt(2), math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7), math.log(8, 2), math.log2(8), math.log10(1000), math.log(math.e), math.exp(1), math.pow(2, 0.5), math.gcd(12, 18), math.lcm(4, 6), math.factorial(10), math.comb(5, 2), math.perm(5, 2))
# --- math rounding
import math
print(math.floor(2**60), math.ceil(-0.5), type(math.floor(1.5)).__name__, math.isqrt(17), math.isqrt(10**20), math.prod([1, 2, 3]), math.prod([]), math.prod([1.5, 2]), math.fsum([0.1] * 10), math.hypot(3, 4), math.dist([0, 0], [3, 4]))
# --- math trig
import math
print(math.sin(1), math.cos(1), math.tan(1), math.atan2(1, 2), math.asin(1), math.sinh(1), math.tanh(0.5), math.degrees(math.pi), math.radians(180), math.erf(0.5), math.copysign(1, -0.0), math.fmod(-7, 3), math.modf(2.5), math.frexp(8), math.ldexp(0.5, 4))
# --- math predicates
import math
print(math.isnan(float('nan')), math.isinf(math.inf), math.isfinite(1), math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 1.1, rel_tol=0.2), math.inf > 10**100, math.nan == math.nan)
# --- math errors
import math
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.exp(1000), lambda: math.factorial(-1), lambda: math.acos(2), lambda: math.floor(math.inf), lambda: math.sqrt('a'), lambda: math.gcd(1.5, 2), lambda: math.log(-1)):
    try:
        f()
    except (ValueError, OverflowError, TypeError) as e:
        print(type(e).__name__, e)
# --- math objects
import math
class M:
    def __floor__(self): return 'floor'
    def __ceil__(self): return 'ceil'
    def __float__(self): return 4.0
print(math.floor(M()), math.ceil(M()), math.sqrt(M()))
# --- math big logs
import math
print(math.log2(2**100), math.log10(10**50), math.sqrt(10**30), math.log(10**400))
# --- cmath
import cmath
print(cmath.sqrt(-1), cmath.phase(1j), abs(cmath.exp(1j * cmath.pi) + 1) < 1e-15)
# --- functools partial
from functools import partial
def f(a, b, c=3, *d, **e): return a, b, c, d, e
p = partial(f, 1, c=5)
print(p(2), p(2, c=6), p.func is f, p.args, p.keywords, partial(p, 9)(), partial(int, base=2)('101'))
# --- functools reduce
from functools import reduce
import operator
print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(operator.mul, [1, 2, 3, 4], 10), reduce(max, [3, 9, 2]))
try:
    reduce(max, [])
except TypeError as e:
    print(e)
# --- functools wraps
from functools import wraps
def d(f):
    """d doc"""
    @wraps(f)
    def w(*a, **k):
        """w doc"""
        return f(*a, **k)
    return w
@d
def g(x):
    """g doc"""
    return x
print(g.__name__, g.__doc__, g.__wrapped__(3), g(4), g.__qualname__)
# --- functools lru_cache
from functools import lru_cache, cache
calls = []
@lru_cache(maxsize=None)
def f(x, y=1):
    calls.append(x)
    return x * y
print(f(2), f(2), f(2, y=3), f(3), calls, f.cache_info(), f.__name__)
f.cache_clear()
print(f(2), calls)
@cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(90))
@lru_cache
def h(x): return [x]
print(h(1) is h(1), h.cache_parameters())
# --- lru_cache method
from functools import lru_cache
class A:
    def __init__(self): self.n = 0
    @lru_cache(maxsize=8)
    def f(self, x):
        self.n += 1
        return x * 2
a = A()
print(a.f(2), a.f(2), a.n)
# --- lru_cache bounded
from functools import lru_cache
seen = []
@lru_cache(maxsize=2)
def f(x):
    seen.append(x)
    return x
f(1); f(2); f(1); f(3); f(2)
print(seen, f.cache_info())
# --- cached_property
from functools import cached_property
class A:
    n = 0
    @cached_property
    def v(self):
        A.n += 1
        return [1]
a = A()
print(a.v is a.v, A.n, 'v' in a.__dict__)
# --- total_ordering
from functools import total_ordering
@total_ordering
class A:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(A(1) < A(2), A(1) <= A(1), A(2) > A(1), A(1) >= A(2))
# --- cmp_to_key
from functools import cmp_to_key
print(sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)))
# --- singledispatch
from functools import singledispatch
@singledispatch
def f(x): return 'default'
@f.register(int)
def _(x): return 'int'
@f.register(list)
def _(x): return 'list'
print(f(1), f([]), f('a'), f(True))
# --- partialmethod
from functools import partialmethod
class A:
    def set(self, k, v): return k, v
    on = partialmethod(set, 'state', v=True)
print(A().on())
# --- itertools infinite
from itertools import count, cycle, repeat, islice
print(list(islice(count(), 3)), list(islice(count(5, -2), 4)), list(islice(cycle('ab'), 5)), list(repeat(7, 3)), list(islice(repeat(1), 2)), list(zip(count(1), 'ab')))
# --- itertools chain
from itertools import chain
print(list(chain('ab', [1], ())), list(chain.from_iterable([[1, 2], [3]])), list(chain()), list(chain(*[[1], [2]])))
# --- itertools combinatorics
from itertools import product, permutations, combinations, combinations_with_replacement
print(list(product('ab', [1, 2])), list(product(range(2), repeat=2)), list(permutations([1, 2, 3], 2)), len(list(permutations('abcd'))), list(combinations('abc', 2)), list(combinations_with_replacement('ab', 2)), list(combinations([1], 2)), list(product()))
# --- itertools accumulate
from itertools import accumulate
import operator
print(list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], operator.mul)), list(accumulate([1, 2], initial=10)), list(accumulate([3, 1, 2], max)), list(accumulate([])))
# --- itertools filters
from itertools import takewhile, dropwhile, filterfalse, compress, starmap, pairwise, zip_longest, tee
print(list(takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(dropwhile(lambda x: x < 3, [1, 2, 3, 1])), list(filterfalse(lambda x: x % 2, range(5))), list(compress('abcd', [1, 0, 1, 1])), list(starmap(pow, [(2, 3), (3, 2)])), list(pairwise('abc')), list(zip_longest('ab', [1], fillvalue='-')))
a, b = tee([1, 2, 3])
print(next(a), list(b), list(a))
# --- itertools islice
from itertools import islice
print(list(islice(range(10), 3)), list(islice(range(10), 2, 5)), list(islice(range(10), 1, None, 3)), list(islice('abc', 0)), list(islice(iter([1, 2]), 5)))
# --- itertools groupby
from itertools import groupby
print([(k, list(g)) for k, g in groupby('aabbbca')], [(k, [x for x in g]) for k, g in groupby([1, 3, 2, 4, 5], key=lambda x: x % 2)], [k for k, _ in groupby('aab')])
# --- operator
import operator as op
print(op.add(1, 2), op.itemgetter(1)([5, 6]), op.itemgetter(0, 2)('abc'), op.attrgetter('real')(3), op.methodcaller('upper')('a'), op.mul(2, 3), op.lt(1, 2), op.contains([1], 1), op.neg(3), op.truth([]), op.getitem({'a': 1}, 'a'), op.not_(1), op.is_(None, None), op.floordiv(7, 2), op.and_(6, 3), op.index(5))
print(sorted([('b', 2), ('a', 3)], key=op.itemgetter(1)), op.methodcaller('split', ',')('a,b'))
# --- collections namedtuple
from collections import namedtuple
P = namedtuple('P', ['x', 'y'])
p = P(1, y=2)
print(p, p.x, p[1], p._fields, p._asdict(), p._replace(x=9), P._make([3, 4]), p == (1, 2), len(p), [*p], isinstance(p, tuple), P.__name__)
x, y = p
print(x, y, hash(p) == hash((1, 2)), {p: 1}[(1, 2)])
Q = namedtuple('Q', 'a b c', defaults=[5, 6])
print(Q(1), Q(1, 2), Q._field_defaults)
for f in (lambda: P(1), lambda: P(1, 2, 3), lambda: P(1, z=1), lambda: namedtuple('X', 'class'), lambda: P(1, 2)._replace(q=1), lambda: setattr(p, 'x', 1)):
    try:
        f()
    except (TypeError, ValueError, AttributeError) as e:
        print(type(e).__name__)
# --- namedtuple subclass
from collections import namedtuple
class P(namedtuple('P', 'x y')):
    def norm(self): return (self.x ** 2 + self.y ** 2) ** 0.5
    def __new__(cls, x, y=0): return super().__new__(cls, x, y)
print(P(3, 4).norm(), P(3), P(1)._replace(y=5))
# --- defaultdict
from collections import defaultdict
d = defaultdict(list)
d['a'].append(1)
d['b']
print(d, dict(d), len(d), d.get('z'), 'z' in d, d.default_factory)
c = defaultdict(int, {'x': 1})
for ch in 'hello':
    c[ch] += 1
print(sorted(c.items()))
try:
    defaultdict(None)['a']
except KeyError as e:
    print('KeyError', e)
n = defaultdict(lambda: defaultdict(int))
n['a']['b'] += 1
print(n['a']['b'], isinstance(n, dict))
# --- OrderedDict
from collections import OrderedDict
o = OrderedDict([('a', 1), ('b', 2)])
o['c'] = 3
o.move_to_end('a')
print(o, list(o), o.popitem(), o.popitem(last=False), o, OrderedDict(a=1) == {'a': 1}, OrderedDict([('a', 1), ('b', 2)]) == OrderedDict([('b', 2), ('a', 1)]), isinstance(o, dict), OrderedDict.fromkeys('ab', 0), list(reversed(o)))
o.update({'z': 1})
print(o.copy(), o | {'q': 2}, len(o))
# --- Counter
from collections import Counter
c = Counter('abracadabra')
print(c, c.most_common(2), c['z'], c['a'], sum(c.values()), c.total())
c.update('aa')
c.subtract({'b': 1})
print(c['a'], c['b'], Counter(a=3) + Counter(a=1, b=2), Counter(a=3) - Counter(a=1), sorted(Counter(a=2).elements()), Counter([1, 1, 2]) == {1: 2, 2: 1}, Counter(a=1) | Counter(a=3), Counter(a=1, b=1) & Counter(a=3))
# --- deque
from collections import deque
d = deque([1, 2, 3], maxlen=3)
d.append(4)
d.appendleft(0)
print(d, d.pop(), d.popleft(), d, len(d), d.maxlen, list(d), d[0], 2 in d)
e = deque('abc')
e.rotate(1)
print(e, e.index('a'), e.count('b'), list(reversed(e)), e == deque('cab'))
e.extend('de')
e.extendleft('xy')
e.remove('a')
print(e, bool(deque()))
try:
    deque().pop()
except IndexError as x:
    print(x)
# --- ChainMap
from collections import ChainMap
c = ChainMap({'a': 1}, {'a': 2, 'b': 3})
print(c['a'], c['b'], len(c), 'b' in c, sorted(c), c.get('z', 0), c.new_child({'b': 9})['b'], dict(c))
# --- UserDict
from collections import UserDict
class D(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k, v * 2)
d = D(a=1)
d['b'] = 2
print(d, d['a'], 'b' in d, len(d), d.data, list(d.items()))
# --- collections abc
from collections.abc import Mapping, Sequence, Iterable, Callable, Hashable, MutableMapping, Iterator, Sized, Set, Container, Generator, Collection, MutableSequence
print(isinstance({}, Mapping), isinstance([], Sequence), isinstance('a', Sequence), isinstance((), Sequence), isinstance({}, Sequence), isinstance([], Iterable), isinstance(1, Iterable), isinstance(len, Callable), isinstance([], Hashable), isinstance(1, Hashable), isinstance({}, MutableMapping), isinstance(iter([]), Iterator), isinstance([], Iterator), isinstance(set(), Set), isinstance('a', Iterable), isinstance(range(2), Sequence), isinstance((x for x in []), Generator), isinstance([], Sized), isinstance([], Collection), isinstance((), MutableSequence), isinstance([], MutableSequence))
class It:
    def __iter__(self): return iter([])
print(isinstance(It(), Iterable), issubclass(list, Sequence), issubclass(dict, Mapping), isinstance(It(), Sized))
# --- abc subclass mapping
from collections.abc import MutableMapping, Mapping, Sequence
class M(MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = M()
m['a'] = 1
m.update({'b': 2}, c=3)
print(dict(m), m.get('z', 0), 'a' in m, list(m.keys()), list(m.values()), list(m.items()), m.pop('a'), m.setdefault('q', 5), len(m), isinstance(m, Mapping), {**m}, m == {'b': 2, 'c': 3, 'q': 5})
class S(Sequence):
    def __getitem__(self, i):
        if i >= 3: raise IndexError
        return i
    def __len__(self): return 3
s = S()
print(list(s), 2 in s, s.index(1), s.count(2), list(reversed(s)))
# --- copy shallow deep
import copy
a = [1, [2, 3], {'k': [4]}]
b, c = copy.copy(a), copy.deepcopy(a)
a[1].append(9)
a[2]['k'].append(8)
print(a, b, c, b[1] is a[1], c[1] is a[1])
# --- copy objects
import copy
class A:
    def __init__(self, v): self.v, self.l = v, [v]
a = A([1])
b, c = copy.copy(a), copy.deepcopy(a)
a.v.append(2)
print(b.v, c.v, b.l is a.l, c.l is a.l, type(c).__name__)
class B:
    def __init__(self): self.me = self
b = B()
c = copy.deepcopy(b)
print(c.me is c, c is not b)
# --- copy hooks
import copy
class A:
    def __init__(self, v): self.v = v
    def __copy__(self): return A('copied')
    def __deepcopy__(self, memo): return A(('deep', copy.deepcopy(self.v, memo)))
print(copy.copy(A(1)).v, copy.deepcopy(A([1])).v, copy.deepcopy([A(1)])[0].v)
# --- deepcopy sharing
import copy
x = [1]
a = [x, x, (x,), {'x': x}]
b = copy.deepcopy(a)
print(b[0] is b[1], b[2][0] is b[0], b[3]['x'] is b[0], b[0] is x)
t = (1, 2)
print(copy.deepcopy(t) is t, copy.copy(t) is t, copy.deepcopy({1, 2}), copy.deepcopy(len) is len)
# --- deepcopy subclasses
import copy
from collections import OrderedDict, defaultdict, namedtuple
d = defaultdict(list, a=[1])
e = copy.deepcopy(d)
e['b'].append(2)
print(e['a'], e['b'], 'b' in d, type(e).__name__)
P = namedtuple('P', 'x y')
p = copy.deepcopy(P([1], 2))
print(p, type(p).__name__, copy.deepcopy(OrderedDict(a=[1])))
# --- getstate setstate copy
import copy
class A:
    def __init__(self): self.a, self.b = 1, 2
    def __getstate__(self): return {'a': self.a}
    def __setstate__(self, s): self.__dict__.update(s, restored=True)
b = copy.copy(A())
print(sorted(b.__dict__.items()))
# --- json dumps
import json
print(json.dumps({'a': [1, 2.5, True, None, 'x"y\n'], 'b': {'c': ()}}), json.dumps([1, 2], separators=(',', ':')), json.dumps({'b': 1, 'a': 2}, sort_keys=True), json.dumps('é'), json.dumps('é', ensure_ascii=False), json.dumps({1: 2, None: 3, True: 4, 1.5: 5}))
print(json.dumps({'a': [1, {'b': 2}], 'e': [], 'f': {}}, indent=2))
print(json.dumps(float('inf')), json.dumps(1e20), json.dumps(10**20), json.dumps([]), json.dumps({}))
try:
    json.dumps({1, 2})
except TypeError as e:
    print(e)
print(json.dumps({1, 2} if False else complex(1, 2), default=lambda o: str(o)))
# --- json loads
import json
print(json.loads('{"a": [1, 2.0, true, false, null, "x\\u00e9\\n"], "b": {}}'), json.loads('1e3'), json.loads(' [ ] '), type(json.loads('1.0')).__name__, json.loads('12345678901234567890'))
for bad in ('', '{', '[1,]', '{"a" 1}', 'nul', '"abc', '[1] x', "{'a': 1}"):
    try:
        json.loads(bad)
    except json.JSONDecodeError as e:
        print('bad', isinstance(e, ValueError))
print(json.loads('{"a": 1}', object_hook=lambda d: list(d.items())))
# --- json roundtrip
import json
cfg = {'name': 'm', 'dims': [1, 2], 'nested': {'x': None, 'y': 0.1}}
print(json.loads(json.dumps(cfg)) == cfg)
class Enc(json.JSONEncoder):
    def default(self, o): return {'set': sorted(o)}
print(json.dumps({'s': {2, 1}}, cls=Enc))
# --- bisect heapq
import bisect, heapq
l = [1, 3, 3, 5]
print(bisect.bisect(l, 3), bisect.bisect_left(l, 3), bisect.bisect_right(l, 10))
bisect.insort(l, 4)
print(l)
h = []
for x in [5, 1, 4, 2]: heapq.heappush(h, x)
print([heapq.heappop(h) for _ in range(4)], heapq.nlargest(2, [1, 5, 3]), heapq.nsmallest(2, [4, 2, 9]))
h = [3, 1, 2]
heapq.heapify(h)
print(h[0], heapq.heappushpop(h, 0), heapq.heapreplace(h, 9))
# --- statistics fractions
import statistics
from fractions import Fraction
print(statistics.mean([1, 2, 3, 4]), statistics.median([3, 1, 2]), statistics.median([1, 2, 3, 4]), statistics.mode([1, 1, 2]), statistics.pvariance([1, 2, 3, 4]), statistics.stdev([1, 2, 3, 4]))
print(Fraction(1, 3) + Fraction(1, 6), Fraction('0.5'), Fraction(6, 4), float(Fraction(1, 4)), Fraction(0.5), Fraction(3.14159).limit_denominator(100), Fraction(1, 2) < Fraction(2, 3), Fraction(1, 2) * 2 == 1)
# --- os path
import os
import os.path as osp
print(os.path.join('a', 'b', 'c.txt'), os.path.join('a', '/b'), osp.basename('/x/y.py'), osp.dirname('/x/y.py'), osp.splitext('model.ckpt.pt'), osp.split('a/b'), osp.normpath('a/../b//c/.'), osp.isabs('/a'), osp.splitext('.bashrc'), os.sep, osp.commonprefix(['abc', 'abd']))
print(os.environ.get('SURELY_NOT_SET_X', 'dflt'), os.getenv('SURELY_NOT_SET_Y'), int(os.environ.get('SURELY_NOT_SET_Z', 4)), 'SURELY_NOT_SET' in os.environ)
os.environ['MY_VAR_X'] = '1'
print(os.environ['MY_VAR_X'], os.getenv('MY_VAR_X'))
# --- pathlib
from pathlib import Path, PurePath
p = Path('a') / 'b' / 'c.tar.gz'
print(p, p.name, p.suffix, p.stem, p.parent, p.parts, p.suffixes, p.with_suffix('.zip'), p.with_name('x'), str(Path('/a') / 'b'), Path('a') == Path('a/'), Path('/a/b').is_absolute(), Path('a/b/c').relative_to('a'), repr(Path('x')), Path('a').joinpath('b', 'c'), Path('.').name, f'{p}', Path('/a/b/c').parents[1])
# --- string constants and random module names
import random
random.seed(0)
print(callable(random.random), random.randint(3, 3), random.choice([7, 7]), len(random.sample(range(10), 3)))
# --- time and datetime arithmetic
from datetime import timedelta
print(timedelta(days=1, hours=2).total_seconds(), timedelta(minutes=90), timedelta(seconds=5) + timedelta(seconds=6), str(timedelta(days=2, seconds=3)), timedelta(hours=1) < timedelta(hours=2))
# --- sys basics
import sys
print(sys.version_info >= (3, 8), sys.version_info[0], sys.version_info.major, sys.version_info[:2] == (3, 11), sys.maxsize, sys.platform, sys.byteorder, isinstance(sys.path, list), sys.float_info.epsilon)
# --- warnings logging
import warnings, logging
with warnings.catch_warnings():
    warnings.simplefilter('ignore')
    warnings.warn('x')
log = logging.getLogger(__name__)
log.info('hi %s', 1)
log.setLevel(logging.DEBUG)
print(logging.getLogger('a') is logging.getLogger('a'), logging.INFO, log.level)
# --- io stringio
import io
s = io.StringIO()
s.write('ab')
print('cd', file=s)
print(repr(s.getvalue()), io.StringIO('a\nb').readlines(), io.BytesIO(b'xy').read(1))
# --- weakref
import weakref
class A: pass
a = A()
r = weakref.ref(a)
print(r() is a)
# --- urllib parse
from urllib.parse import urlparse, urljoin, quote
u = urlparse('https://host.org/path/file.pth?x=1#f')
print(u.scheme, u.netloc, u.path, u.query, u.fragment, quote('a b/c'), urljoin('http://a/b/c', 'd'))
# --- fnmatch and glob patterns
import fnmatch
print(fnmatch.fnmatch('model.layer1.weight', '*.weight'), fnmatch.filter(['a.py', 'b.txt'], '*.py'), fnmatch.fnmatch('abc', 'a?c'), fnmatch.fnmatch('a1', 'a[0-9]'))
# --- contextlib
from contextlib import contextmanager, nullcontext, suppress, ExitStack, closing, redirect_stdout
@contextmanager
def cm(x):
    print('enter', x)
    yield x * 2
    print('exit', x)
with cm(2) as v: print(v)
with nullcontext(5) as n: print(n)
with suppress(KeyError, ValueError): raise KeyError
with ExitStack() as st:
    print(st.enter_context(cm(1)))
    st.callback(print, 'callback')
    st.enter_context(cm(3))
class C:
    def close(self): print('closed')
with closing(C()): print('in')
@cm(9)
def f(): print('decorated')
f()
# --- contextlib errors
from contextlib import contextmanager, ExitStack
@contextmanager
def never():
    if False: yield
try:
    with never(): pass
except RuntimeError as e:
    print(e)
@contextmanager
def sw():
    try:
        yield
    except ValueError:
        print('swallowed')
with sw(): raise ValueError
with ExitStack() as s:
    s.enter_context(sw())
    raise ValueError
print('after')
# --- enum in dict keys and copy
import copy
from enum import Enum
class E(Enum):
    A = 1
d = {E.A: 'x'}
print(d[E(1)], copy.deepcopy(E.A) is E.A, copy.deepcopy(d)[E.A])
# --- types
import types
n = types.SimpleNamespace(a=1, b='x')
n.c = 3
print(n, n.a, n == types.SimpleNamespace(a=1, b='x', c=3), vars(n))
print(isinstance(lambda: 0, types.FunctionType), isinstance([].append, types.BuiltinMethodType), isinstance(n, types.SimpleNamespace), isinstance(types, types.ModuleType), isinstance((x for x in []), types.GeneratorType), isinstance(None, types.NoneType))
m = types.MappingProxyType({'a': 1})
print(m['a'], 'a' in m, len(m), dict(m))
class A:
    def f(self): pass
a = A()
a.g = types.MethodType(lambda self, x: (self is a, x), a)
print(a.g(5), isinstance(a.f, types.MethodType))
# --- uuid hash names exist
import hashlib, uuid, tempfile, shutil, glob, pickle, threading, time, platform, gc, traceback, pprint, atexit, signal, subprocess, socket, csv, getpass, locale, html, unicodedata, secrets, queue, multiprocessing, concurrent.futures, asyncio, zipfile, tarfile, gzip, base64, configparser, inspect, ast, dis, code, cProfile, timeit, decimal, array, ctypes, select, stat, errno, codecs, copyreg, importlib.util, unittest, doctest
print('ok')
