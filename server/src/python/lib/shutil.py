"""shutil: nothing is copied or removed."""
from _eco import runtime


class Error(OSError):
    pass


class SameFileError(Error):
    pass


def copy(src, dst, **kwargs):
    return dst


copy2 = copyfile = copytree = move = copy


def rmtree(path, ignore_errors=False, onerror=None):
    pass


def which(cmd, mode=1, path=None):
    return runtime('shutil.which()')


def disk_usage(path):
    return runtime('shutil.disk_usage()')


def make_archive(base_name, format, *args, **kwargs):
    return base_name


def get_terminal_size(fallback=(80, 24)):
    return fallback
