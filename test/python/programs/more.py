# --- int overflow boundaries
a = 9007199254740991
print(a + 1, a + 2, a * a, -a - 2, (a + 1) - 1, a // 2, (a + 2) % 10, float(a + 2), (a + 2) == float(a + 2), hash(a + 1) == hash(float(a + 1)))
# --- big int compare and bool
b = 2 ** 80
print(b > 1, b == 2.0 ** 80, bool(b), -b < 0, max(b, 5), b in [b], {b: 1}[2 ** 80], b & 0xff, b | 1, str(b)[:5], int(str(b)) == b)
# --- zero signs
print(0 * -5, -0, 0 // -3, -0.0 == 0.0, 0 % -5, str(0 * -1), [0 * -1], 5 % -5, -4 // 4 + 1)
# --- float edge formatting
print(1e16, 9999999999999998.0, 1e-5, 0.00012, 1.0e-10, 12345678901234567.0, 4.35, 1.1 + 2.2, 100 * 1.1, 1e300 * 1e10, -1e-320)
# --- float methods
print((1.5).hex() if False else '', float.fromhex if False else '', (0.1).as_integer_ratio(), (3.0).is_integer(), (2.5).__round__(), 3.7 // 1, -3.7 // 1, 3.7 % 1)
# --- divmod variants
print(divmod(7, -2), divmod(-7, 2), divmod(7.5, 2), divmod(2 ** 70, 3), divmod(True, 1))
# --- int parse forms
print(int('-0b11', 0), int('0o17', 0), int('z', 36), int('+5'), int(b'12'), int('1' * 25), int(1e20), int(-0.9), int('٣'))  if False else print(int('-0b11', 0), int('0o17', 0), int('z', 36))
# --- round half digits
print([round(x, 1) for x in (0.25, 0.35, 0.45, 2.55, -0.25)], round(5, -1), round(15, -1), round(25, -1), round(-15, -1), round(1e-10, 5), round(123.456, 0), round(99.5), round(100.5))
# --- sum of floats order
print(sum([1e16, 1, -1e16]), sum([0.1, 0.2, 0.3]), sum(x / 10 for x in range(5)), sum([1, 2.5]), sum([True, True]), sum((), 5))
# --- string comparisons unicode
print('é' > 'z', 'a' < 'B', sorted(['é', 'z', 'a', 'Z']), 'ß' == 'ss', 'A' < 'a' < 'á')
# --- string multiplication index
print('ab' * True, 'ab' * 0, [1] * 2 * 2, ('a',) * 3, b'x' * 2)
# --- str split edge
print('abc'.split('b'), 'a,b'.split(',', 0), ',a,'.split(','), 'a b'.split(' ', 5), 'aXbXc'.rsplit('X', 1), '   '.split(), 'x'.split('xy'), 'a\tb\nc'.split())
# --- str format alignment edge
print(f'{"a":^4}|{"ab":^5}|{1:^4}|{-1:=5}|{1:<3}|{True:5}|{None!s:>6}|{"x":.0}|{12.5:>8.1f}|{3:e}')
# --- str format grouping
print(f'{1234567:,}', f'{1234567.891:,.1f}', f'{1234567:_}', f'{0xffff:_x}', f'{1234:010,}', f'{-1234.5:+,.2f}', f'{999:,}', f'{1000:,}')
# --- percent edge
print('%s' % (1,), '%s %s' % ('a', (1, 2)), '%r' % 'x', '%5s|%-5s|' % (1, 2), '%.2f%%' % 12.345, '%03d' % -5, '%+.1e' % 12345.678, '%i' % 7.9, '%x' % 255, '%s' % {'a': 1})
# --- nested quotes repr
print([["it's", 'say "x"'], {'k\n': 'v\t'}], ('a',), {'a': {'b': ['c']}}, [[]], [{}], {(): []})
# --- list of mixed repr
print([1.0, 2, 'x', None, True, (1,), {2}, b'y', range(3), 1j, ..., int, len])
# --- class repr
class A: pass
print(A, type(A), [A], {A: 1}, int, list, type(None), ValueError)
# --- list mutation while iterating
l = [1, 2, 3]
for x in l:
    if x < 3: l.append(x + 10)
    if len(l) > 6: break
print(l)
# --- list insert remove semantic
l = [1, 2, 3, 2]
l.remove(2)
l.insert(100, 'e')
l.insert(-100, 's')
print(l, l[::-1], l.index(2), [x for x in l if isinstance(x, int)])
# --- list equality identity
nan = float('nan')
print([nan] == [nan], nan in [nan], [float('nan')] == [float('nan')], (nan,) == (nan,), [nan].index(nan), [1, True, 1.0].count(1))
# --- multiply aliasing
g = [[0] * 2] * 2
g[0][0] = 1
print(g)
# --- slice assignment iterables
l = [1, 2, 3, 4]
l[1:3] = (x * 10 for x in range(3))
print(l)
l[:] = 'ab'
print(l)
l[5:] = [9]
print(l)
# --- del slices
l = list(range(10))
del l[-3:]
del l[:2]
del l[1::2]
print(l)
# --- dict comprehension overrides
print({k: i for i, k in enumerate('abca')}, dict([('a', 1), ('a', 2)]), {**{'x': 1}, 'x': 2}, {True: 'a', 1: 'b'})
# --- dict iteration order after delete
d = dict.fromkeys('abc')
del d['b']
d['b'] = 1
d['a'] = 2
print(list(d.items()), next(iter(d)), list(d)[-1])
# --- dict get with none values
d = {'a': None}
print(d.get('a', 5), d.get('b', 5), d.setdefault('a', 7), d.pop('a', 9), d.pop('a', 9), getattr(d, 'zz', None))
# --- dict update forms
d = {'a': 1}
d.update(b=2)
d.update([('c', 3)], d=4)
d.update({'a': 9})
d |= [('e', 5)]
print(d)
# --- dict view ops
a, b = {'x': 1, 'y': 2}, {'y': 2, 'z': 3}
print(sorted(a.keys() & b.keys()), sorted(a.keys() ^ b.keys()), a.items() & b.items(), sorted(a.keys() | ['q']), a.keys() >= {'x'}, a.keys().isdisjoint({'q'}), set(a.values()))
# --- set operators on frozensets
s = frozenset('ab')
print(sorted(s | {'c'}), s == {'a', 'b'}, s <= {'a', 'b', 'c'}, s.isdisjoint('xyz'), len(s ^ {'a'}), {s: 1}[frozenset('ba')], set([s]) == {frozenset('ab')})
# --- set update forms
s = {1, 2, 3}
s &= {2, 3, 4}
s ^= {3, 9}
s.difference_update([9])
s.intersection_update([2, 5])
s.symmetric_difference_update([7])
print(sorted(s))
# --- set comprehension and order free print
print(sorted({x % 3 for x in range(10)}), len({(), (1,), (1,)}), {'a'} == {'a'}, {1: {2}} == {1: {2}})
# --- nested comprehension conditions
print([(x, y) for x in range(3) if x for y in range(x) if y % 2 == 0], [[i * j for j in range(3)] for i in range(3)], [x for x in [1, 2, 3] if x > 1 if x < 3], {i: {j for j in range(i)} for i in range(3)})
# --- chained string methods
print(' Conv2D_Block '.strip().lower().replace('_', '-').split('-'), 'a.b.c'.rpartition('.')[0], 'x=1;y=2'.split(';')[1].split('=')[0], '-'.join(reversed('abc')))
# --- sort by multiple keys
d = [('b', 1), ('a', 1), ('c', 0)]
print(sorted(d, key=lambda t: (t[1], t[0])), sorted(d, key=lambda t: (-t[1], t[0])), sorted('banana', key='nab'.index), sorted([[2], [1, 5], [1]]))
# --- sort none error
try:
    sorted([1, None])
except TypeError as e:
    print(e)
# --- min max ties and keys
print(min('bca'), max([(1, 2), (1, 3)]), min([3, 1, 2], key=lambda x: -x), max('aXb', key=str.lower), min({'b': 1, 'a': 2}), max(1, 2.0), max(2, 2.0), max(2.0, 2), min([], default='d'))
# --- enumerate start negative
print(list(enumerate('ab', -1)), list(zip(range(2), 'abc', [True, False])), dict(zip(*[iter('aabb')] * 2)))
# --- iter two arg and sentinel
vals = iter([1, 2, 0, 3])
print(list(iter(lambda: next(vals), 0)), list(vals))
# --- map filter laziness
m = map(lambda x: print('m', x) or x, [1, 2])
print('before')
print(next(m))
f = filter(lambda x: x % 2, range(5))
print(next(f), list(f), list(map(max, [1, 5], [3, 2])))
# --- reversed and slices of ranges
r = range(0, 10, 3)
print(r[::-1], list(r[::-1]), r[-1], r[1:], 9 in r, r.index(6), list(reversed(r)), range(10)[2:8:2], len(range(0, -5)), range(5) == range(0, 5, 1))
# --- any of none
print(any([None, 0, '']), all([1, 'a', [0]]), any(()), all(()), any({'': 1}), all({1: 0}))
# --- isinstance bool int
print(isinstance(True, int), isinstance(1, bool), type(True) is bool, True == 1, True is 1 if False else '', issubclass(bool, int), isinstance(1.0, int), isinstance(int, type))
# --- getattr chains
class N: pass
n = N()
n.child = N()
n.child.v = 5
from functools import reduce
print(reduce(getattr, 'child.v'.split('.'), n), getattr(n, 'child', None).v, hasattr(n, 'child') and hasattr(n.child, 'zz'))
# --- vars and dict manip
class A:
    def __init__(self): self.a, self._b = 1, 2
a = A()
print({k: v for k, v in vars(a).items() if not k.startswith('_')}, a.__dict__.pop('a'), hasattr(a, 'a'), '_b' in a.__dict__, len(a.__dict__), a.__dict__ == {'_b': 2})
# --- callable class instance as key function
class K:
    def __init__(self, d): self.d = d
    def __call__(self, x): return self.d[x]
print(sorted('abc', key=K({'a': 3, 'b': 1, 'c': 2})))
# --- eq and hash consistency in sets
class P:
    def __init__(self, *v): self.v = v
    def __eq__(self, o): return isinstance(o, P) and self.v == o.v
    def __hash__(self): return hash(self.v)
    def __repr__(self): return f'P{self.v}'
s = {P(1), P(1), P(2)}
print(len(s), P(2) in s, P(3) in s, {P(1): 'a', P(1): 'b'}, [P(1)].index(P(1)), P(1) in [P(0), P(1)], {P(1, 2): 1}.get(P(1, 2)))
# --- tuple hash nested
d = {(1, (2, 'a')): 'x', (1.0, ('2',)): 'y'}
print(d[(1, (2, 'a'))], d[(1, ('2',))], (1, (2, 'a')) in d, ((),) in d, {('a', 1), ('a', 1.0)})
# --- string key collisions
d = {'1': 's', 1: 'i', 1.5: 'f', '1.5': 'sf', None: 'n', 'None': 'sn', (1,): 't', '(1,)': 'st', b'1': 'b', True: 'bool'}
print(len(d), d['1'], d[1], d[1.5], d[None], d['None'], d[(1,)], d['(1,)'], d[b'1'])
# --- nul strings as keys
d = {'\0a': 1, 'a': 2, '\0t': 3, (): 4}
print(d['\0a'], d['a'], d['\0t'], d[()], len(d))
# --- complex numbers keys
print({1j: 'a', 1 + 0j: 'b'}[1], (1 + 2j) in {1 + 2j}, complex(2) == 2, hash(complex(2)) == hash(2))
# --- deque slices via list and rotation
from collections import deque
d = deque(range(5))
d.rotate(-2)
print(list(d), list(d)[1:3], d[-1], deque([1, 2]) + deque([3]), deque('ab') * 2, deque(maxlen=2), len(deque(range(10), 3)), deque([3, 1, 2]).copy())
# --- defaultdict nested factory
from collections import defaultdict
tree = lambda: defaultdict(tree)
t = tree()
t['a']['b']['c'] = 1
print(t['a']['b']['c'], 'x' in t['a'], len(t))
# --- counter arithmetic
from collections import Counter
c = Counter('aab')
c += Counter('bc')
c['z'] += 1
del c['a']
del c['nope']
print(sorted(c.items()), c.most_common()[0], Counter({'x': 0}), +Counter(x=0, y=2), Counter('ab') == Counter('ba'), dict(Counter('aa')), max(Counter('abb').items(), key=lambda kv: kv[1]))
# --- partial of methods and classes
from functools import partial
class L:
    def __init__(self, a, b=2, *, eps=1e-5): self.v = (a, b, eps)
mk = partial(L, eps=1e-6)
print(mk(1).v, mk(1, b=3).v, partial(str.split, sep=',')('a,b'), partial(mk, 9)().v, isinstance(mk(1), L), mk.keywords['eps'])
class H:
    norm = partial(max, 5)
    def use(self): return self.norm(3)
print(H().use())
# --- itertools on dict and strings
from itertools import chain, groupby, product, zip_longest, accumulate, combinations
print(list(chain({'a': 1}, 'bc')), [''.join(p) for p in product('ab', repeat=2)], list(accumulate('abc')), [(k, len(list(g))) for k, g in groupby(sorted('banana'))], list(zip_longest([1], [2, 3])), sum(1 for _ in combinations(range(6), 3)))
# --- operator sort with attrgetter nested
import operator
class N:
    def __init__(self, v): self.v, self.o = v, [v]
    def go(self, k): return self.v * k
ns = [N(3), N(1)]
print([n.v for n in sorted(ns, key=operator.attrgetter('v'))], operator.attrgetter('v', 'o')(ns[0]), operator.methodcaller('go', 2)(ns[1]), operator.itemgetter(slice(1, 3))([1, 2, 3, 4]))
# --- dataclass with property and defaults factory lambda
from dataclasses import dataclass, field
from typing import List, Dict
@dataclass
class C:
    dims: List[int] = field(default_factory=lambda: [1, 2])
    opts: Dict[str, int] = field(default_factory=dict)
    name: str = field(default='c', repr=False)
    @property
    def total(self): return sum(self.dims)
a, b = C(), C()
a.dims.append(3)
a.opts['k'] = 1
print(a, b, a.total, b.total, a == b, C([1, 2]) == b, C(name='z') == C())
# --- dataclass inheritance with post init super
from dataclasses import dataclass
@dataclass
class A:
    x: int = 1
    def __post_init__(self): self.log = ['A']
@dataclass
class B(A):
    y: int = 2
    def __post_init__(self):
        super().__post_init__()
        self.log.append('B')
print(B().log, B(5, 6), A(3).log)
# --- dataclass vs normal init
from dataclasses import dataclass
@dataclass(init=False)
class A:
    x: int
    y: int = 3
    def __init__(self, x): self.x = x * 2
@dataclass
class M:
    a: int
    def __init__(self, a): self.a = a + 100
print(A(2), A(1).y, M(1))
# --- enum iteration and lookup tables
from enum import Enum
class Act(Enum):
    RELU = 'relu'
    GELU = 'gelu'
    @classmethod
    def of(cls, name): return cls[name.upper()] if name.upper() in cls.__members__ else None
table = {Act.RELU: max, Act.GELU: min}
print(Act.of('gelu'), Act.of('zz'), table[Act('relu')] is max, {a.value: i for i, a in enumerate(Act)}, [a.name.lower() for a in Act], Act.RELU.value.upper(), sorted(Act, key=lambda a: a.value)[0])
# --- string enum comparisons in sets
from enum import Enum
class S(str, Enum):
    A = 'a'
    B = 'b'
print(S.A in {'a'}, 'b' in {S.B}, {S.A: 1}['a'], S('a') is S.A, S.A < S.B, S.A.startswith('a'), '%s' % S.A.value, S.A in list(S), [s for s in S if s != 'a'], S.A == S.A.value)
# --- type annotations ignored at run time
from typing import Optional, Union
def f(x: 'Undefined', y: Optional['Other'] = None, *a: int, **k: "str") -> 'Nope': return x
v: 'Whatever' = 5
class A:
    x: 'Later'
    y: int = 3
print(f(1), v, A.y, A.__annotations__['y'] in (int, 'int'))
# --- future annotations
from __future__ import annotations
def f(a: B | None, b: list[C]) -> D: return a
class B: pass
print(f(3, []))
# --- contextmanager return and yield values
from contextlib import contextmanager, ExitStack
log = []
@contextmanager
def tag(n, **kw):
    log.append(f'+{n}')
    try:
        yield {'n': n, **kw}
    finally:
        log.append(f'-{n}')
def f():
    with tag('a', q=1) as a, tag('b') as b:
        return a['n'] + b['n'] + str(a['q'])
print(f(), log)
with ExitStack() as st:
    vs = [st.enter_context(tag(i)) for i in range(2)]
print([v['n'] for v in vs], log)
# --- generator cleanup on break
def g():
    try:
        for i in range(5): yield i
    finally:
        print('closed')
it = g()
for x in it:
    if x == 1: break
it.close()
print('end')
# --- generator return in for
def sub():
    yield 1
    return 'r'
def main():
    got = yield from sub()
    yield got
print(list(main()), [x for x in sub()])
# --- json of nested dataclass
import json
from dataclasses import dataclass, asdict
@dataclass
class C:
    a: int = 1
    b: tuple = (1, 2)
print(json.dumps(asdict(C()), sort_keys=True), json.loads(json.dumps(asdict(C())))['b'])
# --- re sub with function and flags
import re
print(re.sub(r'(\d+)', lambda m: str(int(m.group(1)) * 2), 'a1b20'), re.sub(r'(?P<k>\w)=(?P<v>\w)', r'\g<v>=\g<k>', 'a=b c=d'), re.split(r'(?<=,)', 'a,b'), re.findall(r'(?:ab)+', 'ababxab'), re.match(r'(\d+)\.(\d+)(?:\.(\d+))?', '2.13').groups(), re.sub(r'[aeiou]', '', 'education', flags=re.I))
# --- math in model code
import math
print(math.ceil(197 / 14), int(math.log2(256)), math.sqrt(64) == 8, 1 / math.sqrt(64), math.pow(2, -8), -math.log(10000.0) / 512, math.ceil(math.log(5, 2)), math.floor(math.log10(50257)))
# --- copy deepcopy layers
import copy
class Layer:
    def __init__(self, n): self.w, self.cfg = [n], {'n': n}
layers = [copy.deepcopy(l) for l in [Layer(1)] * 3]
layers[0].w.append(9)
layers[1].cfg['n'] = 5
print([l.w for l in layers], [l.cfg for l in layers], len({id(l) for l in layers}))
# --- os environ patterns
import os
rank = int(os.environ.get('RANK_X', -1))
ddp = rank != -1
print(rank, ddp, os.environ.get('HOME_X') is None, os.environ.get('A_X', 'b').upper(), bool(int(os.environ.get('DEBUG_X', '0'))), os.getenv('Q_X', default='d') if False else '')
# --- sys argv and modules
import sys, math
print('math' in sys.modules, len(sys.argv) >= 1, sys.version_info > (3,), sys.modules['math'] is math)
# --- getattr module functions
import math, operator
print(getattr(math, 'sqrt')(9), getattr(operator, 'add')(1, 2), hasattr(math, 'nope'), math.__name__, [f(4) for f in map(math.__getattribute__ if False else lambda n: getattr(math, n), ['sqrt', 'log2'])])
# --- unpack in for with index
for (i, (a, *rest)), tag in zip(enumerate([(1, 2, 3), (4, 5)]), 'xy'):
    print(i, a, rest, tag)
# --- augmented on attributes and items
class A: n = 1
a = A()
a.n += 5
d = {'k': [1]}
d['k'] += [2]
d['k'][0] *= 10
l = [[1]]
l[0] += (2,)
print(a.n, A.n, d, l)
# --- delete attributes and items in loop
d = {i: i * i for i in range(5)}
for k in list(d):
    if k % 2: del d[k]
class A: pass
a = A()
a.x = 1
del a.x
print(d, hasattr(a, 'x'))
# --- assignment expression scopes
def f(xs):
    return [y for x in xs if (y := x * 2) > 2], y
print(f([1, 2, 3]))
# --- lambda recursion and ycombinator
fact = lambda n: 1 if n == 0 else n * fact(n - 1)
Y = lambda f: (lambda x: x(x))(lambda x: f(lambda *a: x(x)(*a)))
print(fact(5), Y(lambda s: lambda n: 0 if n == 0 else n + s(n - 1))(4))
# --- string interning identity not needed
a = 'x' * 3
print(a == 'xxx', a is a, not a is None, None is not a)
# --- long if elif
def g(n):
    if n < 0: return 'neg'
    elif n == 0: return 'zero'
    elif n < 10: return 'small'
    elif n < 100: return 'medium'
    else: return 'large'
print([g(x) for x in (-1, 0, 5, 50, 500)])
# --- try in generator with return value
def g():
    try:
        yield 1
    except GeneratorExit:
        print('exit')
        raise
a = g()
next(a)
a.close()
print(list(g()))
# --- multiline chained calls
res = (
    [x for x in range(10)]
    [2:8]
)
val = ('a'
       .upper()
       .lower())
print(res, val)
# --- global statement in nested
n = 0
def outer():
    def inner():
        global n
        n += 1
    inner()
    inner()
outer()
print(n)
# --- class attribute via instance method binding
class A:
    handlers = {}
    @classmethod
    def on(cls, name):
        def d(f):
            cls.handlers[name] = f
            return f
        return d
@A.on('x')
def hx(v): return v + 1
print(A.handlers['x'](1), list(A().handlers))
