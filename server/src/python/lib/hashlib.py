"""hashlib: digests are unknown text."""
from _eco import runtime


class _Hash:
    def __init__(self, data=b'', **kwargs):
        pass

    def update(self, data):
        pass

    def hexdigest(self, *args):
        return runtime('a hash', 'str')

    def digest(self, *args):
        return runtime('a hash')

    def copy(self):
        return self


md5 = sha1 = sha224 = sha256 = sha384 = sha512 = blake2b = blake2s = sha3_256 = _Hash


def new(name, data=b'', **kwargs):
    return _Hash()
