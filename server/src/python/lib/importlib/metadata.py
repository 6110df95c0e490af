"""importlib.metadata: versions of installed packages are known only where the program runs."""
from _eco import import_module as _import_module, runtime


class PackageNotFoundError(ModuleNotFoundError):
    pass


def version(distribution_name):
    name = distribution_name.replace('-', '_')
    try:
        module = _import_module(name)
    except ImportError:
        raise PackageNotFoundError(distribution_name) from None
    found = getattr(module, '__version__', None)
    return found if found is not None else runtime(f'version of {distribution_name}', 'str')


def packages_distributions():
    return {}


def distributions():
    return []


def entry_points(**params):
    return []


def metadata(distribution_name):
    return runtime(f'metadata of {distribution_name}')
