"""platform: Linux on a common server."""


def system():
    return 'Linux'


def machine():
    return 'x86_64'


processor = machine


def python_version():
    return '3.11.7'


def python_version_tuple():
    return ('3', '11', '7')


def python_implementation():
    return 'CPython'


def platform(*args):
    return 'Linux-x86_64'


def node():
    return 'localhost'


def release():
    return ''


version = release
