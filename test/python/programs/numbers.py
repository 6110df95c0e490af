# --- int floor and mod
for a in (7, -7):
    for b in (2, -2, 3, -3):
        print(a // b, a % b, divmod(a, b))
# --- int big
print(2**53, 2**53 + 1, 2**64 - 1, 3**100)
print(2**200 // 3**50, 2**200 % 97, -(2**70) // 7, -(2**70) % 7)
print((2**53 - 1) * 3, 9007199254740993 - 1, 10**18 + 1 - 10**18)
# --- int power
print(2**10, 2**-1, (-2)**3, (-2)**-3, 0**0, 7**0, 10**15, 10**16)
print(pow(3, 20, 7), pow(2, -1, 7), pow(2, 0.5))
# --- int bits
print(5 & 3, 5 | 3, 5 ^ 3, ~5, -1 & 0xff, 1 << 40, 1 << 100, (1 << 100) >> 98, -8 >> 1, -9 >> 1)
print((255).bit_length(), (0).bit_length(), (-8).bit_length(), (7).bit_count())
# --- int division errors
for f in (lambda: 1 // 0, lambda: 1 % 0, lambda: 1 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: 0 ** -1, lambda: divmod(1, 0)):
    try:
        f()
    except ZeroDivisionError as e:
        print(type(e).__name__, e)
# --- true division
print(1 / 3, 7 / 2, -7 / 2, 6 / 3, 10**30 / 10**10, (2**100) / (2**99), 0 / 5)
# --- float repr
for x in (0.1, 1.0, 1e16, 1e15, 123456789.123, 1e-4, 1e-5, 1.5e300, 5e-324, 1/3, 100.0, -0.0, 1e22, 1.7976931348623157e308, 2.5, 123456789012345680.0):
    print(x)
print(float('inf'), float('-inf'), float('nan'))
# --- float floor mod
for a in (7.5, -7.5):
    for b in (2.0, -2.0, 0.3):
        print(a // b, a % b)
print(5.0 // 0.1, 5.0 % 0.1, divmod(5.5, 2), -0.0 % 3)
# --- float power
print(2.0**0.5, 4**0.5, 2**0.5, (-8)**(1/3), 1.0**float('inf'), (-1.0)**2, 0.0**0)
# --- mixed comparison
print(1 == 1.0 == True, 2**53 == float(2**53), 2**53 + 1 == float(2**53), 1 < 1.5 < 2, True + True, True * 3)
print(0.1 + 0.2 == 0.3, float('nan') == float('nan'), 10**20 > 1e19, -1 < False)
# --- chained comparisons
x = 5
print(1 < x < 10, 1 < x > 3, 10 > x > 7, 1 == 1 != 2)
# --- round
print([round(x) for x in (0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6)])
print(round(2.675, 2), round(1.005, 2), round(1234.5678, -2), round(1234, -2), round(1250, -2), round(1350, -2), round(5), round(2.5, 0))
print(round(1e20), type(round(2.0)), type(round(2.0, 1)), round(0.125, 2), round(-2.5))
# --- int conversion
print(int('42'), int(' -17 '), int('ff', 16), int('0xff', 16), int('0b101', 0), int('777', 8), int(3.99), int(-3.99), int(True), int('1_000'))
for bad in ('', 'abc', '1.5', '0x10', ' '):
    try:
        int(bad)
    except ValueError as e:
        print(e)
# --- float conversion
print(float('1.5'), float(' 1e3 '), float('-.5'), float(10**20), float('1_0.5'))
for bad in ('', 'x', '1.2.3'):
    try:
        float(bad)
    except ValueError as e:
        print(e)
# --- int from inf
for v in (float('inf'), float('nan')):
    try:
        int(v)
    except (OverflowError, ValueError) as e:
        print(type(e).__name__, e)
# --- complex
z = 3 + 4j
print(z, abs(z), z.real, z.imag, z.conjugate(), z * z, z / (1 - 1j), z ** 2, -z, complex('1+2j'), complex(1, 2) == 1 + 2j)
print(1j * 1j, (1+0j) == 1, complex(0, -1), 2j)
# --- abs min max sum
print(abs(-5), abs(-2.5), abs(True), min(3, 1, 2), max([1, 5, 3]), min('b', 'a'), max([], default=7), sum([1, 2, 3]), sum([0.1] * 10), sum([[1], [2]], []))
print(max([1, -3, 2], key=abs), min([(1, 'b'), (1, 'a')]), max('abc', key=lambda c: -ord(c)))
try:
    max([])
except ValueError as e:
    print(e)
# --- bases
print(bin(10), oct(64), hex(255), bin(-5), hex(2**70), chr(97), ord('a'), chr(0x1F600), ord('é'))
# --- bool arithmetic
print(True & False, True | False, True ^ True, ~True, True + 1.5, isinstance(True, int), bool(0), bool(''), bool([0]), bool(None), not 5)
# --- augmented
x = 5
x += 2; x -= 1; x *= 3; x //= 4; x **= 2; x %= 7; x <<= 3; x |= 1; x &= 0xff; x ^= 2; x >>= 1
print(x)
y = 7
y /= 2
print(y)
# --- int methods
print((10).to_bytes(2, 'big'), int.from_bytes(b'\x01\x00', 'big'), int.from_bytes(b'\x01\x00', 'little'), (5).real, (5).numerator, (5).denominator, (3).conjugate())
print((2.5).is_integer(), (2.0).is_integer(), (0.5).as_integer_ratio(), (5).as_integer_ratio())
# --- type errors
for f in (lambda: 1 + 'a', lambda: 'a' + 1, lambda: [1] + (2,), lambda: None + 1, lambda: {} - {}, lambda: 'a' * 'b', lambda: 1 < 'a', lambda: [1] < 1, lambda: -'a', lambda: ~1.5, lambda: len(5), lambda: {}[[]]):
    try:
        f()
    except TypeError as e:
        print(e)
# --- dunder arithmetic
class V:
    def __init__(self, x): self.x = x
    def __add__(self, o): return V(self.x + (o.x if isinstance(o, V) else o))
    def __radd__(self, o): return V(o + self.x)
    def __mul__(self, k): return NotImplemented if isinstance(k, str) else V(self.x * k)
    def __rmul__(self, k): return V(k * self.x)
    def __neg__(self): return V(-self.x)
    def __abs__(self): return abs(self.x)
    def __eq__(self, o): return isinstance(o, V) and self.x == o.x
    def __lt__(self, o): return self.x < o.x
    def __repr__(self): return f'V({self.x})'
    def __index__(self): return self.x
    def __bool__(self): return self.x != 0
    def __floordiv__(self, o): return ('fd', o)
    def __divmod__(self, o): return ('dm', o)
    def __pow__(self, o, m=None): return ('pow', o)
    def __matmul__(self, o): return 'mm'
    def __round__(self, n=None): return ('round', n)
v = V(3)
print(v + 1, 1 + v, v + v, v * 2, 2 * v, -v, abs(V(-2)), v == V(3), v != V(3), V(1) < V(2), V(2) > V(1), sum([V(1), V(2)]))
print(v // 2, divmod(v, 2), v ** 2, v @ v, round(v), round(v, 1), [10, 20, 30, 40][v], range(10)[v], hex(V(255)), bool(V(0)))
try:
    v * 'a'
except TypeError as e:
    print(e)
# --- reflected priority
class A:
    def __add__(self, o): return 'A.add'
    def __radd__(self, o): return 'A.radd'
class B(A):
    def __radd__(self, o): return 'B.radd'
class C(A):
    pass
print(A() + B(), A() + C(), B() + A(), 1 + A(), A() + A())
# --- inplace dunder
class Acc:
    def __init__(self): self.log = []
    def __iadd__(self, x):
        self.log.append(x)
        return self
    def __add__(self, x): return 'add'
a = Acc()
a += 1
a += 2
print(a.log, a + 1)
# --- comparison fallback
class P:
    def __init__(self, v): self.v = v
    def __le__(self, o): return self.v <= o.v
    def __ge__(self, o): return self.v >= o.v
print(P(1) <= P(2), P(2) >= P(3))
try:
    P(1) < P(2)
except TypeError as e:
    print(e)
print(P(1) == P(1), P(1) != P(1))
# --- eq returns notimplemented
class E:
    def __eq__(self, o): return NotImplemented
a, b = E(), E()
print(a == b, a == a, a != b, a == 1)
# --- int subclass
class MyInt(int):
    def __repr__(self): return f'MyInt({int(self)})'
    def double(self): return MyInt(self * 2)
m = MyInt(5)
print(m, m + 1, type(m + 1), m.double(), m == 5, hash(m) == hash(5), {m: 'x'}[5], isinstance(m, int), [1, 2, 3, 4, 5, 6][m], range(m), m > 3, int(m), f'{m:04d}', MyInt('7'))
# --- float subclass
class F(float):
    pass
f = F(2.5)
print(f, f + 1, f * 2, type(f).__name__, f == 2.5, round(f), int(f), isinstance(f, float))
# --- str number formatting basics
print(str(1.0), str(10**20), str(1e100), repr(1.1), str(True), str(None), str(1j))
# --- huge shifts and hash
print(hash(1) == hash(1.0) == hash(True), hash('a') == hash('a'), hash((1, 2)) == hash((1, 2)), hash(2**61 - 1), hash(-1))
# --- numeric tower isinstance
import numbers
print(isinstance(1, numbers.Number), isinstance(1.5, numbers.Real), isinstance(1, numbers.Integral), isinstance(1.5, numbers.Integral), isinstance(1j, numbers.Complex), isinstance('a', numbers.Number), isinstance(True, numbers.Integral))
