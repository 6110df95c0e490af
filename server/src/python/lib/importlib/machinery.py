"""importlib.machinery."""
from importlib.util import ModuleSpec


class SourceFileLoader:
    def __init__(self, fullname, path):
        self.name = fullname
        self.path = path
