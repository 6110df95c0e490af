"""subprocess: what other programs answer is known only when the program runs."""
from _eco import runtime

PIPE = -1
STDOUT = -2
DEVNULL = -3


class SubprocessError(Exception):
    pass


class CalledProcessError(SubprocessError):
    pass


class TimeoutExpired(SubprocessError):
    pass


def __getattr__(name):
    return runtime(f'subprocess.{name}')
