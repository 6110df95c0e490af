# --- expressions 1
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show((None) is ('aaa'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) ^ (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(0.1, -2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((5e-324) ** (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10) << (70))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) ** (-2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((5e-324) < (False))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) >= (1e16))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(1, -3, -5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5').rsplit(None,1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e15+0.3) ** (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3.14159) == (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([])[:-1:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(divmod(-3, 1e15+0.3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%+.2e' % ((1,2),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a').isdigit())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2) / (2**53+1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((123456.789) // (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(10, 10, 3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0) >= (99.995))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World') - ((1,(2,3))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1) << (70))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%d' % ({1:2,2.0:3},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc') <= ({1:2,2.0:3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) << (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) ** (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z').rjust(5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((float("inf")) >= (5e-324))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1) & (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-3) >= (2**53+1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(tuple(1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((False) ** (-2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-256, 'E'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(0.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c').isdigit())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(divmod(2.5, 2.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('layer.0.w').isdigit())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,))[-9:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(float(frozenset({1,2})))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((()) >= (3.14159))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format((), 'g'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(abs({1,2,3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(-2**31, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World') % (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(str([3,1,2]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(type(("a",1)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1,2,3}) % (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('  x y ').zfill(6))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC').strip())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(divmod(10, 2.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%f' % ('aaa',))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC').isupper())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-2**31, '^7'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3.14159) < (123456.789))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0) != (-2.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('aaa', '^7'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(divmod(-0.0, 3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(repr({1:2,2.0:3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({}) >= ({1:2,2.0:3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(3.14159, None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((False) % (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%.3g' % (None,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(ascii((1,(2,3))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e300) + (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1) ** (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(hex({"a":1}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e-7) >= (10**20))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('x'*5) in ('  x y '))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-0.0) % (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((float("inf")) % (255))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 2
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show(('a,b,,c')[0:9:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e16) ** (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2**53+1, 'e'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World').capitalize())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) * (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53+1) ^ (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) + (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-1.5, 'd'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(1e15+0.3, '=+8'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**63) << (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1e22) // (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0) == (2**53))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.0) / (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('ABC', 'g'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**31) / (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(hex({1}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1000) | (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((True) ** (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({}) & ({}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((123456.789) / (-2**63))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10) >> (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.5) // (3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('aaa', 'E'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(0, 10, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a"}) > ({}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**31) ** (3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z').strip())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(complex({"a"}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) == (5e-324))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**63) & (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2, '+'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((frozenset({1,2})) & ('ABC'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([True,None]) <= (frozenset({1,2})))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(enumerate(()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1) ** (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) % (0.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2.0, '+'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53+1) != (-1e22))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z').isalpha())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a"}) | (99.995))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1}) != ([1.5,2]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%.2s' % ({"a":1,"b":[2]},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((())[0:-1:-2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.0) + (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%c' % ({"a":1,"b":[2]},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**31) - (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('x'*5).rsplit(None,1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((list(range(10)))[3:0:-2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1e22) + (3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([1.5,2]) + ({1}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) | (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) != (()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(-0.0, -2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC') / ((1,)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) < (list(range(10))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53+1) // (3.14159))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('-5', '#.3g'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(1/3, 'n'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) ** (3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(-3, 0, 7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(any('123'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc').rjust(5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(chr({}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('').replace("a","bb"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('x'*5)[0::2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2) | (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((True) ^ (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53) ** (3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((123456.789) - (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(["b","a"], '>6'))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 3
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show((-256) & (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53+1) ** (-0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.5) % (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(7, -2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%r' % ([[1],[2]],))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(123456.789, ','))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) // (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((255) / (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c').join(["1","2"]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(sorted(("a",1)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%.1f' % ([1,2,3,4,5],))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((123456.789) + (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) % (frozenset({1,2})))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10) ^ (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%#o' % ([1,2,3,4,5],))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) | (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) == (-2.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(list({1,2,3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(set(1e15+0.3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) >= (3.14159))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format({1:2,2.0:3}, ','))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((set()) + (list(range(10))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e15+0.3) != (False))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e16) != (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format([[1],[2]], '*^9'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(0.0, '-8.2f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(hex(None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2**31, '+'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(bin(["b","a"]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((123456.789) // (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**63) + (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-0.0) ** (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) / ('Hello World'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%i' % ([1,2,3,4,5],))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c').partition("l"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round('a,b,,c'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(bool([3,1,2]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc')[1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(-1, 2, -5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) + (2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(len([]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1,2,3}) is (()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((float("inf")) ** (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.0) * (2**53))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc')[-9:9:-2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) & (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) % (3.14159))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((99.995) // (2**53+1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2) // (2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(list({1:2,2.0:3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a') == ((1,2)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) | (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.045) / (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) % ('abc'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) == (()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.0) * (-1.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e-7) ** (-0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%5d' % (("a",1),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) % (("a",1)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('123').expandtabs())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**31) != (2**53+1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('', '.0f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53+1) >= (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1000) | (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(enumerate(2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) + (-1.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1,2,3}) & ('abc'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**63) == (False))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53+1) / (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(set(3**50))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 4
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show((False) != (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10) | (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,2)) % (3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) % (0.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,2)) % (set()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.5) ** (3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('a', '.1%'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1,2,3}) <= ('-5'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('tab\tx', '.2f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('aaa').isalnum())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(0.1, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((["b","a"]) / ({1,2,3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) + (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((range(2,20,3))[:-1:-2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('123').title())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) & (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e-7) * (1e-7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,)) / ((1,)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%10s' % (frozenset({1,2}),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(-1e22, 2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z').rjust(5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%.1f' % (None,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((False) ** (-2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC').swapcase())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.5) != (2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,)) - ((1,(2,3))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) / (1000))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) * (False))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('  x y ', ',.2f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1) << (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) - (("a",1)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2**53+1, ','))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([1.5,2])[-9::2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('  x y ') + ((1,2)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([1]) % ({"a"}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([1.5,2]) + ({1}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) // (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc').encode())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1.5) - (1000))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e-7) ** (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2) >> (70))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('aaa')[0:2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a').split("a",1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(divmod(-2**63, float("inf")))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**31) >= (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%.2s' % ({1},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%.1f' % ({1:2,2.0:3},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(bool('é😀z'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((frozenset({1,2})) & ('  x y '))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(3**50, 'G'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1000) + (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(3**50, '012,'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) + (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('a', ','))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1.5) - (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3.14159) + (-2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(len({"a":1,"b":[2]}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%8.3f' % ('',))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc').isdigit())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1) - (1e16))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**31) | (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-3) ** (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c').splitlines())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World').isalpha())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) >> (3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,(2,3)))[0:9])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(-1, -2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World').istitle())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(255, '#x'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(123456.789, '.10'))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 5
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show((-256) // (1e-7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('x'*5) != (set()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%g' % ({"a"},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%5d' % (frozenset({1,2}),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) % (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([[1],[2]])[3:0:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5') / ('aaa'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.0) ** (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2.5) // (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a').splitlines())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(divmod(-3, 1e15+0.3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e300) // (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((255) ^ (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((99.995) != (2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-256, '#x'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(255, 'n'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.5) % (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((()) <= ([True,None]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('  x y ').center(9,"*"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((list(range(10))) & ({}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([1]) not in (("a",1)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(10, '10.3f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1.5) + (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1e22) % (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10) >= (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((frozenset({1,2})) <= ({1,2,3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%-5d|' % (None,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1,2,3}) is (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(tuple('é😀z'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(any(("a",1)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e300) != (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format({"a":1,"b":[2]}, 'c'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(set(), 'e'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%f' % ((1,2),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-3) // (-0.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(255, 10, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10) % (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-1, 'c'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(-1, None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((frozenset({1,2})) % ({1,2,3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC') | ([True,None]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(float("inf"), '.10'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) ^ (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,(2,3))) / (frozenset({1,2})))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**63) + (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1) & (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a":1}) >= ('Hello World'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) << (70))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(10**20, 0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.5) - (1e16))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(-2**63, None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(float(1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc').title())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.0) + (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('', 'e'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([1,2,3,4,5]) % ('-5'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((123456.789) / (2.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,))[-9:9:2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('tab\tx', '.2f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%s' % ('a',))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2.5) ** (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) / ({"a":1,"b":[2]}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(2.0, -1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(0, 255, 3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc') >= ('abc'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((255) ^ (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1,2,3}) + ({}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('ABC', '.0f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((False) & (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.045) != (-1.5))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 6
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show(format(float("inf"), '%'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53+1) + (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) ^ (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) is (list(range(10))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e16) / (3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('123', '.3e'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(1e-7, 'G'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC').removeprefix("a"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%+.2e' % ({"a":1,"b":[2]},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('  x y ')[:2:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%5d' % (1000,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((99.995) / (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) & (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((list(range(10))) / (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) % (3.14159))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5')[1:0])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((())[::-2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%g' % ([1],))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(min((1,(2,3))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(ord({"a"}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(set(()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((list(range(10)))[3::1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-0.0, '%'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(99.995, '5'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) | (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((99.995) * (3.14159))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,2)) <= ({"a"}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e300) >= (99.995))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('a', '=+8'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c').partition("l"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('aaa').title())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('123').strip())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((["b","a"]) not in (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z').zfill(6))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('tab\tx').index("a"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e15+0.3) ** (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e-7) + (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53) >> (70))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) ^ (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('  x y ') >= ({"a":1,"b":[2]}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.0) ** (-0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('123').isupper())
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%i' % (set(),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.045) // (-2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**63) == (2.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(1e-7, 'e'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(min(2**53))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC')[:9:2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('tab\tx').isupper())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((True) | (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((99.995) * (-2**63))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(1e15+0.3, None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(float("inf"), '08'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(0.1, '>6'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.5) ** (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('x'*5).replace("a","bb"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([True,None]) in ('abc'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) ** (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('  x y ').lower())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) >= (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**31) | (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5')[-2:9:2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-2**63, ','))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(enumerate(None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(set(None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a').ljust(4,"-"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(-0.0, 0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) + (set()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2) / (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) * (0))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 7
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show((3**50) + (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('tab\tx') + (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(chr([True,None]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format([1,2,3,4,5], '5'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%5d' % (frozenset({1,2}),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((frozenset({1,2})) <= ((1,(2,3))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-1, '*^9'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC').swapcase())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1e22) == (99.995))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a').casefold())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World').istitle())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.5) * (False))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(ascii(None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5') / (set()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((["b","a"])[-9::1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z') % ('  x y '))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z').rsplit(None,1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(1e16, 5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%G' % (("a",1),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({}) >= ({"a":1}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e15+0.3) ** (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((()) not in (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a":1,"b":[2]}) + ('Hello World'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c')[0])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(False, '>6'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3.14159) / (1000))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e300) % (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([[1],[2]]) > (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('aaa')[3::-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(abs({1:2,2.0:3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e15+0.3) + (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('aaa').strip())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a"}) == (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.045) * (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.5) % (1e16))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1}) not in ((1,2)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**63) ^ (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((False) ^ (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(-1.5, 2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) % (1e-7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5').casefold())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,2))[0])
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%d' % ('Hello World',))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(7, '<6'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%.2s' % (False,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1/3) < (1e300))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.0) // (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC').rsplit(None,1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) >> (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) | (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([3,1,2])[0])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5').split(","))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(123456.789, -1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.045) - (1000))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((()) < (frozenset({1,2})))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**31) // (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1000) / (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.5) / (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(chr((1,(2,3))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a":1}) - (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('Hello World', '.3e'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({}) + ([1,2,3,4,5]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**63) // (3.14159))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) ^ (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.0) != (2.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) * (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('layer.0.w')[0:2:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('').rjust(5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((frozenset({1,2})) != (list(range(10))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World').rsplit(None,1))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 8
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show(round(1e15+0.3, 2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('').replace("a","bb"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%.2s' % (float("inf"),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c')[0:-1:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-0.0, 'x'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((()) % (2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('aaa').title())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((255) < (5e-324))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(1e300, '.1%'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**31) // (False))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**31) & (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([])[-2::1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) << (40))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((set()) & ({"a":1}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format({1}, '=+8'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**31) / (2.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(len([3,1,2]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%i' % (None,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-0.0) < (1000))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3.14159) ** (-0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1) + (-0.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(3.14159, '_'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) % (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((float("inf")) ** (-2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) + (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(5e-324, '=+8'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World').split(","))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(chr(None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.045) != (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) == ({"a":1,"b":[2]}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2.0, ''))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((255) - (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c')[:2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([1]) in ({"a":1,"b":[2]}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(type((1,(2,3))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((99.995) - (False))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) & (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,(2,3)))[0:-1:2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(10, 5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((99.995) == (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a') > (()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc') not in ('tab\tx'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1) % (3.14159))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) * (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((False) | (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC').removeprefix("a"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5').title().swapcase())
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%.2s' % ({1},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(0.5, 5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('x'*5)[1:9])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(type({1:2,2.0:3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(divmod(2**53, -0.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c').strip())
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%-5d|' % (("a",1),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10) < (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(2, -1, 7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(True, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%d' % (0.045,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({}) & ({}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2.0, '5'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World').casefold())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(divmod(True, -3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a').isnumeric())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) + ([1,2,3,4,5]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.0) ** (3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(min([True,None]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**31) >> (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('ABC').title().swapcase())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3.14159) + (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((True) ^ (-1))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 9
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show(([1,2,3,4,5])[3:-1:1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((list(range(10))) != (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%i' % ({},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a')[-9:0:1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5').split("a",1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) ** (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('aaa')[3])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a')[-9:2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%d' % ([1],))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('x'*5).split("a",1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((True) * (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e-7) % (list(range(10))))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%10s' % (None,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((float("inf")) ** (-0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,(2,3))) == ('tab\tx'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World') % ([1.5,2]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('').encode())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(abs([[1],[2]]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format({}, 'g'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2.5) ** (3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(123456.789, '.0f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z').strip())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2, '.3e'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.045) / (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) * (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) ** (-0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1000) / (2**53+1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(float("inf"), 'F'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((False) >= (-1e22))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('  x y ').count("a"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(max({"a":1}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format({1:2,2.0:3}, '<6'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(1e16, -2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%+d' % (0.1,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%05d' % ({},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('x'*5).partition("l"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(ascii([True,None]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) == (3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1.5) / (-2**63))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) / (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53) & (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([3,1,2]) / ({1,2,3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(enumerate(None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%10s' % (255,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-3) | (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0) ^ (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format({1}, 'b'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World').lower())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) // (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2**31, '.1%'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(min('tab\tx'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(3.14159, 5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53) + (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%x' % ({1:2,2.0:3},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((5e-324) % (10**20))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((False) | (-3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('ABC', '-8.2f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(10, 255, 3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**63) / (2**53+1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format((1,(2,3)), 'b'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.0) < (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(list(set()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([])[0:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%e' % (None,))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c')[-2:9])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c')[0:9:2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([]) & ((1,)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((frozenset({1,2})) % ({"a"}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(-3, 10, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1}) <= (7))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 10
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show(('a')[-2::1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((frozenset({1,2})) / ([1]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z') & ({}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e300) / (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((99.995) * (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1/3) / ({}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) ** (-0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) is (''))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((False) + (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((123456.789) >= (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a":1,"b":[2]}) >= ({1:2,2.0:3}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('')[1:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1e22) % (3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2.5) == (float("inf")))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a":1,"b":[2]}) != ([3,1,2]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) & ({"a":1}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e15+0.3) ** (-0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**63) + (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) | (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%c' % (list(range(10)),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(len(set()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1000) // (1000))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format([], '>6'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) != (123456.789))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%.3g' % ({1:2,2.0:3},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,(2,3)))[:2:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-3, '.0f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(ord((1,2)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((99.995) // (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-3) >= (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('aaa').isdigit())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World')[3:-1:1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,2)) == ([[1],[2]]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c').zfill(6))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e-7) - (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc').splitlines())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,)) != ('ABC'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round('x'*5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(None, '>6'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([])[::1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(0, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc').index("a"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(123456.789, '+.1f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%g' % ('tab\tx',))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((255) * (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%x' % ('layer.0.w',))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) ^ (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((set()) & (()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(True, '%'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format((1,(2,3)), ''))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) / (set()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5')[-9:9:1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(7, 10, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) != (2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1000) + (-2**63))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('aaa', '_'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(any(''))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(list('Hello World'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(sum((1,)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2.5) / (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(99.995, 5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2) + (-0.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('abc').title())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c')[:2:-2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e16) + (2.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53) ^ (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) not in (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format((1,(2,3)), 'c'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**31) ^ (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(1e15+0.3, -1))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 11
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show(abs({1}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World').partition("l"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(-3, 1, -5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(-1e22, None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z')[-2::2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0) >= (123456.789))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({}) not in ('a'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2.0, '010.4f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(5e-324, 'x'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(10, 255, -5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a":1,"b":[2]}) + (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(3.14159, 2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) >= (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%-5d|' % ([1],))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) & (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%c' % ((1,(2,3)),))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2) != (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e16) - (3.14159))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format({"a":1,"b":[2]}, '>6'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2) // (2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0) % (-2**63))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a":1}) | ('layer.0.w'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-1) == (-1e22))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-3) % (-2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1/3) - (3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e15+0.3) - (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('', ',.2f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(7, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('tab\tx') not in ([]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((255) | (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1/3) ** (-2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10) | (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([1]) - ((1,2)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.045) == (2.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('layer.0.w').upper())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('x'*5).title().swapcase())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World')[1:9:2])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e15+0.3) * (2.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('aaa').istitle())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53+1) ** (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format({"a":1,"b":[2]}, '.10'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([1.5,2])[3:2:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) & (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3.14159) ** (-0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(set(0.045))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((float("inf")) * (-2**63))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1,2,3}) | (["b","a"]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-0.0) * (1000))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**53) >> (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1) | (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) + (3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('layer.0.w').endswith(("c","d")))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((3**50) & (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1000) // (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(divmod(10**20, 1e15+0.3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.045) - (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(7, '>6'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(False, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(2.0, ',.2f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(0.0, 5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z')[3:0])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2) + (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(divmod(-3, 5e-324))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(False, '.3e'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c').title())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e16) / (2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(99.995, '.2f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.5) + (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((None) - ({}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('', 's'))
except Exception as ex:
    print(type(ex).__name__)
# --- expressions 12
def show(v):
    print(sorted(map(repr, v)) if isinstance(v, (set, frozenset)) else repr(v) if " object at 0x" not in repr(v) else type(v).__name__)
try:
    show(format([], '10.3f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-256) % (-1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a,b,,c').split())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(2, 0, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(float("inf"), '5'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(enumerate((1,2)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1,2,3}) == (1e-7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(-3, 1, 1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,(2,3))) > (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('123', 'e'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(2.0, -2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1000) + (7))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(ord(3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('layer.0.w').lstrip("a "))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((7) != (2**53))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((float("inf")) % (False))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(sum(None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2**31) & (2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(str((1,2)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((99.995) + (2.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.5) == (-1e22))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('-5').capitalize())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.5) % (3.14159))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,2)) % ({"a":1,"b":[2]}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%s' % ({1:2,2.0:3},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(3.14159, '010.4f'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%G' % ({},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) % (-0.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(sorted(set()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({}) % (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('a').istitle())
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.045) % (0.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World').removeprefix("a"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((5e-324) ** (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('')[1:-1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((255) + (2.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(pow(-1, 2, 3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(repr(set()))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(0.5, 'e'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((False) != (1/3))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(5e-324, None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('x'*5).upper())
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1,2,3}) > (None))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((1e16) == (2.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format('x'*5, 'b'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('aaa').isidentifier())
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%x' % ({"a"},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(format(-1e22, '<6'))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2) ** (-2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-3) != (float("inf")))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,))[0::1])
except Exception as ex:
    print(type(ex).__name__)
try:
    show((2**31) ** (0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('é😀z') / (("a",1)))
except Exception as ex:
    print(type(ex).__name__)
try:
    show('%+.2e' % ({"a":1,"b":[2]},))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('Hello World') in ({"a":1}))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(('tab\tx').removeprefix("a"))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(type(-2**31))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((10**20) | (255))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((255) & (-256))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) + (2**53+1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(([1.5,2]) < (5e-324))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((float("inf")) ** (True))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) % (3**50))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(round(-1, -2))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((0.1) - (10))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,(2,3))) not in (-0.0))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(((1,)) % (1))
except Exception as ex:
    print(type(ex).__name__)
try:
    show((-2.5) < (2.5))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({1:2,2.0:3}) / ([[1],[2]]))
except Exception as ex:
    print(type(ex).__name__)
try:
    show(({"a"}) != ((1,2)))
except Exception as ex:
    print(type(ex).__name__)
