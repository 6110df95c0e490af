"""typeguard: run-time type checks, which change no shapes."""


class TypeCheckError(Exception):
    pass


def typechecked(target=None, **kwargs):
    return target if target is not None else lambda f: f


def check_type(value, expected_type, **kwargs):
    return value


def install_import_hook(*args, **kwargs):
    pass
