"""Size arguments: one number or one per dimension."""
from collections.abc import Iterable


def _tuple_of(x, n):
    if isinstance(x, Iterable):
        return tuple(x)
    return (x,) * n


def _single(x):
    return _tuple_of(x, 1)


def _pair(x):
    return _tuple_of(x, 2)


def _triple(x):
    return _tuple_of(x, 3)


def _quadruple(x):
    return _tuple_of(x, 4)


def _ntuple(n, name='parse'):
    return lambda x: _tuple_of(x, n)


def _reverse_repeat_tuple(t, n):
    return tuple([x for x in reversed(t) for _ in range(n)])


def _list_with_default(out_size, defaults):
    if isinstance(out_size, int):
        return out_size
    if len(defaults) <= len(out_size):
        raise ValueError(f'Input dimension should be at least {len(out_size) + 1}')
    return [v if v is not None else d for v, d in zip(out_size, defaults[-len(out_size):])]


def consume_prefix_in_state_dict_if_present(state_dict, prefix):
    for key in list(state_dict.keys()):
        if key.startswith(prefix):
            state_dict[key[len(prefix):]] = state_dict.pop(key)
