"""urllib.request: nothing is fetched."""
from _eco import runtime


class Request:
    def __init__(self, url, *args, **kwargs):
        self.full_url = url


def urlopen(url, *args, **kwargs):
    return runtime('content of a page')


def urlretrieve(url, filename=None, *args, **kwargs):
    return runtime('a downloaded file')
