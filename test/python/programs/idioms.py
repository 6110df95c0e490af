# --- config merge
def merge(a, b):
    out = dict(a)
    for k, v in b.items():
        out[k] = merge(out[k], v) if isinstance(v, dict) and isinstance(out.get(k), dict) else v
    return out
print(merge({'m': {'d': 1, 'h': 2}, 'x': 0}, {'m': {'d': 5}, 'y': [1]}))
# --- dotted config
def get(cfg, path, default=None):
    cur = cfg
    for part in path.split('.'):
        if not isinstance(cur, dict) or part not in cur: return default
        cur = cur[part]
    return cur
print(get({'a': {'b': {'c': 3}}}, 'a.b.c'), get({'a': 1}, 'a.b', 'none'))
# --- registry
REG = {}
def register(name=None):
    def wrap(f):
        REG[name or f.__name__] = f
        return f
    return wrap
@register()
def small(**kw): return {'depth': 2, **kw}
@register('big')
def _big(**kw): return dict(depth=12, **kw)
def create(name, **kw):
    if name not in REG: raise RuntimeError(f'Unknown model ({name})')
    return REG[name](**kw)
print(create('small', width=8), create('big'), sorted(REG))
try:
    create('zz')
except RuntimeError as e:
    print(e)
# --- pair helpers
from itertools import repeat
import collections.abc
def _ntuple(n):
    def parse(x):
        if isinstance(x, collections.abc.Iterable) and not isinstance(x, str):
            return tuple(x)
        return tuple(repeat(x, n))
    return parse
to_2tuple = _ntuple(2)
print(to_2tuple(3), to_2tuple([1, 2]), _ntuple(3)('ab'))
# --- make divisible
def make_divisible(v, divisor=8, min_value=None, round_limit=.9):
    min_value = min_value or divisor
    new_v = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if new_v < round_limit * v:
        new_v += divisor
    return new_v
