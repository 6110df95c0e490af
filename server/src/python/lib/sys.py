"""sys: the interpreter that the code is written for."""
from _eco import loaded_modules, runtime
from collections import namedtuple as _namedtuple

version_info = _namedtuple('version_info', 'major minor micro releaselevel serial')(3, 11, 7, 'final', 0)
version = '3.11.7 (main)'
hexversion = 51054576
api_version = 1013
platform = 'linux'
byteorder = 'little'
maxsize = 9223372036854775807
maxunicode = 1114111
executable = 'python3'
prefix = exec_prefix = base_prefix = '/usr'
argv = ['']
path = ['']
warnoptions = []
meta_path = []
path_hooks = []
builtin_module_names = ()
dont_write_bytecode = False
modules = loaded_modules()


class _Implementation:
    name = 'cpython'
    cache_tag = 'cpython-311'
    version = version_info


implementation = _Implementation()


class _FloatInfo:
    max = 1.7976931348623157e+308
    min = 2.2250738585072014e-308
    epsilon = 2.220446049250313e-16
    dig = 15
    mant_dig = 53
    max_exp = 1024
    min_exp = -1021
    max_10_exp = 308
    min_10_exp = -307
    radix = 2


float_info = _FloatInfo()


class _Flags:
    optimize = 0
    debug = 0
    interactive = 0


flags = _Flags()


class _Stream:
    encoding = 'utf-8'

    def write(self, text):
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False

    def fileno(self):
        return 1

    def read(self, *args):
        return runtime('standard input', 'str')

    def readline(self, *args):
        return runtime('standard input', 'str')

    def close(self):
        pass


class _Stdout(_Stream):
    def write(self, text):
        print(text, end='')
        return len(text)


stdout = __stdout__ = _Stdout()
stderr = __stderr__ = _Stream()
stdin = __stdin__ = _Stream()


def exit(status=None):
    raise SystemExit(status)


def exc_info():
    return (None, None, None)


def getsizeof(obj, default=None):
    return runtime('sys.getsizeof()', 'int')


def getrecursionlimit():
    return 1000


def setrecursionlimit(n):
    pass


def intern(s):
    return s


def getdefaultencoding():
    return 'utf-8'


def getfilesystemencoding():
    return 'utf-8'


def getrefcount(obj):
    return runtime('sys.getrefcount()', 'int')


def gettrace():
    return None


def settrace(f):
    pass


def _getframe(depth=0):
    return runtime('sys._getframe()')


def is_finalizing():
    return False


def audit(*args):
    pass


excepthook = None
