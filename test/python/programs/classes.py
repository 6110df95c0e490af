# --- basic class
class A:
    """doc"""
    count = 0
    def __init__(self, x):
        self.x = x
        A.count += 1
    def get(self): return self.x
a, b = A(1), A(2)
print(a.get(), b.x, A.count, a.count, A.__name__, A.__doc__, isinstance(a, A), type(a) is A, A.get(b))
a.count = 10
print(a.count, A.count, a.__dict__)
# --- inheritance super
class A:
    def __init__(self): self.log = ['A']
    def f(self): return 'A.f'
class B(A):
    def __init__(self):
        super().__init__()
        self.log.append('B')
    def f(self): return 'B' + super().f()
class C(B):
    def f(self): return 'C' + super(C, self).f() + A.f(self)
c = C()
print(c.log, c.f(), C.__mro__, issubclass(C, A), C.__bases__)
# --- diamond
class A:
    def go(self): return ['A']
class B(A):
    def go(self): return ['B'] + super().go()
class C(A):
    def go(self): return ['C'] + super().go()
class D(B, C):
    def go(self): return ['D'] + super().go()
print(D().go(), [k.__name__ for k in D.__mro__])
# --- bad mro
class A: pass
class B(A): pass
try:
    class C(A, B): pass
except TypeError as e:
    print(type(e).__name__)
# --- property
class P:
    def __init__(self): self._v = 1
    @property
    def v(self):
        """vdoc"""
        return self._v
    @v.setter
    def v(self, x): self._v = x * 2
    @v.deleter
    def v(self): self._v = None
    ro = property(lambda self: 'ro')
p = P()
print(p.v, p.ro)
p.v = 5
print(p.v)
del p.v
print(p.v, isinstance(P.v, property))
try:
    p.ro = 1
except AttributeError as e:
    print(e)
# --- class and static methods
class A:
    n = 1
    @classmethod
    def make(cls, *a): return cls, a
    @staticmethod
    def st(x): return x * 2
    @classmethod
    @property
    def weird(cls): return 1
class B(A): n = 2
print(A.make(1)[0].__name__, B.make()[0].__name__, B().make(3), A.st(2), B().st(3))
# --- dunder str repr eq hash
class A:
    def __init__(self, v): self.v = v
    def __repr__(self): return f'A({self.v})'
    def __eq__(self, o): return self.v == o.v if isinstance(o, A) else NotImplemented
    def __hash__(self): return hash(self.v)
    def __len__(self): return self.v
    def __call__(self, x): return self.v + x
    def __contains__(self, x): return x == self.v
    def __iter__(self): return iter(range(self.v))
    def __bool__(self): return self.v > 2
print(A(1), [A(2)], A(1) == A(1), A(1) != A(2), A(1) == 1, {A(1), A(1)}, len(A(3)), A(1)(2), 5 in A(5), list(A(3)), bool(A(2)), bool(A(3)), str(A(1)))
# --- getattr fallback
class G:
    def __init__(self): self.real = 1
    def __getattr__(self, n):
        if n.startswith('x'): return n.upper()
        raise AttributeError(f'no {n}')
g = G()
print(g.real, g.xyz, hasattr(g, 'xa'), hasattr(g, 'y'), getattr(g, 'y', 'd'))
try:
    g.y
except AttributeError as e:
    print(e)
# --- setattr override
class S:
    def __setattr__(self, n, v):
        if n == 'bad': raise AttributeError('nope')
        object.__setattr__(self, n, v * 2)
    def __delattr__(self, n):
        print('del', n)
        object.__delattr__(self, n)
s = S()
s.a = 5
print(s.a)
del s.a
print(hasattr(s, 'a'))
try:
    s.bad = 1
except AttributeError as e:
    print(e)
# --- setattr super
class S:
    def __setattr__(self, n, v):
        super().__setattr__(n, v)
        if n != 'log':
            self.log.append(n)
    def __init__(self):
        self.log = []
        self.a = 1
print(S().log)
# --- getattribute
class G:
    x = 1
    def __getattribute__(self, n):
        if n == 'magic': return 42
        return super().__getattribute__(n)
