"""atexit: the end of the program is not reached."""


def register(func, *args, **kwargs):
    return func


def unregister(func):
    pass
