"""secrets: unknown by nature."""
from _eco import runtime


def token_hex(nbytes=None):
    return runtime('secrets.token_hex()', 'str')


token_urlsafe = token_hex


def token_bytes(nbytes=None):
    return runtime('secrets.token_bytes()')


def randbelow(n):
    return runtime('secrets.randbelow()', 'int')


def choice(seq):
    return runtime('secrets.choice()')
