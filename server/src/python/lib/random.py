"""random: what is drawn is known only when the program runs; kinds and sizes are known."""
from _eco import is_unknown, kind_of, runtime


def _float(name):
    return runtime(f'random.{name}()', 'float')


class Random:
    def __init__(self, x=None):
        pass

    def seed(self, a=None, version=2):
        pass

    def getstate(self):
        return runtime('random.getstate()')

    def setstate(self, state):
        pass

    def random(self):
        return _float('random')

    def uniform(self, a, b):
        return _float('uniform')

    def triangular(self, low=0.0, high=1.0, mode=None):
        return _float('triangular')

    def gauss(self, mu=0.0, sigma=1.0):
        return _float('gauss')

    def normalvariate(self, mu=0.0, sigma=1.0):
        return _float('normalvariate')

    def lognormvariate(self, mu, sigma):
        return _float('lognormvariate')

    def expovariate(self, lambd=1.0):
        return _float('expovariate')

    def betavariate(self, alpha, beta):
        return _float('betavariate')

    def gammavariate(self, alpha, beta):
        return _float('gammavariate')

    def randint(self, a, b):
        if not is_unknown(a, b):
            if b < a:
                raise ValueError(f'empty range in randrange({a}, {b + 1})')
            if a == b:
                return a
        return runtime('random.randint()', 'int')

    def randrange(self, start, stop=None, step=1):
        return runtime('random.randrange()', 'int')

    def getrandbits(self, k):
        return runtime('random.getrandbits()', 'int')

    def randbytes(self, n):
        return runtime('random.randbytes()')

    def choice(self, seq):
        if is_unknown(seq):
            return runtime('random.choice()')
        if len(seq) == 0:
            raise IndexError('Cannot choose from an empty sequence')
        values = list(seq)
        if all(v is values[0] for v in values):
            return values[0]
        return runtime('random.choice()', kind_of(values))

    def choices(self, population, weights=None, *, cum_weights=None, k=1):
        return [self.choice(population) for _ in range(k)]

    def sample(self, population, k, *, counts=None):
        values = list(population)
        if k > len(values):
            raise ValueError('Sample larger than population or is negative')
        return [runtime('random.sample()', kind_of(values)) for _ in range(k)]

    def shuffle(self, x):
        values = list(x)
        if not all(v is values[0] for v in values):
            x[:] = [runtime('order after random.shuffle()', kind_of(values)) for _ in values]


class SystemRandom(Random):
    pass


_instance = Random()
seed = _instance.seed
random = _instance.random
uniform = _instance.uniform
triangular = _instance.triangular
gauss = _instance.gauss
normalvariate = _instance.normalvariate
lognormvariate = _instance.lognormvariate
expovariate = _instance.expovariate
betavariate = _instance.betavariate
gammavariate = _instance.gammavariate
randint = _instance.randint
randrange = _instance.randrange
getrandbits = _instance.getrandbits
randbytes = _instance.randbytes
choice = _instance.choice
choices = _instance.choices
sample = _instance.sample
shuffle = _instance.shuffle
getstate = _instance.getstate
setstate = _instance.setstate
