"""importlib.resources: files beside a package. Configuration files are read, the content of others is not known."""
from _eco import import_module
from contextlib import contextmanager as _contextmanager
from pathlib import Path as _Path


def files(anchor):
    module = import_module(anchor) if isinstance(anchor, str) else anchor
    return _Path(module.__file__).parent


def _path(anchor, names):
    found = files(anchor)
    for name in names:
        found = found / name
    return found


def read_text(anchor, *names, encoding='utf-8', errors='strict'):
    return _path(anchor, names).read_text()


def read_binary(anchor, *names):
    return _path(anchor, names).read_bytes()


def open_text(anchor, *names, encoding='utf-8', errors='strict'):
    return open(str(_path(anchor, names)))


def open_binary(anchor, *names):
    return open(str(_path(anchor, names)), 'rb')


@_contextmanager
def path(anchor, *names):
    yield _path(anchor, names)


@_contextmanager
def as_file(path):
    yield path
