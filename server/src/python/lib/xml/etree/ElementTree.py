"""xml.etree.ElementTree: what files hold is known only when the program runs."""
from _eco import runtime


def __getattr__(name):
    return runtime(f'xml.etree.ElementTree.{name}')