print(G().magic, G().x)
# --- descriptors
class D:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, obj, cls=None):
        if obj is None: return self
        return obj.__dict__.get(self.name, 'unset')
    def __set__(self, obj, v): obj.__dict__[self.name] = v + 1
class A:
    f = D()
    g = D()
a = A()
print(a.f)
a.f = 1
print(a.f, a.g, A.f.name, a.__dict__)
# --- non data descriptor
class N:
    def __get__(self, obj, cls): return 'desc'
class A:
    n = N()
a = A()
print(a.n)
a.__dict__['n'] = 'inst'
print(a.n)
# --- new
class A:
    def __new__(cls, *a, **k):
        o = super().__new__(cls)
        o.made = a
        return o
    def __init__(self, x): self.x = x
a = A(3)
print(a.made, a.x)
class One:
    _i = None
    def __new__(cls):
        if cls._i is None: cls._i = object.__new__(cls)
        return cls._i
print(One() is One())
class Weird:
    def __new__(cls): return 5
print(Weird())
# --- init subclass
class Base:
    reg = {}
    def __init_subclass__(cls, /, key=None, **kw):
        super().__init_subclass__(**kw)
        cls.reg[key or cls.__name__] = cls
class X(Base, key='x'): pass
class Y(Base): pass
class Z(X): pass
print(sorted(Base.reg))
# --- metaclass
class M(type):
    def __new__(m, name, bases, ns, **kw):
        ns['added'] = f'{name}!'
        return super().__new__(m, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        cls.kw = kw
    def __call__(cls, *a, **k):
        o = super().__call__(*a, **k)
        o.called = True
        return o
    def hello(cls): return cls.__name__
    def __len__(cls): return 7
    def __getitem__(cls, k): return k * 2
    def __iter__(cls): return iter([1, 2])
    def __contains__(cls, x): return x == 1
class A(metaclass=M, opt=1):
    def __init__(self, x): self.x = x
class B(A): pass
a = B(2)
print(A.added, B.added, a.x, a.called, A.hello(), len(A), A[3], list(A), 1 in A, type(A).__name__, A.kw, isinstance(A, M))
# --- metaclass registry
class Meta(type):
    classes = []
    def __init__(cls, name, bases, ns):
        super().__init__(name, bases, ns)
        if bases: Meta.classes.append(name)
class R(metaclass=Meta): pass
class S(R): pass
class T(S): pass
print(Meta.classes)
# --- type call
A = type('A', (), {'x': 1, 'f': lambda self: self.x + 1})
B = type('B', (A,), {'x': 5})
print(A().f(), B().f(), B.__name__, B.__mro__[1] is A)
# --- class getitem
class Box:
    def __class_getitem__(cls, k): return f'{cls.__name__}[{k}]'
print(Box[int], Box['x'])
# --- slots
class S:
    __slots__ = ('a', 'b')
    def __init__(self): self.a = 1
s = S()
s.b = 2
print(s.a, s.b)
# --- class variables mutable
class A:
    items = []
    def add(self, x): self.items.append(x)
A().add(1)
A().add(2)
print(A.items)
class B(A): items = []
B().add(3)
print(A.items, B.items)
# --- private names
class A:
    def __init__(self): self.__x = 1
    def get(self): return self.__x
    def __hidden(self): return 'h'
    def call(self): return self.__hidden()
a = A()
print(a.get(), a.call(), a._A__x, hasattr(a, '__x'))
# --- mixins
class JsonMixin:
    def dump(self): return {k: v for k, v in sorted(vars(self).items())}
class Named:
    def __init__(self, name, **kw):
        super().__init__(**kw)
        self.name = name
class Aged:
    def __init__(self, age, **kw):
        super().__init__(**kw)
        self.age = age
class Person(JsonMixin, Named, Aged): pass
print(Person(name='a', age=3).dump())
# --- bound methods
class A:
    def f(self, x): return (self.n, x)
    def __init__(self, n): self.n = n
m = A(1).f
print(m(2), m.__self__.n, m.__name__, m.__func__ is A.f, list(map(A(3).f, [1])))
# --- method equality
class A:
    def f(self): pass
a = A()
print(a.f == a.f, a.f != A().f, A.f is A.f)
# --- operator overloading full
class Vec:
    def __init__(self, *v): self.v = v
    def __add__(self, o): return Vec(*[a + b for a, b in zip(self.v, o.v)])
    def __sub__(self, o): return Vec(*[a - b for a, b in zip(self.v, o.v)])
    def __mul__(self, k): return Vec(*[a * k for a in self.v])
    __rmul__ = __mul__
    def __matmul__(self, o): return sum(a * b for a, b in zip(self.v, o.v))
    def __getitem__(self, i): return self.v[i]
    def __len__(self): return len(self.v)
    def __eq__(self, o): return self.v == o.v
    def __neg__(self): return self * -1
    def __repr__(self): return f'Vec{self.v}'
a, b = Vec(1, 2), Vec(3, 4)
print(a + b, b - a, a * 3, 2 * a, a @ b, a[0], a[-1], len(a), a == Vec(1, 2), -a, list(a), [*b], max(a))
# --- context manager
class CM:
    def __init__(self, n, swallow=False): self.n, self.s = n, swallow
    def __enter__(self):
        print('enter', self.n)
        return self
    def __exit__(self, t, v, tb):
        print('exit', self.n, t.__name__ if t else None)
        return self.s
with CM(1) as a, CM(2) as b:
    print(a.n, b.n)
with CM(3, True):
    raise ValueError
try:
    with CM(4):
        raise KeyError('k')
except KeyError:
    print('out')
def f():
    with CM(5):
        return 'r'
print(f())
for i in range(2):
    with CM(i):
        if i == 0: continue
        break
# --- nested classes
class Outer:
    class Inner:
        v = 1
        def __repr__(self): return type(self).__qualname__
    def make(self): return self.Inner()
print(Outer().make(), Outer.Inner.v, Outer.Inner.__qualname__)
# --- attribute errors
class A: pass
for f in (lambda: A().x, lambda: A.x, lambda: (1).foo, lambda: None.bar, lambda: 'a'.zzz, lambda: [].push):
    try:
        f()
    except AttributeError as e:
        print(e)
# --- init errors
class A:
    def __init__(self, x): pass
class B: pass
for f in (lambda: A(), lambda: A(1, 2), lambda: B(1), lambda: A(y=1), lambda: object(1)):
    try:
        f()
    except TypeError as e:
        print('TypeError')
# --- super in classmethod
class A:
    @classmethod
    def make(cls): return f'A.make {cls.__name__}'
class B(A):
    @classmethod
    def make(cls): return 'B ' + super().make()
print(B.make())
# --- super property
class A:
    @property
    def v(self): return 1
class B(A):
    @property
    def v(self): return super().v + 1
print(B().v)
# --- abstract like
class Base:
    def run(self): raise NotImplementedError
class Impl(Base):
    def run(self): return 'ok'
print(Impl().run())
try:
    Base().run()
except NotImplementedError as e:
    print(type(e).__name__)
# --- class decorator
def register(cls):
    cls.tag = cls.__name__.lower()
    return cls
@register
class Foo: pass
print(Foo.tag)
# --- iterator class
class It:
    def __init__(self, n): self.i, self.n = 0, n
    def __iter__(self): return self
    def __next__(self):
        if self.i >= self.n: raise StopIteration
        self.i += 1
        return self.i
print(list(It(3)), sum(It(4)), 2 in It(3), max(It(5)), [a for a in zip(It(2), It(3))])
a, b, c = It(3)
print(a, b, c)
# --- dir and vars
class A:
    x = 1
    def f(self): pass
a = A()
a.y = 2
print([n for n in dir(a) if not n.startswith('_')], vars(a), 'f' in dir(A))
# --- class attribute lookup on type
class A:
    x = 1
a = A()
A.x = 2
print(a.x, getattr(A, 'x'), A.__dict__['x'], 'x' in a.__dict__)
setattr(A, 'y', lambda self: 'dyn')
print(a.y())
del A.x
print(hasattr(a, 'x'))
# --- isinstance after class change
class A:
    def who(self): return 'A'
class B:
    def who(self): return 'B'
a = A()
a.__class__ = B
print(a.who(), isinstance(a, B))
# --- module-like nn pattern
class Module:
    def __init__(self):
        object.__setattr__(self, '_modules', {})
        object.__setattr__(self, '_params', {})
    def __setattr__(self, n, v):
        if isinstance(v, Module): self._modules[n] = v
        else: object.__setattr__(self, n, v)
    def __getattr__(self, n):
        mods = self.__dict__.get('_modules', {})
        if n in mods: return mods[n]
        raise AttributeError(f'{type(self).__name__!r} object has no attribute {n!r}')
    def __call__(self, *a): return self.forward(*a)
    def children(self): return list(self._modules.values())
class Lin(Module):
    def __init__(self, k):
        super().__init__()
        self.k = k
    def forward(self, x): return x * self.k
class Net(Module):
    def __init__(self):
        super().__init__()
        self.a = Lin(2)
        self.b = Lin(3)
        self.n = 5
    def forward(self, x): return self.b(self.a(x)) + self.n
n = Net()
print(n(1), list(n._modules), n.a.k, [c.k for c in n.children()])
try:
    n.zzz
except AttributeError as e:
    print(e)
# --- class body execution
class A:
    l = []
    for i in range(3):
        l.append(i)
    if len(l) > 2:
        big = True
    try:
        z = 1 / 0
    except ZeroDivisionError:
        z = 'div'
    del i
print(A.l, A.big, A.z, hasattr(A, 'i'))
# --- annotations only
class A:
    x: int
    y: str = 'a'
print(hasattr(A, 'x'), A.y, list(A.__annotations__))
# --- eq without hash
class A:
    def __eq__(self, o): return True
try:
    hash(A())
except TypeError as e:
    print(e)
print(A.__hash__)
# --- subclass of exception with attrs
class MyErr(Exception):
    def __init__(self, code, msg='m'):
        super().__init__(msg)
        self.code = code
try:
    raise MyErr(5)
except MyErr as e:
    print(e, e.code, e.args, repr(e))
# --- callable instances in dict
table = {'add': lambda a, b: a + b, 'sub': int.__sub__, 'max': max}
print({k: f(5, 3) for k, f in table.items()})
# --- int methods unbound
print(int.__add__(1, 2), str.upper('a'), list.append([1], 2), dict.get({'a': 1}, 'a'), str.join('-', ['a', 'b']), int.bit_length(5), len.__name__, str.__name__)
# --- getattr on super
class A:
    def f(self): return 'A'
class B(A):
    def f(self): return getattr(super(), 'f')() + 'B'
print(B().f())
# --- multiple inheritance init order
class A:
    def __init__(self): print('A'); super().__init__()
class B:
    def __init__(self): print('B'); super().__init__()
class C(A, B):
    def __init__(self): print('C'); super().__init__()
C()
# --- class with __slots__ and property
class A:
    __slots__ = ['_x']
    def __init__(self, x): self._x = x
    @property
    def x(self): return self._x
print(A(3).x)
# --- lt only sort
class A:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v < o.v
    def __repr__(self): return str(self.v)
print(sorted([A(3), A(1), A(2)]), min(A(2), A(1)), max([A(2), A(5)]))
# --- cooperative repr
class A:
    def __init__(self, **k): self.__dict__.update(k)
    def __repr__(self): return f'{self.__class__.__name__}({", ".join(f"{k}={v!r}" for k, v in self.__dict__.items())})'
class B(A): pass
print(A(x=1, y='a'), B(z=A(q=None)))
# --- dunder class cell
class A:
    def f(self): return __class__.__name__
class B(A): pass
print(B().f())
# --- instancecheck
class M(type):
    def __instancecheck__(cls, o): return hasattr(o, 'quack')
    def __subclasscheck__(cls, c): return hasattr(c, 'quack')
class Duck(metaclass=M): pass
class D1:
    def quack(self): pass
print(isinstance(D1(), Duck), isinstance(1, Duck), issubclass(D1, Duck), issubclass(int, Duck))
# --- del method
class A:
    def __delitem__(self, k): print('del', k)
    def __setitem__(self, k, v): print('set', k, v)
    def __getitem__(self, k): return k
a = A()
del a[1]
a[1, 2] = 3
a['x'] += 'y'
