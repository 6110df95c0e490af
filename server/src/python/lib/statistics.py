"""statistics: averages and spread."""
import math as _math


class StatisticsError(ValueError):
    pass


def _values(data):
    values = list(data)
    if not values:
        raise StatisticsError('no data points')
    return values


def mean(data):
    values = _values(data)
    total = _math.fsum(values) if any(isinstance(v, float) for v in values) else sum(values)
    result = total / len(values)
    return int(result) if not any(isinstance(v, float) for v in values) and result == int(result) else result


def fmean(data, weights=None):
    values = [float(v) for v in _values(data)]
    if weights is None:
        return _math.fsum(values) / len(values)
    return _math.fsum(v * w for v, w in zip(values, weights)) / _math.fsum(weights)


def median(data):
    values = sorted(_values(data))
    n = len(values)
    return values[n // 2] if n % 2 else (values[n // 2 - 1] + values[n // 2]) / 2


def median_low(data):
    values = sorted(_values(data))
    return values[(len(values) - 1) // 2]


def median_high(data):
    values = sorted(_values(data))
    return values[len(values) // 2]


def mode(data):
    values = _values(data)
    counts = {}
    for v in values:
        counts[v] = counts.get(v, 0) + 1
    return max(counts, key=counts.get)


def pvariance(data, mu=None):
    values = _values(data)
    m = _math.fsum(values) / len(values) if mu is None else mu
    return _math.fsum((v - m) ** 2 for v in values) / len(values)


def variance(data, xbar=None):
    values = list(data)
    if len(values) < 2:
        raise StatisticsError('variance requires at least two data points')
    m = _math.fsum(values) / len(values) if xbar is None else xbar
    return _math.fsum((v - m) ** 2 for v in values) / (len(values) - 1)


def stdev(data, xbar=None):
    return _math.sqrt(variance(data, xbar))


def pstdev(data, mu=None):
    return _math.sqrt(pvariance(data, mu))
