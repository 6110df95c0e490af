# --- defaults
def f(a, b=2, *args, c=3, **kw):
    return a, b, args, c, kw
print(f(1), f(1, 5), f(1, 2, 3, 4), f(1, c=9), f(1, x=1), f(a=1, b=0), f(*[1, 2, 3], **{'c': 4, 'd': 5}))
# --- mutable default
def f(x, acc=[]):
    acc.append(x)
    return acc
print(f(1), f(2), f(3, []))
# --- default evaluated once
n = 1
def f(x=n): return x
n = 2
print(f())
# --- positional only keyword only
def f(a, /, b, *, c): return a, b, c
print(f(1, 2, c=3), f(1, b=2, c=3))
for call in (lambda: f(a=1, b=2, c=3), lambda: f(1, 2, 3), lambda: f(1, 2), lambda: f(), lambda: f(1, 2, c=3, d=4), lambda: f(1, 2, b=3, c=4)):
    try:
        call()
    except TypeError as e:
        print(e)
# --- closures
def counter():
    n = 0
    def inc(k=1):
        nonlocal n
        n += k
        return n
    return inc
a, b = counter(), counter()
print(a(), a(), b(), a(5))
# --- late binding
fs = [lambda: i for i in range(3)]
print([f() for f in fs], [f() for f in [lambda i=i: i for i in range(3)]])
# --- global
x = 1
def g():
    global x
    x += 1
    return x
print(g(), x)
# --- unbound local
def f():
    print(y)
    y = 1
try:
    f()
except UnboundLocalError as e:
    print(type(e).__name__)
# --- name error
try:
    undefined_name
except NameError as e:
    print(e)
# --- recursion
def fact(n): return 1 if n < 2 else n * fact(n - 1)
def fib(n, memo={}):
    if n in memo: return memo[n]
    memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return memo[n]
print(fact(20), fact(30), fib(80))
# --- infinite recursion
def f(): return f()
try:
    f()
except RecursionError as e:
    print('RecursionError')
# --- deep recursion
def depth(n): return 0 if n == 0 else 1 + depth(n - 1)
print(depth(500))
# --- decorators
def deco(tag):
    def wrap(f):
        def inner(*a, **k):
            return f'{tag}:{f(*a, **k)}'
        inner.__name__ = f.__name__
        return inner
    return wrap
@deco('a')
@deco('b')
def hello(n): return f'hello {n}'
print(hello('x'), hello.__name__)
# --- decorator class
class Count:
    def __init__(self, f):
        self.f, self.n = f, 0
    def __call__(self, *a):
        self.n += 1
        return self.f(*a)
@Count
def add(a, b): return a + b
print(add(1, 2), add(3, 4), add.n)
# --- function attributes
def f(a, b: int = 2, *c, d=4, **e) -> int:
    """doc of f"""
f.x = 1
print(f.__name__, f.__qualname__, f.__doc__, f.x, f.__defaults__, f.__kwdefaults__, callable(f), f.__dict__)
# --- lambda
print((lambda: 1)(), (lambda x, y=2: x + y)(1), (lambda *a, **k: (a, k))(1, z=2), sorted([3, 1, 2], key=lambda x: -x), (lambda x: (yield x)).__name__)
# --- star in calls order
def show(*a, **k): print(a, k)
show(1, *(2, 3), 4, *[5], k=1, **{'m': 2}, n=3)
# --- duplicate kwargs
def f(**k): return k
try:
    f(a=1, **{'a': 2})
except TypeError as e:
    print('dup')
# --- walrus
if (n := len([1, 2, 3])) > 2:
    print(n)
print([m for x in range(5) if (m := x * 2) > 4], m)
while (k := n) > 0:
    n -= 1
print(k, n)
# --- conditional expression
for x in (1, 0, None, 'a'):
    print('t' if x else 'f', x or 'default', x and 'both', not x)
# --- short circuit
def t(v):
    print('eval', v)
    return v
print(t(0) and t(1), t(0) or t(2), t(1) and t(0) or t(3))
# --- loops else
for i in range(3):
    if i == 5: break
else:
    print('no break')
for i in range(3):
    if i == 1: break
