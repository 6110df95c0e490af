"""Guards on symbolic sizes: sizes here are plain numbers."""


class GuardOnDataDependentSymNode(RuntimeError):
    pass


def guard_or_false(a):
    return bool(a)


def guard_or_true(a):
    return bool(a)


def guard_size_oblivious(a):
    return bool(a)


def statically_known_true(x):
    return bool(x)


def is_symbolic(val):
    return False


def free_symbols(val):
    return set()


free_unbacked_symbols = free_symbols


def is_concrete_int(a):
    return True


def is_concrete_bool(a):
    return True


def definitely_true(a):
    return bool(a)


def hint_int(a, fallback=None):
    return int(a)
