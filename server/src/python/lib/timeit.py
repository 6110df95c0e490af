"""timeit: durations are known only when the program runs."""
from _eco import runtime


def default_timer():
    return runtime('timeit.default_timer()', 'float')


def timeit(*args, **kwargs):
    return runtime('timeit.timeit()', 'float')


repeat = timeit


class Timer:
    def __init__(self, *args, **kwargs):
        pass

    def timeit(self, number=1000000):
        return runtime('timeit.Timer', 'float')
