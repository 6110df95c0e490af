"""Named results of operators; instances come from the native side."""
from collections import namedtuple

max = namedtuple('max', ['values', 'indices'])
min = namedtuple('min', ['values', 'indices'])
topk = namedtuple('topk', ['values', 'indices'])
sort = namedtuple('sort', ['values', 'indices'])
median = namedtuple('median', ['values', 'indices'])
mode = namedtuple('mode', ['values', 'indices'])
kthvalue = namedtuple('kthvalue', ['values', 'indices'])
cummax = namedtuple('cummax', ['values', 'indices'])
cummin = namedtuple('cummin', ['values', 'indices'])
aminmax = namedtuple('aminmax', ['min', 'max'])
