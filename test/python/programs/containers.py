# --- list methods
l = [3, 1, 2]
l.append(4); l.extend([5, 6]); l.insert(0, 0); l.insert(-1, 99); l.remove(99)
print(l, l.pop(), l.pop(0), l, l.index(2), l.count(1))
l.sort(); print(l); l.reverse(); print(l); m = l.copy(); m.clear(); print(l, m)
# --- list errors
for f in (lambda: [].pop(), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1][5], lambda: [1].pop(3), lambda: [1]['a'], lambda: [1] + 'a', lambda: (1).x, lambda: [1, 2].index(1, 1)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
# --- list slices
l = list(range(10))
print(l[2:5], l[::-1], l[::3], l[-3:-1], l[8:2:-2], l[20:], l[:])
l[2:4] = ['a', 'b', 'c']; print(l)
l[::2] = [0] * len(l[::2]); print(l)
del l[1:3]; print(l)
del l[::2]; print(l)
l[:0] = [7, 8]; print(l)
l[1:1] = []; print(l)
try:
    l[::2] = [1]
except ValueError as e:
    print(e)
# --- list sort
print(sorted([3, 1, 2], reverse=True), sorted('bca'), sorted(['b', 'A', 'c'], key=str.lower), sorted([(1, 'b'), (0, 'c'), (1, 'a')], key=lambda t: t[0]), sorted([(1, 'b'), (0, 'c'), (1, 'a')], key=lambda t: t[0], reverse=True))
l = ['ccc', 'a', 'bb']
l.sort(key=len, reverse=True)
print(l)
try:
    sorted([1, 'a'])
except TypeError as e:
    print(e)
# --- list arithmetic
a = [1, 2]
b = a
a += [3]
print(a, b, a is b)
a = a + [4]
print(a, b, a is b)
a *= 2
print(a, [0] * 3, 2 * [1], [[0]] * 2)
t = (1,)
u = t
t += (2,)
print(t, u)
# --- list compare
print([1, 2] < [1, 3], [1] < [1, 0], [] < [1], [1, 2] == [1, 2], [1, 2] != [2], (1, 2) < (1, 'a') if False else '', (1, 2) <= (1, 2), [1, [2]] == [1, [2]], (1,) == [1])
# --- list iadd iterables
l = []
l += 'ab'
l += (1,)
l += {2: 3}
l += (x for x in range(2))
print(l)
# --- tuple
t = (1, 2, 3, 2)
print(t.count(2), t.index(3), t[1:], t + (4,), t * 2, len(t), 2 in t, (), (1,), tuple('ab'), tuple([1]), hash(t) == hash((1, 2, 3, 2)))
a, *b, c = t
print(a, b, c)
(x, y), z = (1, 2), 3
print(x, y, z)
try:
    t[0] = 1
except TypeError as e:
    print(e)
# --- dict basics
d = {'a': 1, 'b': 2}
d['c'] = 3
print(d, d['a'], d.get('z'), d.get('z', 0), 'a' in d, 'z' in d, len(d), list(d), list(d.values()), list(d.items()))
print(d.pop('a'), d.pop('z', None), d, d.setdefault('b', 9), d.setdefault('q', 9), d, d.popitem(), d)
d.update({'x': 1}, y=2)
d.update([('z', 3)])
print(d)
del d['x']
print(d, d.copy() == d)
d.clear()
print(d)
# --- dict errors
for f in (lambda: {}['x'], lambda: {}.pop('x'), lambda: {}.popitem(), lambda: {[]: 1}, lambda: {1: 2}[3], lambda: {}[(1, 2)], lambda: dict([1]), lambda: dict([(1, 2, 3)])):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
# --- dict construct
print(dict(a=1, b=2), dict([('a', 1)]), dict({'a': 1}, b=2), dict(zip('ab', [1, 2])), {**{'a': 1}, 'b': 2, **{'a': 3}}, dict.fromkeys('ab', 0), dict.fromkeys([1, 2]), {k: v for k, v in [(1, 2)]})
# --- dict merge
a = {'x': 1}
b = {'y': 2, 'x': 3}
print(a | b, b | a, a)
a |= b
print(a)
# --- dict order
d = {'b': 1, 'a': 2}
d['b'] = 3
del d['a']
d['a'] = 4
print(d, list(reversed(d)), list(reversed(d.items())))
# --- dict key equality
d = {1: 'int'}
d[1.0] = 'float'
d[True] = 'bool'
print(d, d[1], 1.0 in d, {(1, 2): 'a'}[(1.0, 2)], {None: 1}[None], {'1': 's', 1: 'i'})
# --- dict views
d = {'a': 1, 'b': 2}
k, v, i = d.keys(), d.values(), d.items()
d['c'] = 3
print(list(k), list(v), list(i), len(k), 'c' in k, 3 in v, ('c', 3) in i, k)
print(k & {'a', 'z'}, sorted(k | {'z'}), sorted(k - {'a'}), d.keys() == {'a', 'b', 'c'}, i, v)
# --- dict mutate in loop
d = {'a': 1}
try:
    for k in d:
        d[k + 'x'] = 1
