"""datetime: durations are exact, the present is unknown."""
from _eco import runtime

MINYEAR = 1
MAXYEAR = 9999


class timedelta:
    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        self._micro = round(((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000000 + milliseconds * 1000 + microseconds)

    @property
    def days(self):
        return self._micro // 86400000000

    @property
    def seconds(self):
        return self._micro // 1000000 % 86400

    @property
    def microseconds(self):
        return self._micro % 1000000

    def total_seconds(self):
        return self._micro / 1000000

    def __add__(self, other):
        return timedelta(microseconds=self._micro + other._micro)

    def __sub__(self, other):
        return timedelta(microseconds=self._micro - other._micro)

    def __mul__(self, k):
        return timedelta(microseconds=self._micro * k)

    __rmul__ = __mul__

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._micro / other._micro
        return timedelta(microseconds=self._micro / other)

    def __eq__(self, other):
        return isinstance(other, timedelta) and self._micro == other._micro

    def __lt__(self, other):
        return self._micro < other._micro

    def __le__(self, other):
        return self._micro <= other._micro

    def __hash__(self):
        return hash(self._micro)

    def __bool__(self):
        return self._micro != 0

    def __str__(self):
        hours, rest = divmod(self.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        text = f'{hours}:{minutes:02d}:{seconds:02d}'
        if self.microseconds:
            text += f'.{self.microseconds:06d}'
        if self.days:
            text = f'{self.days} day{"s" if abs(self.days) != 1 else ""}, {text}'
        return text


class tzinfo:
    pass


class timezone(tzinfo):
    def __init__(self, offset=None, name=None):
        self.offset = offset


timezone.utc = timezone(timedelta(0))
UTC = timezone.utc


class date:
    @classmethod
    def today(cls):
        return runtime('the present date')

    def __new__(cls, *args, **kwargs):
        return runtime('a date')


class datetime(date):
    @classmethod
    def now(cls, tz=None):
        return runtime('the present time')

    utcnow = today = now

    @classmethod
    def fromtimestamp(cls, t, tz=None):
        return runtime('a time')

    strptime = fromisoformat = fromtimestamp


class time:
    def __new__(cls, *args, **kwargs):
        return runtime('a time')
