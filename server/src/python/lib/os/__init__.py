"""os: paths as text; the environment is taken as unset, files outside the sources as unknown."""
from _eco import runtime
from os import path
from os import path as _path

name = 'posix'
sep = '/'
altsep = None
extsep = '.'
pathsep = ':'
linesep = '\n'
curdir = '.'
pardir = '..'
devnull = '/dev/null'
F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1
O_RDONLY, O_WRONLY, O_RDWR, O_CREAT = 0, 1, 2, 64
error = OSError


class _Environ(dict):
    """Variables that code sets are seen; others count as unset where a default is given, as unknown text otherwise."""

    def __missing__(self, key):
        return runtime(f'environment variable {key}', 'str')

    def copy(self):
        return dict(self)


environ = _Environ()


def getenv(key, default=None):
    return environ.get(key, default)


def putenv(key, value):
    environ[key] = value


def unsetenv(key):
    environ.pop(key, None)


class PathLike:
    def __class_getitem__(cls, item):
        return cls

    @classmethod
    def __subclasshook__(cls, subclass):
        return hasattr(subclass, '__fspath__')


def fspath(p):
    if isinstance(p, (str, bytes)):
        return p
    if hasattr(type(p), '__fspath__'):
        return p.__fspath__()
    raise TypeError(f'expected str, bytes or os.PathLike object, not {type(p).__name__}')


def add_dll_directory(path):
    pass


def getcwd():
    return '.'


def cpu_count():
    return runtime('os.cpu_count()', 'int')


def sched_getaffinity(pid):
    return runtime('os.sched_getaffinity()')


def getpid():
    return runtime('os.getpid()', 'int')


def urandom(n):
    return runtime('os.urandom()')


def listdir(path='.'):
    found = _path.names(path)
    return runtime('the files of a folder') if found is None else list(found)


class DirEntry:
    def __init__(self, folder, name):
        self.name = name
        self.path = _path.join(folder, name)

    def __fspath__(self):
        return self.path

    def is_dir(self, *, follow_symlinks=True):
        return _path.isdir(self.path)

    def is_file(self, *, follow_symlinks=True):
        return _path.isfile(self.path)

    def is_symlink(self):
        return _path.islink(self.path)

    def stat(self, *, follow_symlinks=True):
        return stat(self.path)


class _Entries:
    def __init__(self, entries):
        self._entries = iter(entries)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def close(self):
        pass


def scandir(path='.'):
    found = _path.names(path)
    if found is None:
        return runtime('the files of a folder')
    return _Entries([DirEntry(fspath(path), name) for name in found])


def walk(top, topdown=True, onerror=None, followlinks=False):
    if _path.names(top) is None:
        return runtime('the files of a folder')
    return _walk(fspath(top), topdown)


def _walk(top, topdown):
    folders, files = [], []
    for name in _path.names(top):
        (folders if _path.names(_path.join(top, name)) is not None else files).append(name)
    if topdown:
        yield top, folders, files
    for name in folders:
        yield from _walk(_path.join(top, name), topdown)
    if not topdown:
        yield top, folders, files


def stat(path, **kwargs):
    return runtime('os.stat()')


def access(path, mode):
    return runtime('os.access()', 'bool')


def system(command):
    return runtime('os.system()', 'int')


def popen(command, mode='r'):
    return runtime('os.popen()')


def makedirs(name, mode=511, exist_ok=False):
    pass


def mkdir(path, mode=511):
    pass


def remove(path):
    pass


unlink = rmdir = removedirs = remove


def rename(src, dst):
    pass


replace = link = symlink = rename


def chdir(path):
    pass


def chmod(path, mode):
    pass


def kill(pid, sig):
    pass


def umask(mask):
    return 18


def getuid():
    return runtime('os.getuid()', 'int')


def uname():
    return runtime('os.uname()')


def _exit(status):
    raise SystemExit(status)