except RuntimeError as e:
    print(e)
# --- dict compare
print({'a': 1, 'b': 2} == {'b': 2, 'a': 1}, {1: 2} != {1: 3}, {} == {}, {1: [1]} == {1: [1]})
try:
    {} < {}
except TypeError as e:
    print(e)
# --- dict subclass
class D(dict):
    def __missing__(self, key): return key * 2
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)
d = D(a=1)
d.x = 5
print(d, d['zz'], d.a, d.x, len(d), 'zz' in d, type(d).__name__, isinstance(d, dict), d.get('q'))
class E(dict):
    def __init__(self, *args, **kw):
        super().__init__(*args, **kw)
        self.n = len(self)
    def __setitem__(self, k, v):
        super().__setitem__(k, v + 1)
    def __getitem__(self, k):
        return super().__getitem__(k) * 10
e = E({'a': 1})
e['b'] = 2
print(e, e.n, e['a'], e['b'], e.get('b'), dict(e), e == {'a': 1, 'b': 3})
class AttrDict(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__
a = AttrDict(x=1)
a.y = 2
print(a.x, a, a['y'])
# --- list subclass
class L(list):
    def first(self): return self[0]
    def append(self, x):
        super().append(x * 2)
l = L([1, 2])
l.append(3)
print(l, l.first(), len(l), l[1:], type(l[1:]).__name__, l == [1, 2, 6], isinstance(l, list), sum(l), L('ab'))
class K(list):
    def __init__(self, n):
        super().__init__(range(n))
        self.n = n
print(K(3), K(3).n)
# --- tuple subclass
class T(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))
    @property
    def a(self): return self[0]
