"""ast: source code as data is not modelled."""
from _eco import runtime


def __getattr__(name):
    return runtime(f'ast.{name}')
