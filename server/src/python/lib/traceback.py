"""traceback: texts of tracebacks are known only when the program runs."""
from _eco import runtime


def format_exc(limit=None, chain=True):
    return runtime('traceback.format_exc()', 'str')


def print_exc(limit=None, file=None, chain=True):
    pass


def print_stack(*args, **kwargs):
    pass


def format_exception(*args, **kwargs):
    return [runtime('traceback.format_exception()', 'str')]


def format_stack(*args, **kwargs):
    return [runtime('traceback.format_stack()', 'str')]


def extract_stack(*args, **kwargs):
    return runtime('traceback.extract_stack()')


print_exception = print_stack
