"""importlib: modules by name."""
from _eco import import_module as _import_module


def import_module(name, package=None):
    if name.startswith('.'):
        if not package:
            raise TypeError(f'the package argument is required to perform a relative import for {name!r}')
        level = len(name) - len(name.lstrip('.'))
        base = package.split('.')
        if level > 1:
            base = base[:1 - level]
        rest = name[level:]
        name = '.'.join(base + ([rest] if rest else []))
    return _import_module(name)


def reload(module):
    return module


def invalidate_caches():
    pass


def __import__(name, globals=None, locals=None, fromlist=(), level=0):
    module = _import_module(name)
    return module if fromlist else _import_module(name.split('.')[0])