t = T(1, 2)
print(t, t.a, t == (1, 2), len(t), type(t).__name__, hash(t) == hash((1, 2)), {t: 1}[(1, 2)], [*t])
# --- set basics
s = {3, 1, 2}
s.add(4); s.discard(10); s.remove(1)
print(sorted(s), len(s), 2 in s, {1, 2} | {2, 3}, {1, 2} & {2, 3}, {1, 2} - {2}, {1, 2} ^ {2, 3}, {1} < {1, 2}, {1, 2} <= {1, 2}, {1}.issubset([1, 2]), {1, 2}.issuperset({1}), {1}.isdisjoint({2}))
print(set('hello') == set('ehlo'), set(), frozenset([1, 2]) == {1, 2}, {1, 1.0, True}, {(1, 2), (1, 2)}, set([1, 2]).union([3], [4]), {1, 2, 3}.intersection([1, 2], [2]), {1, 2}.difference([1]))
s = {1}
s |= {2}
s.update([3], [4])
s -= {1}
print(s, s.pop() in (2, 3, 4), len(s))
for f in (lambda: {1}.remove(2), lambda: set().pop(), lambda: {[]}, lambda: {1} | [2], lambda: frozenset([1]).add(2)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
# --- frozenset
f = frozenset([1, 2])
print({f: 'x'}[frozenset([2, 1])], f | {3}, type(f | {3}).__name__, type({3} | f).__name__, f.union([5]), hash(f) == hash(frozenset([2, 1])))
# --- range
r = range(2, 20, 3)
print(list(r), len(r), r[1], r[-1], r[1:3], 5 in r, 6 in r, r.index(8), r.count(5), r == range(2, 19, 3), range(0) == range(1, 1), list(range(5, 0, -2)), list(reversed(range(4))), r.start, r.stop, r.step, bool(range(0)), 5.0 in r)
for f in (lambda: range(1, 2, 0), lambda: range(1.5), lambda: range(3)[5], lambda: range()):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
# --- slice object
s = slice(1, 10, 2)
print(s.start, s.stop, s.step, s.indices(5), slice(5), slice(None, 3) == slice(None, 3), list(range(20))[s])
class G:
    def __getitem__(self, k): return k
print(G()[1:2], G()[1, 2:3], G()[...], G()[::2], G()[-1], G()['a', 'b'])
# --- enumerate zip map filter
print(list(enumerate('ab')), list(enumerate('ab', 1)), list(zip([1, 2, 3], 'ab')), list(zip()), list(map(lambda x, y: x + y, [1, 2], [3, 4, 5])), list(filter(None, [0, 1, '', 'a'])), list(filter(lambda x: x > 1, [1, 2, 3])), list(map(str, range(3))), dict(enumerate('ab')))
try:
    list(zip([1, 2], [1], strict=True))
except ValueError as e:
    print(e)
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as e:
    print(e)
z = zip('ab', [1, 2])
print(next(z), list(z), list(z))
# --- iter next
it = iter([1, 2])
print(next(it), next(it), next(it, 'end'))
try:
    next(it)
except StopIteration as e:
    print('stop', e.args, e.value)
print(list(iter([1, 2, 3].pop, 1)))
try:
    iter(5)
except TypeError as e:
    print(e)
# --- reversed
print(list(reversed([1, 2, 3])), list(reversed('abc')), list(reversed((1, 2))), list(reversed(range(3))))
class Seq:
    def __len__(self): return 3
    def __getitem__(self, i):
        if i >= 3: raise IndexError
        return i * 10
print(list(reversed(Seq())), list(Seq()), 20 in Seq(), [*Seq()], sum(Seq()))
class Rev:
    def __reversed__(self): return iter('xyz')
print(list(reversed(Rev())))
try:
    reversed({1})
except TypeError as e:
    print(e)
# --- any all
print(any([]), all([]), any([0, 1]), all([1, 0]), any(x > 2 for x in [1, 2, 3]), all(x for x in [1, 'a']))
# --- container protocol
class C:
    def __init__(self): self.d = {}
    def __len__(self): return len(self.d)
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __contains__(self, k): return k in self.d
    def __iter__(self): return iter(self.d)
c = C()
c['a'] = 1
c['b'] = 2
del c['a']
print(len(c), c['b'], 'a' in c, list(c), bool(c), bool(C()))
try:
    c['zz']
except KeyError as e:
    print(e, e.args)
# --- nested structure update
cfg = {'model': {'dim': 64, 'layers': [1, 2]}}
cfg['model']['layers'].append(3)
cfg['model']['dim'] *= 2
cfg.setdefault('opt', {})['lr'] = 0.1
print(cfg)
# --- unpack star
def f(*args, **kw): return args, kw
print(f(*[1, 2], *'ab', x=1, **{'y': 2}), [*range(3), *'a'], {*[1, 2], 2}, (*[1], 2))
# --- del and aliasing
a = [1, 2, 3]
b = a
del a[0]
print(b)
b[:] = [9]
print(a)
# --- hashable instances
class H:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return isinstance(o, H) and self.v == o.v
    def __hash__(self): return hash(self.v)
d = {H(1): 'a', H(2): 'b'}
print(d[H(1)], H(3) in d, len({H(1), H(1)}), H(1) in {H(1)})
class U:
    def __eq__(self, o): return True
try:
    {U(): 1}
except TypeError as e:
    print(e)
class I: pass
i = I()
print({i: 1}[i], I() in {i: 1})
# --- comprehension scoping
x = 10
print([x for x in range(3)], x, {x: x**2 for x in range(3)}, {x % 2 for x in range(5)}, [(a, b) for a in range(2) for b in range(a + 1)], [y := 5, y])
# --- sorting stability
data = [('a', 2), ('b', 1), ('c', 2), ('d', 1)]
print(sorted(data, key=lambda t: t[1]), sorted(data, key=lambda t: -t[1]), sorted(data, key=lambda t: t[1], reverse=True))
# --- min max with dicts
d = {'a': 3, 'b': 1}
print(max(d, key=d.get), min(d.values()), sorted(d.items(), key=lambda kv: kv[1]), max(d.items()))
# --- bool of containers
print([bool(x) for x in ([], [0], (), {}, {0: 0}, set(), '', ' ', 0, 0.0, None, range(0), range(1), b'')])
# --- identity
a = []
print(a is a, a is not [], None is None, [] == [], a is [])
