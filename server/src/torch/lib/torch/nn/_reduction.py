"""The older spelling of `reduction`."""


def legacy_get_string(size_average, reduce, emit_warning=True):
    if reduce is not None and not reduce:
        return 'none'
    return 'sum' if size_average is not None and not size_average else 'mean'


def get_enum(reduction):
    if reduction not in ('none', 'mean', 'sum', 'elementwise_mean'):
        raise ValueError(f'{reduction} is not a valid value for reduction')
    return {'none': 0, 'sum': 2}.get(reduction, 1)
