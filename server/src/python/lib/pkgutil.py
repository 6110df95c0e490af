"""pkgutil: configuration files beside a package are read; what else files hold is known only when the program runs."""
from _eco import import_module, runtime


def get_data(package, resource):
    module = import_module(package)
    where = module.__file__.replace('\\', '/').rsplit('/', 1)[0]
    return open(where + '/' + resource, 'rb').read()


def extend_path(path, name):
    return path


def __getattr__(name):
    return runtime(f'pkgutil.{name}')
