# --- case methods
s = 'hello World'
print(s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), 'ß'.casefold(), "they're bill's".title())
# --- strip
print('  x '.strip(), 'xxabcxx'.strip('x'), 'abcba'.lstrip('ab'), 'abcba'.rstrip('ab'), '\t\n a b \n'.strip(), repr('  a'.lstrip()))
# --- split
print('a b  c'.split(), 'a,b,,c'.split(','), 'a b c d'.split(None, 2), 'a,b,c'.rsplit(',', 1), ''.split(), ''.split(','), '  a  b '.split(' '), 'a--b'.split('--'))
print('a b c d'.rsplit(None, 1), ' a b  c '.split(maxsplit=1), 'one\ntwo\r\nthree'.splitlines(), 'a\nb\n'.splitlines(True))
# --- join
print(','.join(['a', 'b']), ''.join(str(i) for i in range(5)), '-'.join('abc'), ' '.join([]))
try:
    ','.join([1])
except TypeError as e:
    print(e)
# --- find
s = 'abcabc'
print(s.find('c'), s.find('c', 3), s.rfind('c'), s.find('z'), s.index('b'), s.rindex('b'), s.count('ab'), s.count(''), s.find('', 10), s.find('a', 1, 3))
try:
    s.index('z')
except ValueError as e:
    print(e)
# --- replace
print('aaa'.replace('a', 'b'), 'aaa'.replace('a', 'b', 2), 'abc'.replace('', '-'), 'abc'.replace('x', 'y'), 'aaaa'.replace('aa', 'b'))
# --- predicates
for t in ('abc', 'ABC', 'Abc', '123', 'a1', ' ', '', 'a_b', '1a', 'é', '²', '-1', '½'):
    print(repr(t), t.isalpha(), t.isdigit(), t.isalnum(), t.isspace(), t.islower(), t.isupper(), t.istitle(), t.isidentifier(), t.isnumeric(), t.isdecimal())
# --- startswith
print('abc'.startswith('ab'), 'abc'.startswith(('x', 'a')), 'abc'.endswith('bc'), 'abc'.startswith('b', 1), 'abc'.endswith('b', 0, 2), 'abc'.startswith(''))
# --- justify
print('a'.ljust(5) + '|', 'a'.rjust(5, '*'), 'ab'.center(7, '-'), 'abc'.center(6, '-'), '42'.zfill(5), '-42'.zfill(5), '+1'.zfill(4), 'toolong'.zfill(3))
# --- partition
print('a=b=c'.partition('='), 'a=b=c'.rpartition('='), 'abc'.partition('='), 'abc'.rpartition('='))
# --- prefix suffix
print('layer.weight'.removeprefix('layer.'), 'layer.weight'.removesuffix('.weight'), 'abc'.removeprefix('x'), 'a\tb'.expandtabs(4))
# --- slicing
s = 'abcdefgh'
print(s[0], s[-1], s[2:5], s[:3], s[-3:], s[::-1], s[::2], s[1:7:3], s[10:], s[5:2], s[-100:100], s[6:1:-2])
try:
    s[10]
except IndexError as e:
    print(e)
try:
    s['a']
except TypeError as e:
    print(type(e).__name__)
# --- astral
s = 'a😀b'
print(len(s), s[1], s[::-1], s.find('b'), s.upper(), [c for c in s], s.center(5, '*'), repr(s))
# --- repetition membership
print('ab' * 3, 3 * 'ab', 'ab' * -1, 'b' in 'abc', 'x' not in 'abc', '' in 'abc', 'a' < 'b', 'abc' < 'abd', 'Z' < 'a')
# --- repr quoting
print(repr("it's"), repr('say "hi"'), repr('both \' and "'), repr('tab\tnl\n\\'), repr('\x00\x7f\xe9\u200b'))
# --- translate
t = str.maketrans('abc', 'xyz')
print('aabbcc'.translate(t), 'hello'.translate(str.maketrans({'l': 'L', 'o': None})), 'abc'.translate(str.maketrans('a', 'b', 'c')))
# --- encode
print('abc'.encode(), 'é'.encode('utf-8'), b'abc'.decode(), b'\xc3\xa9'.decode('utf8'), 'é'.encode('latin-1'))
# --- bytes
b = b'hello'
print(b, b[0], b[1:3], len(b), b + b'!', b * 2, list(b'ab'), b.hex(), bytes([1, 2, 3]), bytes(3), b'e' in b, 101 in b, b.upper(), b.startswith(b'he'), bytes.fromhex('ff00'), b == b'hello')
print(b'a,b'.split(b','), b','.join([b'x', b'y']), b'a' < b'b', b"it's")
# --- format basics
print('{} {}'.format(1, 2), '{1} {0}'.format('a', 'b'), '{a} {b}'.format(a=1, b=2), '{{}}'.format(), '{0[1]} {1.real}'.format([1, 2], 3), '{a[k]}'.format(a={'k': 'v'}))
# --- format spec ints
for spec in ('d', '5d', '<5d', '^5d', '>5d', '05d', '+d', ' d', 'b', 'o', 'x', 'X', '#x', '#b', '08b', ',', '_', '_b', 'c', 'e', '.2f', '%', '*^9', '=+6d', '012,'):
    print(spec, repr(format(65, spec)), repr(format(-1234567, spec)) if spec != 'c' else '')
