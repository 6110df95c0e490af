"""codecs."""


def open(filename, mode='r', encoding=None, errors='strict', buffering=-1):
    import builtins
    return builtins.open(filename, mode)


def encode(obj, encoding='utf-8', errors='strict'):
    return obj.encode(encoding, errors)


def decode(obj, encoding='utf-8', errors='strict'):
    return obj.decode(encoding, errors)


BOM_UTF8 = b'\xef\xbb\xbf'
