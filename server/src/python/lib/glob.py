"""glob: the files on disk are known only when the program runs."""
from _eco import runtime


def glob(pathname, **kwargs):
    return runtime('the files on disk')


iglob = glob
