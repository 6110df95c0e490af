"""uuid: identifiers are known only when the program runs."""
from _eco import runtime


class UUID:
    def __init__(self, hex=None, **kwargs):
        self.hex = hex if hex is not None else runtime('a UUID', 'str')

    def __str__(self):
        return self.hex


def uuid4():
    return UUID()


uuid1 = uuid4


def uuid3(namespace, name):
    return UUID()


uuid5 = uuid3
NAMESPACE_DNS = UUID('6ba7b810-9dad-11d1-80b4-00c04fd430c8')
