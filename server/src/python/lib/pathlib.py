"""pathlib: paths as text; folders of the sources are there, whatever else is on disk is unknown."""
from _eco import folder, runtime
import fnmatch as _fnmatch
import os.path as _path


class PurePath:
    def __init__(self, *parts):
        text = _path.join(*[str(p) for p in parts]) if parts else '.'
        cleaned = [p for p in text.split('/') if p not in ('', '.')]
        self._root = '/' if text.startswith('/') else ''
        self._parts = cleaned

    @property
    def parts(self):
        return ((self._root,) if self._root else ()) + tuple(self._parts)

    @property
    def name(self):
        return self._parts[-1] if self._parts else ''

    @property
    def suffix(self):
        name = self.name
        i = name.rfind('.')
        return name[i:] if 0 < i < len(name) - 1 else ''

    @property
    def suffixes(self):
        name = self.name
        if name.endswith('.'):
            return []
        return ['.' + s for s in name.lstrip('.').split('.')[1:]]

    @property
    def stem(self):
        name = self.name
        i = name.rfind('.')
        return name[:i] if 0 < i < len(name) - 1 else name

    @property
    def parent(self):
        return self if not self._parts else self.__class__(self._root + '/'.join(self._parts[:-1]) or '.')

    @property
    def parents(self):
        found = []
        path = self
        while path._parts:
            path = path.parent
            found.append(path)
        return found

    @property
    def anchor(self):
        return self._root

    root = anchor
    drive = ''

    def joinpath(self, *others):
        return self.__class__(self, *others)

    def __truediv__(self, other):
        return self.__class__(self, other)

    def __rtruediv__(self, other):
        return self.__class__(other, self)

    def __str__(self):
        return self._root + '/'.join(self._parts) or '.'

    def __fspath__(self):
        return str(self)

    def __repr__(self):
        name = 'PosixPath' if isinstance(self, Path) else 'PurePosixPath'
        return f'{name}({str(self)!r})'

    def __eq__(self, other):
        if not isinstance(other, PurePath):
            return NotImplemented
        return self.parts == other.parts

    def __lt__(self, other):
        return self.parts < other.parts

    def __hash__(self):
        return hash(self.parts)

    def as_posix(self):
        return str(self)

    def as_uri(self):
        return f'file://{self}'

    def is_absolute(self):
        return self._root == '/'

    def is_relative_to(self, *other):
        base = self.__class__(*other).parts
        return self.parts[:len(base)] == base

    def relative_to(self, *other):
        base = self.__class__(*other)
        if not self.is_relative_to(base):
            raise ValueError(f'{str(self)!r} is not in the subpath of {str(base)!r}')
        return self.__class__(*self.parts[len(base.parts):])

    def with_name(self, name):
        if not self.name:
            raise ValueError(f'{self!r} has an empty name')
        return self.parent / name

    def with_suffix(self, suffix):
        if suffix and not suffix.startswith('.'):
            raise ValueError(f'Invalid suffix {suffix!r}')
        return self.parent / (self.stem + suffix)

    def with_stem(self, stem):
        return self.parent / (stem + self.suffix)

    def match(self, pattern):
        from fnmatch import fnmatch
        return fnmatch(self.name, pattern.split('/')[-1])


class Path(PurePath):
    @classmethod
    def cwd(cls):
        return cls('.')

    @classmethod
    def home(cls):
        return cls('~')

    def expanduser(self):
        return self

    def resolve(self, strict=False):
        return self.__class__(_path.normpath(str(self)))

    def absolute(self):
        return self if self._root else self.__class__('/', self)

    def exists(self):
        return self._listed() or runtime('whether a file exists', 'bool')

    def _listed(self):
        names = folder(str(self.parent))
        return names is not None and self.name in names

    def is_dir(self):
        return True if folder(str(self)) is not None else runtime('whether a file exists', 'bool')

    def is_file(self):
        if folder(str(self)) is not None:
            return False
        return self._listed() or runtime('whether a file exists', 'bool')

    def is_symlink(self):
        return runtime('whether a file exists', 'bool')

    def stat(self):
        return runtime('Path.stat()')

    def iterdir(self):
        return self.glob('*')

    def glob(self, pattern):
        names = folder(str(self))
        if names is None or '/' in pattern or '**' in pattern:
            return runtime('the files of a folder')
        return iter([self / n for n in names if _fnmatch.fnmatch(n, pattern)])

    def rglob(self, pattern):
        return runtime('the files of a folder')

    def open(self, mode='r', *args, **kwargs):
        return open(str(self), mode)

    def read_text(self, encoding=None, errors=None):
        with open(str(self)) as f:
            return f.read()

    def read_bytes(self):
        with open(str(self), 'rb') as f:
            return f.read()

    def write_text(self, data, *args, **kwargs):
        return len(data)

    def write_bytes(self, data):
        return len(data)

    def mkdir(self, mode=511, parents=False, exist_ok=False):
        pass

    def rmdir(self):
        pass

    def unlink(self, missing_ok=False):
        pass

    def touch(self, mode=438, exist_ok=True):
        pass

    def rename(self, target):
        return self.__class__(target)

    replace = rename


PosixPath = Path
PurePosixPath = PurePath


class PureWindowsPath(PurePath):
    pass


class WindowsPath(Path):
    pass
