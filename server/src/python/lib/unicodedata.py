"""unicodedata: tables that only text processing needs are not modelled."""
from _eco import runtime


def normalize(form, unistr):
    return unistr if unistr.isascii() else runtime('unicodedata.normalize()', 'str')


def category(chr):
    return runtime('unicodedata.category()', 'str')


def name(chr, *default):
    return runtime('unicodedata.name()', 'str')


combining = bidirectional = east_asian_width = category
