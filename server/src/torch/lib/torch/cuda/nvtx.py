"""Ranges for a profiler: they mark nothing."""


def range_push(msg):
    return 0


def range_pop():
    return 0


def mark(msg):
    return None


class range:
    def __init__(self, msg, *args, **kwargs):
        pass

    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None
