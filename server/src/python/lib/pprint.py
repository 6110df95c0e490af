"""pprint: prints without layout."""


def pformat(object, **kwargs):
    return repr(object)


def pprint(object, **kwargs):
    print(repr(object))


pp = pprint