# --- format spec floats
for spec in ('', 'f', '.2f', 'e', '.3e', 'g', '.3g', '.10g', '%', '.1%', '+.2f', '08.3f', ',.2f', '10.2f', '<10.2f', '^10.2f', '.0f', '#.0f', '#g', 'G', 'E', '.3', 'n'):
    print(spec, [format(x, spec) for x in (3.14159, -0.5, 1234567.891, 1e-7, 0.0, 1e20)])
# --- format special floats
print(f'{float("inf"):.2f} {float("nan"):5} {float("-inf"):F} {float("inf"):010.2f}')
# --- format half even
print(f'{0.5:.0f} {1.5:.0f} {2.5:.0f} {0.125:.2f} {0.375:.2f} {2.675:.2f} {1e15+0.5:.0f} {1.45:.1f} {123456789.5:.4g}')
# --- format strings
for spec in ('', 's', '10', '<10', '>10', '^10', '.2', '10.2', '*^10', '-<5'):
    print(repr(format('hello', spec)))
# --- nested spec
w, p = 10, 3
print(f'{3.14159:{w}.{p}f}|{"x":>{w}}|{w!r:>{p}}')
print('{:{}.{}f}'.format(3.14159, 8, 2), '{:>{w}}'.format('a', w=4))
# --- fstring forms
x = 3
d = {'k': [1, 2]}
print(f'{x}', f'{x=}', f'{x + 1 = }', f'{x!r}', f'{"a"!r}', f'{d["k"][0]}', f'{x:>3}', f'{{literal}}', f'{x if x else 0}', f'{"nested " + f"{x}"}')
print(f'{x=:>5}', f'{d=}', f'{None}', f'{1.0}', f'{[1, "a"]}', f'{"é"!a}')
# --- percent
print('%d %s %r' % (1, 'a', 'b'), '%5.2f|%-5d|%05d' % (3.14159, 42, 42), '%x %X %o' % (255, 255, 8), '%%', '%s' % None, '%s' % [1, 2], '%(a)s %(b)d' % {'a': 1, 'b': 2})
print('%e %g %G' % (12345.678, 0.00001, 1e20), '%c%c' % ('a', 98), '%+d % d' % (5, 5), '%#x' % 255, '%10s|%-10s|' % ('a', 'b'), '%.3s' % 'abcdef', '%*d' % (5, 42), '%d' % 3.9)
for f in (lambda: '%d %d' % (1,), lambda: '%d' % (1, 2), lambda: '%d' % 'a', lambda: '%s' % (), lambda: 'x' % 1):
    try:
        print(f())
    except TypeError as e:
        print(e)
# --- format errors
for f in (lambda: '{}'.format(), lambda: '{a}'.format(), lambda: format('a', 'd'), lambda: format(1, 's'), lambda: format([], '>5'), lambda: '{'.format(1), lambda: '{0} {}'.format(1, 2), lambda: format(1.5, 'd')):
    try:
        print(f())
    except (IndexError, KeyError, ValueError, TypeError) as e:
        print(type(e).__name__, e)
# --- custom format
class M:
    def __format__(self, spec): return f'M[{spec}]'
    def __str__(self): return 'M.str'
    def __repr__(self): return 'M.repr'
print(f'{M()} {M():abc} {M()!s} {M()!r}', '{:x}'.format(M()), '%s %r' % (M(), M()), str(M()), [M()])
# --- default repr
class R:
    def __repr__(self): return 'R!'
print(str(R()), f'{R()}', f'{R()!s:>5}')
try:
    f'{R():>5}'
except TypeError as e:
    print(e)
# --- str subclass
class S(str):
    def shout(self): return self.upper() + '!'
s = S('abc')
print(s, s.shout(), s == 'abc', {s: 1}['abc'], s + 'd', type(s + 'd').__name__, len(s), s[0], isinstance(s, str), 'b' in s, f'{s:>5}', S(5), sorted([S('b'), 'a']), '-'.join([s, s]), hash(s) == hash('abc'))
# --- str of containers
print(str([1, 'a', None, 1.5]), str((1,)), str({'a': [1]}), str({1}), str(set()), str(frozenset([1])), str(range(3)), str(range(0, 6, 2)), str(slice(1, 2)))
# --- recursive repr
a = [1]
a.append(a)
print(a)
d = {}
d['d'] = d
print(d)
# --- multiline and raw
print('''a
b''', r'\n', 'a' 'b', "x\
y", '\u00e9', '\x41', '\N{BULLET}' if False else '')
# --- ascii
print(ascii('é😀'), ascii("it's"))
# --- string module
import string
print(string.ascii_lowercase, string.digits, string.punctuation, string.ascii_letters[:3], string.hexdigits)
print(string.Template('$a ${b} $$').substitute(a=1, b=2), string.Template('$a $x').safe_substitute(a=1), string.capwords('a bc d'))
# --- textwrap
import textwrap
print(textwrap.dedent('''
    a
      b
    c'''))
print(textwrap.indent('a\nb\n', '> '))
print(textwrap.fill('the quick brown fox jumps over the lazy dog', 15))
print(textwrap.shorten('the quick brown fox', 12))
