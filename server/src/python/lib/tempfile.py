"""tempfile: names are known only when the program runs."""
from _eco import runtime


def gettempdir():
    return '/tmp'


def mkdtemp(*args, **kwargs):
    return runtime('a temporary folder', 'str')


def mkstemp(*args, **kwargs):
    return (runtime('a file descriptor', 'int'), runtime('a temporary file', 'str'))


class TemporaryDirectory:
    def __init__(self, *args, **kwargs):
        self.name = runtime('a temporary folder', 'str')

    def __enter__(self):
        return self.name

    def __exit__(self, *exc):
        pass

    def cleanup(self):
        pass


class NamedTemporaryFile:
    def __init__(self, *args, **kwargs):
        self.name = runtime('a temporary file', 'str')

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        pass

    def write(self, data):
        return len(data)

    def read(self, *args):
        return runtime('content of a file')

    def seek(self, *args):
        pass

    def flush(self):
        pass

    def close(self):
        pass


TemporaryFile = NamedTemporaryFile
