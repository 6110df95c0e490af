# --- try flow
def f(x):
    try:
        if x == 0: raise ValueError('v')
        if x == 1: return 'ret'
        if x == 2: [][0]
        return 'end'
    except ValueError as e:
        return f'caught {e}'
    except (IndexError, KeyError) as e:
        return type(e).__name__
    finally:
        print('fin', x)
print(f(0), f(1), f(2), f(3))
# --- finally overrides
def f():
    try:
        return 1
    finally:
        return 2
def g():
    for i in range(3):
        try:
            continue
        finally:
            print('f', i)
    try:
        raise ValueError
    finally:
        return 'swallowed'
print(f(), g())
# --- else
try:
    x = 1
except ValueError:
    print('no')
else:
    print('else')
finally:
    print('finally')
# --- reraise
def f():
    try:
        raise KeyError('a')
    except KeyError:
        raise
try:
    f()
except KeyError as e:
    print(e, e.args)
# --- chaining
try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise ValueError('bad') from e
except ValueError as e:
    print(e, type(e.__cause__).__name__)
try:
    try:
        {}['x']
    except KeyError:
        raise RuntimeError('r') from None
except RuntimeError as e:
    print(e, e.__cause__)
# --- hierarchy
for exc in (KeyError, IndexError, FileNotFoundError, ZeroDivisionError, UnicodeDecodeError, ModuleNotFoundError, NotImplementedError, StopIteration, RecursionError):
    print(exc.__name__, issubclass(exc, Exception), [c.__name__ for c in exc.__mro__[1:-2]])
# --- custom
class E1(Exception): pass
class E2(E1):
    def __str__(self): return 'E2 str'
for e in (E1('a'), E1('a', 1), E1(), E2('x')):
    try:
        raise e
    except E1 as got:
        print(repr(got), str(got), got.args)
# --- raise class
try:
    raise ValueError
except ValueError as e:
    print(repr(e), e.args)
# --- raise non exception
try:
    raise 5
except TypeError as e:
    print(e)
# --- except name cleared
try:
    raise ValueError('a')
except ValueError as e:
    pass
try:
    e
except NameError:
    print('cleared')
# --- uncaught
print('before')
raise RuntimeError('boom')
# --- uncaught in function
def f():
    raise KeyError('k')
f()
# --- systemexit
import sys
print('x')
sys.exit(3)
# --- nested finally order
def f():
    try:
        try:
            raise ValueError(1)
        finally:
            print('inner')
    except ValueError:
        print('handler')
    finally:
        print('outer')
f()
# --- exception in handler
try:
    try:
        raise ValueError('a')
    except ValueError:
        raise TypeError('b')
except TypeError as e:
    print(e, repr(e.__context__) if e.__context__ else None)
# --- keyerror str
try:
    {}['missing']
except KeyError as e:
    print(str(e), repr(e), e.args[0])
try:
    {}[5]
except KeyError as e:
    print(str(e), repr(e), e.args[0] + 1)
# --- lookup base
for f in (lambda: [][1], lambda: {}['a']):
    try:
        f()
    except LookupError as e:
        print(type(e).__name__)
# --- oserror args
e = OSError(2, 'No such file')
print(e.args)
# --- catch all
try:
    undefined
except Exception as e:
    print(type(e).__name__)
try:
    raise KeyboardInterrupt
except BaseException as e:
    print(type(e).__name__)
# --- except tuple variable
errs = (ValueError, TypeError)
try:
    int('x')
except errs as e:
    print('caught', type(e).__name__)
# --- with raise in exit
class CM:
    def __enter__(self): return self
    def __exit__(self, *a): raise RuntimeError('exit')
try:
    with CM():
        raise ValueError('body')
except RuntimeError as e:
    print(e)
# --- generator exception propagate
def g():
    yield 1
    raise ValueError('gen')
try:
    for x in g():
        print(x)
except ValueError as e:
    print(e)
# --- exception equality and attributes
e = ValueError('a', 2)
e.extra = 'x'
print(e.args, e.extra, str(e), isinstance(e, Exception), e == e, ValueError('a') == ValueError('a'))
# --- add_note
e = ValueError('a')
e.add_note('n1')
e.add_note('n2')
print(e.__notes__)
# --- assertion with expression
def f(shape):
    assert len(shape) == 2, f'expected 2 dims, got {len(shape)}'
    return shape
try:
    f((1, 2, 3))
except AssertionError as e:
    print(e)
# --- unhashable and iteration messages
for f in (lambda: {[1]: 2}, lambda: [x for x in 5], lambda: {**5}, lambda: (lambda a: a)(), lambda: 5(), lambda: [1, 2][1.0], lambda: 'a'[None], lambda: {}.foo, lambda: int([]), lambda: float(None), lambda: sorted(5), lambda: sum('ab'), lambda: max(1), lambda: len(1), lambda: iter(1), lambda: next([]), lambda: open, lambda: abs('a'), lambda: ord('ab'), lambda: chr(-1), lambda: range('a'), lambda: isinstance(1, 5), lambda: issubclass(1, int), lambda: getattr(1), lambda: round('a'), lambda: divmod('a', 1), lambda: zip(1), lambda: enumerate(1), lambda: set(1), lambda: dict(1), lambda: tuple(1), lambda: bytes('a'), lambda: 'a' in 5, lambda: 5 in 'a', lambda: [] < 5, lambda: -[], lambda: hash([]), lambda: str.join(1, []), lambda: ''.join(5)):
    try:
        f()
        print('ok')
    except Exception as e:
        print(type(e).__name__)
# --- return in except and finally
def f():
    try:
        raise ValueError
    except ValueError:
        return 'except'
    finally:
        print('cleanup')
print(f())
# --- loop else with exception
for i in range(2):
    try:
        if i: raise ValueError
    except ValueError:
        break
else:
    print('never')
print(i)
# --- import error
try:
    import not_a_module_xyz
except ImportError as e:
    print(type(e).__name__)
try:
    from math import nothing_here
except ImportError as e:
    print(type(e).__name__)
try:
    import flash_attn
    have = True
except (ImportError, ModuleNotFoundError):
    have = False
print(have)
# --- stopiteration value
def g():
    return 5
    yield
try:
    next(g())
except StopIteration as e:
    print(e.value)
# --- try except else return
def f(x):
    try:
        v = int(x)
    except ValueError:
        return None
    else:
        return v + 1
print(f('4'), f('q'))
# --- nested function raising through with
from contextlib import contextmanager
@contextmanager
def cm(tag):
    print('in', tag)
    try:
        yield tag
    except ValueError as e:
        print('handled', e)
    finally:
        print('out', tag)
with cm('a') as t:
    print(t)
    raise ValueError('x')
with cm('b'), cm('c'):
    print('body')
try:
    with cm('d'):
        raise KeyError('k')
except KeyError as e:
    print('outer', e)