else:
    print('not printed')
i = 0
while i < 3:
    i += 1
    if i == 2: continue
    print(i)
else:
    print('done')
# --- nested break
for a in range(3):
    for b in range(3):
        if b == 2: break
        if a == 1: continue
        print(a, b)
# --- match literals
def m(x):
    match x:
        case 0: return 'zero'
        case 1 | 2: return 'small'
        case 'a': return 'str'
        case None: return 'none'
        case True: return 'true'
        case -1: return 'neg'
        case _: return 'other'
print([m(v) for v in (0, 1, 2, 'a', None, 3, -1, 1.0)])
# --- match sequences
def m(x):
    match x:
        case []: return 'empty'
        case [a]: return f'one {a}'
        case [a, b]: return f'two {a} {b}'
        case [a, *rest]: return f'many {a} {rest}'
        case _: return 'no'
print(m([]), m([1]), m((1, 2)), m([1, 2, 3]), m('ab'), m(5))
# --- match mapping
def m(x):
    match x:
        case {'type': 'a', 'v': v}: return v
        case {'type': t, **rest}: return t, rest
        case {}: return 'map'
        case _: return 'no'
print(m({'type': 'a', 'v': 1}), m({'type': 'b', 'x': 2}), m({'q': 1}), m([]))
# --- match class
class P:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
def m(p):
    match p:
        case P(0, 0): return 'origin'
        case P(x, 0): return f'x={x}'
        case P(x=0, y=yy): return f'y={yy}'
        case P() as q if q.x == q.y: return 'diag'
        case P(): return 'p'
        case int(n): return f'int {n}'
        case str(): return 'str'
        case (int() | float()) as z: return z
        case _: return 'no'
print(m(P(0, 0)), m(P(1, 0)), m(P(0, 2)), m(P(3, 3)), m(P(1, 2)), m(5), m('s'), m(1.5), m(None))
# --- match nested
cmd = {'op': ['move', {'x': 1, 'y': 2}]}
match cmd:
    case {'op': ['move', {'x': x, 'y': y}]}:
        print(x, y)
# --- match constants
class C:
    RED = 1
match 1:
    case C.RED: print('red')
match (1, 2):
    case (1, x) if x > 5: print('no')
    case (1, x): print('x', x)
# --- unpack errors
for f in (lambda: [(a, b) for a, b in [(1,)]], lambda: [(a, b) for a, b in [(1, 2, 3)]], lambda: [a for a, b in [5]]):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
# --- swap and chain assign
a = b = [1]
a, b = b + [2], a
print(a, b)
x, (y, [z, *w]) = 1, (2, [3, 4, 5])
print(x, y, z, w)
i, l = 0, [0, 0]
i, l[i] = 1, 9
print(i, l)
# --- del names
x = 1
del x
try:
    x
except NameError:
    print('gone')
# --- assert
try:
    assert 1 == 2, 'msg'
except AssertionError as e:
    print(e, e.args)
assert True
try:
    assert []
except AssertionError as e:
    print(repr(str(e)))
# --- comprehension nested functions
print([[j for j in range(i)] for i in range(4)], {k: [v for v in range(k)] for k in range(3)}, [x for l in [[1, 2], [3]] for x in l if x != 2])
# --- string building loop
parts = []
for i, (a, b) in enumerate(zip('abc', range(3))):
    parts.append(f'{i}{a}{b}')
print('|'.join(parts))
# --- generator basics
def g(n):
    for i in range(n):
        yield i
    return 'end'
it = g(2)
print(next(it), next(it))
try:
    next(it)
except StopIteration as e:
    print(e.value)
print(list(g(3)), sum(g(4)), [*g(2)], dict(zip(g(2), 'ab')))
# --- generator send
def acc():
    total = 0
    while True:
        x = yield total
        if x is None: return
        total += x
a = acc()
print(next(a), a.send(5), a.send(3))
# --- generator throw close
def g():
    try:
        yield 1
        yield 2
    except ValueError as e:
        yield f'caught {e}'
    finally:
        print('cleanup')
