"""time: clocks are known only when the program runs."""
from _eco import runtime


def time():
    return runtime('time.time()', 'float')


def perf_counter():
    return runtime('time.perf_counter()', 'float')


def monotonic():
    return runtime('time.monotonic()', 'float')


def process_time():
    return runtime('time.process_time()', 'float')


def thread_time():
    return runtime('time.thread_time()', 'float')


def time_ns():
    return runtime('time.time_ns()', 'int')


def perf_counter_ns():
    return runtime('time.perf_counter_ns()', 'int')


def monotonic_ns():
    return runtime('time.monotonic_ns()', 'int')


def sleep(secs):
    pass


def strftime(format, t=None):
    return runtime('time.strftime()', 'str')


def ctime(secs=None):
    return runtime('time.ctime()', 'str')


def asctime(t=None):
    return runtime('time.asctime()', 'str')


def localtime(secs=None):
    return runtime('time.localtime()')


def gmtime(secs=None):
    return runtime('time.gmtime()')


def mktime(t):
    return runtime('time.mktime()', 'float')


def strptime(string, format=''):
    return runtime('time.strptime()')


timezone = 0
tzname = ('UTC', 'UTC')
