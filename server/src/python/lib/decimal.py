"""decimal: decimal arithmetic is not modelled."""
from _eco import gap


class Decimal:
    def __new__(cls, value='0', context=None):
        return gap('decimal.Decimal', 'decimal arithmetic is not modelled')


ROUND_HALF_UP = 'ROUND_HALF_UP'
ROUND_HALF_EVEN = 'ROUND_HALF_EVEN'
ROUND_DOWN = 'ROUND_DOWN'
ROUND_UP = 'ROUND_UP'


def getcontext():
    return gap('decimal.getcontext', 'decimal arithmetic is not modelled')