a = g()
next(a)
print(a.throw(ValueError('x')))
a.close()
b = g()
next(b)
b.close()
# --- yield from
def inner():
    r = yield 1
    print('got', r)
    return 'ret'
def outer():
    v = yield from inner()
    print('v', v)
    yield from [10, 20]
o = outer()
print(next(o), o.send('s'), list(o))
# --- generator laziness
def noisy():
    for i in range(3):
        print('make', i)
        yield i
for x in noisy():
    print('use', x)
    if x == 1: break
g = (print('gen', i) or i for i in range(3))
print('created')
print(next(g))
# --- generator expression first iterable
def src():
    print('src')
    return [1, 2]
g = (x for x in src())
print('after')
print(list(g))
# --- infinite generator
def nat():
    n = 0
    while True:
        yield n
        n += 1
from itertools import islice, takewhile
print(list(islice(nat(), 5)), list(takewhile(lambda x: x < 4, nat())))
# --- recursive generator
def walk(t):
    if isinstance(t, list):
        for x in t:
            yield from walk(x)
    else:
        yield t
print(list(walk([1, [2, [3, 4]], 5])))
# --- generator in class
class Tree:
    def __init__(self, v, *kids): self.v, self.kids = v, kids
    def __iter__(self):
        yield self.v
        for k in self.kids:
            yield from k
print(list(Tree(1, Tree(2, Tree(3)), Tree(4))))
# --- stopiteration in generator
def g():
    yield 1
    raise StopIteration
try:
    list(g())
except RuntimeError as e:
    print(e)
# --- scope class body
x = 'global'
class A:
    x = 'class'
    def f(self): return x
    y = [x for _ in range(1)]
    z = x
print(A().f(), A.y, A.z)
# --- nonlocal nested
def a():
    x = 1
    def b():
        def c():
            nonlocal x
            x += 1
            return x
        return c
    c = b()
    c()
    return c(), x
print(a())
# --- kwargs order
def f(**kw): return list(kw)
print(f(z=1, a=2, m=3), f(**{'b': 1}, a=2))
# --- docstring and ellipsis
def f(): ...
print(f(), f.__doc__, Ellipsis, ...)
# --- print options
print(1, 2, sep='-', end='!\n')
print()
print('a', end='')
print('b', None, True, 1.5, [1], sep='')
# --- isinstance and type
print(type(1), type('a'), type(None), type([]), type(f := lambda: 0).__name__, type(1) is int, type(type), isinstance(1, (str, int)), isinstance([], list), issubclass(bool, int), isinstance(1, int | str), isinstance(None, type(None)))
# --- callable
class C:
    def __call__(self): return 1
print(callable(C), callable(C()), callable(1), callable(len), callable(lambda: 0), callable('a'.upper))
# --- dynamic attr
class O: pass
o = O()
setattr(o, 'a', 1)
print(getattr(o, 'a'), getattr(o, 'b', 'dflt'), hasattr(o, 'a'), hasattr(o, 'b'), getattr(o, 'b', None))
delattr(o, 'a')
print(hasattr(o, 'a'), vars(o), o.__dict__)
# --- operator chaining side effects
def v(n):
    print('v', n)
    return n
print(v(1) < v(3) < v(2) < v(4))
# --- while true with counters
n, steps = 27, 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
print(steps)
# --- try in loop
out = []
for x in [1, 0, 'a', 2]:
    try:
        out.append(10 / x)
    except ZeroDivisionError:
        out.append('zero')
        continue
    except TypeError:
        out.append('type')
    else:
        out.append('ok')
    finally:
        out.append('f')
print(out)
# --- globals locals
def f(a, b=2):
    c = 3
    return locals()
print(f(1), 'f' in globals())
# --- exec order of decorators and defaults
def log(x):
    print('log', x)
    return x
def d(tag):
    print('deco', tag)
    return lambda f: f
@d(log('x'))
def f(a=log('default')): pass
# --- higher order
compose = lambda *fs: (lambda x: [x := f(x) for f in fs][-1])
print(compose(lambda x: x + 1, lambda x: x * 2)(3))
def curry(f, *a): return lambda *b: f(*a, *b)
print(curry(max, 1, 5)(3, 9))
