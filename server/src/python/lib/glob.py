"""glob over folders of the sources; whatever else is on disk is known only when the program runs."""
from _eco import runtime
import fnmatch as _fnmatch
import os.path as _path


def has_magic(text):
    return any([c in text for c in '*?['])


def escape(pathname):
    return ''.join(['[' + c + ']' if c in '*?[' else c for c in pathname])


def glob(pathname, *, root_dir=None, dir_fd=None, recursive=False, include_hidden=False):
    start = '' if root_dir is None else root_dir
    parts = pathname.split('/')
    fixed = []
    while parts and not has_magic(parts[0]):
        fixed.append(parts.pop(0))
    base = '/'.join(fixed) + ('/' if fixed and parts else '')
    if not parts:
        known = _path.exists(_path.join(start, pathname))
        return [pathname] if known is True else runtime('the files on disk')
    if _path.names(_path.join(start, base) or '.') is None:
        return runtime('the files on disk')
    return _matches(start, base, parts, recursive, include_hidden)


def _matches(start, base, parts, recursive, hidden):
    """Paths under the folder `base` (with its slash) that the parts of a pattern match."""
    first, rest = parts[0], parts[1:]
    names = _path.names(_path.join(start, base) or '.')
    if names is None:
        return []
    names = [n for n in names if hidden or first.startswith('.') or not n.startswith('.')]
    if first == '**' and recursive:
        found = _matches(start, base, rest, recursive, hidden) if rest else []
        for n in names:
            if not rest:
                found.append(base + n)
            if _path.names(_path.join(start, base + n)) is not None:
                found += _matches(start, base + n + '/', parts, recursive, hidden)
        return found
    found = []
    for n in names:
        if not _fnmatch.fnmatch(n, first):
            continue
        if not rest:
            found.append(base + n)
        elif rest == ['']:
            if _path.names(_path.join(start, base + n)) is not None:
                found.append(base + n + '/')
        else:
            found += _matches(start, base + n + '/', rest, recursive, hidden)
    return found


def iglob(pathname, **kwargs):
    return iter(glob(pathname, **kwargs))
