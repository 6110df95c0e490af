"""contextlib: context managers from generators, stacks of them, suppression."""
import abc
from functools import wraps


class AbstractContextManager(abc.ABC):
    def __enter__(self):
        return self

    @abc.abstractmethod
    def __exit__(self, exc_type, exc_value, traceback):
        return None

    @classmethod
    def __subclasshook__(cls, C):
        if cls is AbstractContextManager:
            return hasattr(C, '__enter__') and hasattr(C, '__exit__')
        return NotImplemented

    def __class_getitem__(cls, item):
        return cls


class AbstractAsyncContextManager(abc.ABC):
    async def __aenter__(self):
        return self

    async def __aexit__(self, exc_type, exc_value, traceback):
        return None


class ContextDecorator:
    def _recreate_cm(self):
        return self

    def __call__(self, func):
        @wraps(func)
        def inner(*args, **kwds):
            with self._recreate_cm():
                return func(*args, **kwds)
        return inner


class _GeneratorContextManager(ContextDecorator):
    def __init__(self, func, args, kwds):
        self.gen = func(*args, **kwds)
        self.func, self.args, self.kwds = func, args, kwds

    def _recreate_cm(self):
        return self.__class__(self.func, self.args, self.kwds)

    def __enter__(self):
        for value in self.gen:
            return value
        raise RuntimeError("generator didn't yield")

    def __exit__(self, typ, value, traceback):
        if typ is None:
            for _ in self.gen:
                raise RuntimeError("generator didn't stop")
            return False
        if value is None:
            value = typ()
        try:
            self.gen.throw(value)
        except StopIteration as exc:
            return exc is not value
        except RuntimeError as exc:
            if exc is value:
                return False
            if isinstance(value, StopIteration) and exc.__cause__ is value:
                return False
            raise
        except BaseException as exc:
            if exc is not value:
                raise
            return False
        raise RuntimeError("generator didn't stop after throw()")


class _AsyncGeneratorContextManager(_GeneratorContextManager):
    def __aenter__(self):
        return self.__enter__()

    def __aexit__(self, typ, value, traceback):
        return self.__exit__(typ, value, traceback)


def contextmanager(func):
    @wraps(func)
    def helper(*args, **kwds):
        return _GeneratorContextManager(func, args, kwds)
    return helper


def asynccontextmanager(func):
    @wraps(func)
    def helper(*args, **kwds):
        return _AsyncGeneratorContextManager(func, args, kwds)
    return helper


class closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *exc_info):
        self.thing.close()


class nullcontext:
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *excinfo):
        pass

    async def __aenter__(self):
        return self.enter_result

    async def __aexit__(self, *excinfo):
        pass


class suppress:
    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        pass

    def __exit__(self, exctype, excinst, exctb):
        return exctype is not None and issubclass(exctype, self._exceptions)


class redirect_stdout:
    def __init__(self, new_target):
        self.new_target = new_target

    def __enter__(self):
        return self.new_target

    def __exit__(self, *excinfo):
        pass


redirect_stderr = redirect_stdout


class chdir:
    def __init__(self, path):
        self.path = path

    def __enter__(self):
        pass

    def __exit__(self, *excinfo):
        pass


class ExitStack:
    def __init__(self):
        self._exits = []

    def enter_context(self, cm):
        value = type(cm).__enter__(cm)
        self._exits.append(lambda *exc: type(cm).__exit__(cm, *exc))
        return value

    def push(self, exit):
        if hasattr(type(exit), '__exit__'):
            self._exits.append(lambda *exc: type(exit).__exit__(exit, *exc))
        else:
            self._exits.append(exit)
        return exit

    def callback(self, callback, /, *args, **kwds):
        def run(*exc):
            callback(*args, **kwds)
            return False
        self._exits.append(run)
        return callback

    def pop_all(self):
        other = type(self)()
        other._exits = self._exits
        self._exits = []
        return other

    def close(self):
        self.__exit__(None, None, None)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        suppressed = False
        pending = exc
        raised = None
        while self._exits:
            run = self._exits.pop()
            try:
                if run(*pending):
                    suppressed = True
                    pending = (None, None, None)
                    raised = None
            except BaseException as e:
                pending = (type(e), e, None)
                raised = e
                suppressed = False
        if raised is not None and raised is not exc[1]:
            raise raised
        return exc[0] is not None and suppressed


AsyncExitStack = ExitStack
