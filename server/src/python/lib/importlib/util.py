"""importlib.util: whether modules can be found."""
from _eco import import_module as _import_module, runtime


class ModuleSpec:
    def __init__(self, name, loader=None, *, origin=None, is_package=None):
        self.name = name
        self.loader = loader
        self.origin = origin
        self.submodule_search_locations = None


def find_spec(name, package=None):
    try:
        _import_module(name)
    except ImportError:
        return None
    return ModuleSpec(name)


def spec_from_file_location(name, location=None, **kwargs):
    return runtime('a module loaded from a file')


def module_from_spec(spec):
    return runtime('a module loaded from a file')


class LazyLoader:
    pass
