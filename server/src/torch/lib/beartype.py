"""beartype: run-time type checks, which change no shapes."""


class BeartypeConf:
    def __init__(self, **kwargs):
        pass


def beartype(obj=None, conf=None, **kwargs):
    return obj if obj is not None else lambda f: f


def beartype_this_package(conf=None):
    pass