print([make_divisible(x) for x in (3, 16, 17, 24.5, 100, 33.3)], make_divisible(10, 4))
# --- compound scaling
import math
def round_repeats(r, m): return int(math.ceil(r * m))
def round_filters(f, w, d=8):
    f *= w
    n = max(d, int(f + d / 2) // d * d)
    if n < 0.9 * f: n += d
    return int(n)
print([(round_filters(f, w), round_repeats(r, d)) for f, r, w, d in [(32, 1, 1.0, 1.0), (40, 2, 1.1, 1.2), (112, 3, 1.4, 1.8), (320, 1, 2.0, 3.1)]])
# --- drop path rates
def linspace(a, b, n): return [a + (b - a) * i / (n - 1) for i in range(n)] if n > 1 else [a]
depths = [2, 2, 6, 2]
rates = linspace(0, 0.1, sum(depths))
cur, out = 0, []
for d in depths:
    out.append([round(r, 4) for r in rates[cur:cur + d]])
    cur += d
print(out)
# --- block decode
import re
def decode(s):
    ops = s.split('_')
    kind, opts = ops[0], {}
    for op in ops[1:]:
        m = re.split(r'(\d.*)', op)
        if len(m) >= 2:
            opts[m[0]] = m[1]
        else:
            opts[op] = True
    return kind, opts
print(decode('ir_r2_k3_s2_e6_c24_se0.25_noskip'), decode('ds_r1_k3_s1_e1_c16'))
# --- layer config parse
cfgs = {'A': [64, 'M', 128, 'M', 256, 256, 'M'], 'B': [64, 64, 'M']}
def make(cfg):
    layers, c = [], 3
    for v in cfg:
        if v == 'M': layers += ['pool']
        else:
            layers += [f'conv({c},{v})', 'relu']
            c = v
    return layers
print(make(cfgs['A']), len(make(cfgs['B'])))
# --- inverted residual settings
from functools import partial
class Cfg:
    def __init__(self, inp, k, exp, out, se, act, stride, dil, width_mult):
        self.inp = self.adjust(inp, width_mult)
        self.out = self.adjust(out, width_mult)
        self.use_hs = act == 'HS'
    @staticmethod
    def adjust(c, w): return int(c * w)
b = partial(Cfg, width_mult=0.5)
print([(c.inp, c.out, c.use_hs) for c in (b(16, 3, 16, 24, True, 'RE', 2, 1), b(24, 3, 72, 40, False, 'HS', 1, 1))])
# --- sequential containers
class Seq:
    def __init__(self, *mods):
        self._m = {}
        for i, m in enumerate(mods):
            self._m[str(i)] = m
    def __getitem__(self, i):
        if isinstance(i, slice): return Seq(*list(self._m.values())[i])
        n = len(self._m)
        return list(self._m.values())[i if i >= 0 else n + i]
    def __len__(self): return len(self._m)
    def __iter__(self): return iter(self._m.values())
    def append(self, m):
        self._m[str(len(self))] = m
        return self
    def __call__(self, x):
        for m in self: x = m(x)
        return x
s = Seq(lambda x: x + 1, lambda x: x * 2).append(lambda x: x - 1)
print(s(3), len(s), s[0](1), s[-1](5), len(s[:2]), s[1:](4))
# --- named modules walk
class M:
    def __init__(self, **kids): self.kids = kids
    def named(self, prefix='', memo=None):
        memo = set() if memo is None else memo
        if self not in memo:
            memo.add(self)
            yield prefix, self
            for n, k in self.kids.items():
                yield from k.named(prefix + ('.' if prefix else '') + n, memo)
leaf = M()
print([n for n, _ in M(a=M(x=leaf, y=leaf), b=leaf, c=M()).named()])
# --- param groups
params = {'w.weight': 2, 'w.bias': 1, 'ln.weight': 1}
decay = {n for n, d in params.items() if d >= 2}
groups = [{'params': sorted(decay), 'wd': 0.1}, {'params': sorted(set(params) - decay), 'wd': 0.0}]
print(groups, sum(len(g['params']) for g in groups))
# --- lr schedule
import math
def lr(it, warm=10, total=100, base=1e-3, low=1e-4):
    if it < warm: return base * (it + 1) / (warm + 1)
    if it > total: return low
    r = (it - warm) / (total - warm)
    return low + 0.5 * (1 + math.cos(math.pi * r)) * (base - low)
print([round(lr(i), 7) for i in (0, 5, 10, 50, 99, 200)])
# --- rope tables
dim, base = 8, 10000
inv = [1.0 / base ** (i / dim) for i in range(0, dim, 2)]
print([round(x, 6) for x in inv])
# --- alibi slopes
import math
def slopes(n):
    def p2(n):
        start = 2 ** (-2 ** -(math.log2(n) - 3))
        return [start * start ** i for i in range(n)]
    if math.log2(n).is_integer(): return p2(n)
    c = 2 ** math.floor(math.log2(n))
    return p2(c) + slopes(2 * c)[0::2][:n - c]
print(slopes(8), [round(x, 5) for x in slopes(6)])
# --- window partition arithmetic
H, W, ws = 14, 14, 7
print((H // ws) * (W // ws), [(h, w) for h in range(0, H, ws) for w in range(0, W, ws)], (ws - H % ws) % ws)
# --- conv output size
def out(i, k, s=1, p=0, d=1): return (i + 2 * p - d * (k - 1) - 1) // s + 1
x = 224
for k, s, p in [(7, 2, 3), (3, 2, 1), (3, 1, 1), (3, 2, 1)]:
    x = out(x, k, s, p)
print(x)
# --- same padding
import math
def pad_same(x, k, s, d=1): return max((math.ceil(x / s) - 1) * s + (k - 1) * d + 1 - x, 0)
print([pad_same(x, 3, 2) for x in (224, 113, 7)], (5 - 1) // 2, [(k - 1) // 2 * d for k, d in [(3, 1), (5, 2)]])
# --- ternary chains and or defaults
def act(name):
    return 'relu' if name == 'relu' else 'gelu' if name in ('gelu', 'quick_gelu') else None
def f(hidden=None, out=None, inp=4):
    out = out or inp
    hidden = hidden or inp * 4
    return hidden, out
print(act('relu'), act('quick_gelu'), act('x'), f(), f(0, 0), f(5, 6))
# --- kwargs pop and forward
class Base:
    def __init__(self, a=1, **kw):
        self.a = a
        self.rest = kw
class Child(Base):
    def __init__(self, *args, b=2, **kwargs):
        self.c = kwargs.pop('c', 'dc')
        super().__init__(*args, **kwargs)
        self.b = b
c = Child(5, b=6, d=7, c='C')
print(vars(c))
# --- config class with attribute map
class Config:
    attribute_map = {'hidden': 'n_embd'}
    def __init__(self, n_embd=8, **kw):
        self.n_embd = n_embd
        for k, v in kw.items(): setattr(self, k, v)
    def __getattribute__(self, key):
        if key != 'attribute_map' and key in super().__getattribute__('attribute_map'):
            key = super().__getattribute__('attribute_map')[key]
        return super().__getattribute__(key)
    def __setattr__(self, key, value):
        if key in super().__getattribute__('attribute_map'):
            key = super().__getattribute__('attribute_map')[key]
        super().__setattr__(key, value)
c = Config(16, x=1)
print(c.hidden, c.n_embd, c.x)
c.hidden = 32
print(c.n_embd)
# --- class factory dict
ACT = {'relu': lambda x: max(x, 0), 'id': lambda x: x}
class ClassInst(dict):
    def __getitem__(self, key):
        content = super().__getitem__(key)
        cls, kw = content if isinstance(content, tuple) else (content, {})
        return cls(**kw)
class G:
    def __init__(self, a=1): self.a = a
d = ClassInst({'g': G, 'h': (G, {'a': 5})})
print(d['g'].a, d['h'].a, ACT['relu'](-1))
# --- lazy module getattr
class Lazy:
    def __init__(self, table): self._table, self._cache = table, {}
    def __getattr__(self, name):
        if name.startswith('_') or name not in self._table: raise AttributeError(name)
        v = self._table[name]()
        setattr(self, name, v)
        return v
l = Lazy({'a': lambda: 'made'})
print(l.a, 'a' in vars(l), hasattr(l, 'zz'))
# --- ordered output dict
from collections import OrderedDict
from dataclasses import dataclass, fields
@dataclass
class Out(OrderedDict):
    logits: list = None
    hidden: list = None
    def __post_init__(self):
        for f in fields(self):
            v = getattr(self, f.name)
            if v is not None: self[f.name] = v
    def to_tuple(self): return tuple(self[k] for k in self.keys())
    def __getitem__(self, k):
        if isinstance(k, str): return dict(self.items())[k]
        return self.to_tuple()[k]
o = Out(logits=[1])
print(o.logits, o['logits'], o[0], list(o.keys()), o.hidden, len(o), o.to_tuple())
# --- chunk helpers
def chunks(l, n):
    for i in range(0, len(l), n): yield l[i:i + n]
print(list(chunks(list(range(7)), 3)), [sum(c) for c in chunks([1, 2, 3, 4], 2)])
# --- split with ratios
def split(n, ratios):
    sizes = [int(n * r) for r in ratios]
    sizes[-1] += n - sum(sizes)
    return sizes
print(split(10, [0.3, 0.3, 0.4]), split(7, [0.5, 0.5]))
# --- flatten nested
def flat(x): return [z for y in x for z in flat(y)] if isinstance(x, (list, tuple)) else [x]
print(flat([1, (2, [3, [4]]), []]))
# --- zip unzip transpose
pairs = [(1, 'a'), (2, 'b')]
n, l = zip(*pairs)
m = [[1, 2], [3, 4], [5, 6]]
print(n, l, list(zip(*m)), [list(r) for r in zip(*m)], list(map(list, zip(*m))))
# --- sorting params
names = ['layer.10.w', 'layer.2.w', 'head']
print(sorted(names, key=lambda n: (len(n.split('.')), [int(p) if p.isdigit() else -1 for p in n.split('.')])))
# --- counters
from collections import Counter, defaultdict
stats = defaultdict(lambda: {'n': 0, 'f': 0.0})
for op, f in [('mm', 2.0), ('add', 1.0), ('mm', 3.5)]:
    stats[op]['n'] += 1
    stats[op]['f'] += f
print(dict(stats), Counter(k for k, v in stats.items() for _ in range(v['n'])))
# --- string formatting tables
rows = [('conv1', 9408, 0.5), ('fc', 2049000, 99.123)]
for n, p, t in rows:
    print(f'{n:<10}|{p:>12,}|{t:8.2f}%')
print('-' * 33)
print(f'{"total":<10}|{sum(r[1] for r in rows):>12,}|')
# --- human sizes
def human(n):
    for u in ('', 'K', 'M', 'G'):
        if abs(n) < 1000: return f'{n:.1f}{u}'
        n /= 1000
    return f'{n:.1f}T'
print(human(5), human(25557032), human(8178368512), human(1e15))
# --- version compare
def parse(v): return tuple(int(p) if p.isdigit() else 0 for p in v.split('+')[0].split('.'))
print(parse('2.13.0+cpu') >= (2, 0), parse('1.13.1') >= (2, 0), parse('2.0.1')[:2], max(['1.9.0', '1.13.0'], key=parse))
# --- try import fallback
try:
    from no_such_module_abc import fast as impl
except ImportError:
    def impl(x): return x * 2
print(impl(4))
# --- main guard
def main(): print('main ran', __name__)
if __name__ == '__main__':
    main()
# --- context flag
class no_grad:
    on = True
    def __enter__(self):
        self.prev = no_grad.on
        no_grad.on = False
    def __exit__(self, *a): no_grad.on = self.prev
    def __call__(self, f):
        def w(*a, **k):
            with self.__class__(): return f(*a, **k)
        return w
@no_grad()
def f(): return no_grad.on
print(f(), no_grad.on)
with no_grad(): print(no_grad.on)
# --- hooks
class M:
    def __init__(self): self.hooks = {}
    def register(self, h):
        k = len(self.hooks)
        self.hooks[k] = h
        return lambda: self.hooks.pop(k)
    def __call__(self, x):
        y = x + 1
        for h in list(self.hooks.values()):
            r = h(self, x, y)
            if r is not None: y = r
        return y
m = M()
rm = m.register(lambda mod, i, o: o * 10)
print(m(1)); rm(); print(m(1))
# --- state dict filter
sd = {'module.a.w': 1, 'module.b': 2, 'head.w': 3}
new = {k[len('module.'):] if k.startswith('module.') else k: v for k, v in sd.items()}
print(new, {k.replace('a.', 'aa.'): v for k, v in new.items() if not k.startswith('head')})
# --- einsum like parse
def parse(eq):
    l, r = eq.replace(' ', '').split('->')
    ins = l.split(',')
    dims = {}
    for op, shape in zip(ins, [(2, 3), (3, 4)]):
        for c, n in zip(op, shape):
            assert dims.setdefault(c, n) == n
    return [dims[c] for c in r]
print(parse('ij, jk -> ik'))
# --- broadcast shapes
def bshape(*shapes):
    n = max(map(len, shapes))
    out = []
    for dims in zip(*[(1,) * (n - len(s)) + tuple(s) for s in shapes]):
        d = {x for x in dims if x != 1}
        if len(d) > 1: raise ValueError(f'cannot broadcast {dims}')
        out.append(d.pop() if d else 1)
    return tuple(out)
print(bshape((3, 1), (4,)), bshape((2, 1, 5), (3, 1)), bshape((), (2,)))
try:
    bshape((2,), (3,))
except ValueError as e:
    print(e)
# --- strides
def strides(shape):
    out, acc = [], 1
    for s in reversed(shape):
        out.insert(0, acc)
        acc *= s
    return tuple(out)
print(strides((2, 3, 4)), strides(()))
# --- resnet plan
class Block: expansion = 4
def plan(block, layers, width=64):
    inp, out = 64, []
    for i, n in enumerate(layers):
        planes = width * 2 ** i
        stride = 1 if i == 0 else 2
        for j in range(n):
            down = j == 0 and (stride != 1 or inp != planes * block.expansion)
            out.append((inp, planes, stride if j == 0 else 1, down))
            inp = planes * block.expansion
    return out
p = plan(Block, [3, 4, 6, 3])
print(len(p), p[0], p[3], p[-1], sum(d for *_, d in p))
# --- unet channels
ch, mult = 32, (1, 2, 2, 4)
downs = list(map(lambda m: ch * m, mult))
pairs = list(zip([ch] + downs[:-1], downs))
print(pairs, list(reversed(pairs[1:])), [i for i, _ in enumerate(pairs) if i >= len(pairs) - 1])
# --- moe routing shapes
E, k, T = 8, 2, 10
assign = [[(t * 3 + j) % E for j in range(k)] for t in range(T)]
load = [sum(a.count(e) for a in assign) for e in range(E)]
print(load, sum(load) == T * k, max(load), load.index(max(load)))
# --- vocab padding
print([v + (-v) % 64 for v in (50257, 50304, 1)], (50257 + 63) // 64 * 64, -50257 % 64)
# --- int float boundaries
d, h = 768, 12
print(d // h, d / h, int(d * 8 / 3), 2 * d * 4 // 3, int(2 * (4 * d) / 3), 256 * ((int(2 * 4 * d / 3) + 255) // 256), d ** -0.5, round(d ** 0.5, 3))
# --- property cached flops
class L:
    def __init__(self, i, o, b=True): self.i, self.o, self.b = i, o, b
    @property
    def params(self): return self.i * self.o + (self.o if self.b else 0)
    def __repr__(self): return f'{type(self).__name__}({self.i}, {self.o}, bias={self.b})'
net = [L(784, 256), L(256, 10, False)]
print(sum(l.params for l in net), net)
# --- generator pipelines
def read():
    for i in range(6): yield {'id': i, 'len': i * 7 % 5}
def batch(it, n):
    buf = []
    for x in it:
        buf.append(x)
        if len(buf) == n:
            yield buf
            buf = []
    if buf: yield buf
print([[x['id'] for x in b] for b in batch((r for r in read() if r['len']), 2)])
# --- memo decorator
def memo(f):
    cache = {}
    def g(*a):
        if a not in cache: cache[a] = f(*a)
        return cache[a]
    g.cache = cache
    return g
@memo
def tri(n): return n if n < 2 else n + tri(n - 1)
print(tri(10), len(tri.cache))
# --- matrix ops
A, B = [[1, 2], [3, 4]], [[0, 1], [1, 0]]
mm = lambda a, b: [[sum(x * y for x, y in zip(r, c)) for c in zip(*b)] for r in a]
print(mm(A, B), [[*r] for r in zip(*A)], sum(A[i][i] for i in range(2)))
# --- assertions with messages
def attn(dim, heads):
    assert dim % heads == 0, f'dim {dim} should be divisible by num_heads {heads}.'
    return dim // heads
print(attn(64, 8))
try:
    attn(65, 8)
except AssertionError as e:
    print(e)
# --- isinstance dispatch
def norm(x):
    if isinstance(x, bool): return 'bool'
    if isinstance(x, (int, float)): return 'num'
    if isinstance(x, str): return 'str'
    if isinstance(x, dict): return {k: norm(v) for k, v in x.items()}
    if isinstance(x, (list, tuple, set)): return type(x)(norm(v) for v in x)
    if x is None: return 'none'
    if callable(x): return 'fn'
    return type(x).__name__
print(norm({'a': [1, True, (None, 'x')], 'f': len, 'o': object(), 's': {1.5}}))
# --- class level state machine
class Phase:
    order = ['warm', 'main', 'cool']
    def __init__(self): self.i = 0
    def __iter__(self): return self
    def __next__(self):
        if self.i >= len(self.order): raise StopIteration
        p = self.order[self.i]
        self.i += 1
        return p
print([*Phase()], ' -> '.join(Phase()))
# --- bit tricks
print([n & (n - 1) == 0 for n in (1, 2, 3, 64)], 1 << (100 - 1).bit_length(), [x ^ (x >> 1) for x in range(4)])
# --- star expressions mix
first, *mid, last = range(5)
print(first, mid, last, [*mid, *[9]], {**{'a': 1}, 'b': 2}, (lambda *a, **k: (a, k))(*mid, **{'z': last}))
# --- while queue
from collections import deque
g = {0: [1, 2], 1: [3], 2: [3], 3: []}
q, seen = deque([0]), []
while q:
    n = q.popleft()
    if n in seen: continue
    seen.append(n)
    q.extend(g[n])
print(seen)
# --- topological
def topo(g):
    done, out = set(), []
    def visit(n):
        if n in done: return
        done.add(n)
        for m in g[n]: visit(m)
        out.append(n)
    for n in g: visit(n)
    return out[::-1]
print(topo({'a': ['b', 'c'], 'b': ['d'], 'c': ['d'], 'd': []}))
# --- nested function attributes and partial
from functools import partial
def block(dim, norm=None, act='relu'): return f'{dim}-{norm}-{act}'
mk = partial(block, norm=partial(max, 1))
print(mk(3).startswith('3-functools.partial'), partial(block, act='gelu')(2), mk.func.__name__, mk.keywords.keys())
# --- string overrides
def parse(v):
    for f in (int, float):
        try: return f(v)
        except ValueError: pass
    return {'true': True, 'false': False, 'none': None}.get(v.lower(), v)
cfg = {}
for a in ['lr=1e-3', 'n=4', 'amp=True', 'name=x=y', 'z=None']:
    k, _, v = a.partition('=')
    cfg[k] = parse(v)
print(cfg)
# --- setattr loop
class Args: pass
a = Args()
for k, v in {'dim': 8, 'depth': 2}.items(): setattr(a, k, v)
for k in list(vars(a)): print(k, getattr(a, k))
a.__dict__.update(extra=1)
print(a.extra, 'extra' in a.__dict__, vars(a))
# --- multiple decorators on methods
def tag(t):
    def d(f):
        f.tag = t
        return f
    return d
class A:
    @tag('x')
    def f(self): return 1
    @classmethod
    @tag('c')
    def g(cls): return 2
    @property
    def h(self): return 3
print(A.f.tag, A.g.tag, A().h, [n for n in vars(A) if hasattr(getattr(A, n), 'tag')])
# --- conditional class definitions
FLAG = True
if FLAG:
    class Impl:
        kind = 'fast'
else:
    class Impl:
        kind = 'slow'
Alias = Impl
print(Alias.kind, Alias is Impl, Alias.__name__)
# --- super with kwargs chain
class Conv:
    def __init__(self, i, o, k=3, **kw): self.args = (i, o, k, kw)
class Conv1x1(Conv):
    def __init__(self, i, o, **kw): super().__init__(i, o, k=1, **kw)
class Named(Conv1x1):
    def __init__(self, *a, name='n', **kw):
        super().__init__(*a, **kw)
        self.name = name
print(Named(1, 2, bias=False).args, Named(1, 2, name='q').name)
# --- closures over loop with default
layers = []
for i, n in enumerate([4, 8]):
    def layer(x, i=i, n=n): return x * n + i
    layers.append(layer)
print([l(1) for l in layers])
# --- dict of lists grouping
data = [('a', 1), ('b', 2), ('a', 3)]
g = {}
for k, v in data: g.setdefault(k, []).append(v)
print(g, {k: sum(v) / len(v) for k, v in g.items()}, max(g, key=lambda k: len(g[k])))
# --- complex slicing assignment
x = list(range(8))
x[1:3], x[-2:] = [10, 20], ['a']
x[::3] = 'xyz'
print(x)
# --- numeric formatting of dtypes
print(str(1e-5), 1e-05, 1e-6 == 0.000001, 5e-4, 0.0001, 1e5, 123456.0, 3e8, 6.02e23, 1/7)
# --- int str conversions in names
print([f'layer{i:02d}' for i in (1, 12)], 'stage_{}'.format(3), '%s.%d' % ('a', 4), 'x' + str(5), int('0012'), '7'.isdigit(), 'blocks.{}.{}'.format(*(1, 'attn')))
# --- frozen config as key
from dataclasses import dataclass
@dataclass(frozen=True)
class Key:
    m: int
    n: int
    tag: str = ''
table = {Key(1, 2): 'a', Key(1, 2, 't'): 'b'}
print(table[Key(1, 2)], table.get(Key(1, 2, 't')), Key(3, 4) in table, len({Key(1, 1), Key(1, 1)}))
# --- protocol of with and generators
class Timer:
    def __init__(self): self.events = []
    def __enter__(self):
        self.events.append('in')
        return self
    def __exit__(self, *a):
        self.events.append('out')
t = Timer()
def gen():
    with t:
        yield 1
        yield 2
for x in gen():
    t.events.append(x)
print(t.events)
# --- property override in subclass
class A:
    @property
    def dim(self): return 1
    def twice(self): return self.dim * 2
class B(A):
    dim = 5
print(A().twice(), B().twice())
# --- enumerate unpack nested
for i, (a, (b, c)) in enumerate([(1, (2, 3)), (4, (5, 6))], start=10):
    print(i, a, b, c)
# --- lambda dispatch table
ops = {'+': lambda a, b: a + b, '*': lambda a, b: a * b}
def ev(tokens):
    st = []
    for t in tokens.split():
        if t in ops:
            b, a = st.pop(), st.pop()
            st.append(ops[t](a, b))
        else: st.append(int(t))
    return st[0]
print(ev('2 3 + 4 *'))
# --- any all generators short circuit
seen = []
def chk(x):
    seen.append(x)
    return x > 1
print(any(chk(x) for x in [0, 2, 3]), seen, all(map(chk, [5, 0, 9])), seen)
# --- global counters in class
class Id:
    _next = 0
    def __init__(self):
        self.id = Id._next
        type(self)._next += 1
print([Id().id for _ in range(3)], Id._next)
# --- tuple keys and sorting mixed
d = {(i, j): i * j for i in range(3) for j in range(i)}
print(d, sorted(d, key=lambda k: (-k[0], k[1])), (2, 1) in d, d.get((9, 9), 'no'))
# --- string multiline join
lines = [f'{k}: {v}' for k, v in sorted({'b': 1, 'a': 2}.items())]
print('\n'.join(lines))
print(*lines, sep='; ')
# --- empty cases
print(sum([]), max([], default=None), list(zip([], [1])), ''.join([]), [] or 'x', dict() == {}, [*()], range(0), tuple(), all([]), any([]))
# --- args of type
for v in (int, float, str, bool, list, None): print(v if v is None else v(), end=' ')
print()
# --- int parsing of config text
text = """
# comment
dim = 64
heads=8
drop = 0.1
name = tiny
"""
cfg = {}
for line in text.splitlines():
    line = line.split('#')[0].strip()
    if not line: continue
    k, v = (p.strip() for p in line.split('=', 1))
    cfg[k] = int(v) if v.isdigit() else float(v) if v.replace('.', '', 1).isdigit() else v
print(cfg)
