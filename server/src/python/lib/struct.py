"""struct: sizes of formats; packed values are not modelled."""
from _eco import gap

_sizes = {'x': 1, 'c': 1, 'b': 1, 'B': 1, '?': 1, 'h': 2, 'H': 2, 'i': 4, 'I': 4, 'l': 8, 'L': 8, 'q': 8, 'Q': 8, 'f': 4, 'd': 8, 'e': 2, 's': 1, 'n': 8, 'N': 8, 'P': 8}


class error(Exception):
    pass


def calcsize(format):
    size = 0
    count = ''
    aligned = not (format and format[0] in '<>=!')
    standard = {**_sizes, 'l': 4, 'L': 4}
    for c in format.lstrip('@<>=!'):
        if c.isdigit():
            count += c
        elif not c.isspace():
            width = (_sizes if aligned else standard)[c]
            if aligned and size % width:
                size += width - size % width
            size += width * (int(count) if count else 1)
            count = ''
    return size


def pack(format, *values):
    return gap('struct.pack', 'packed bytes are not modelled')


def unpack(format, buffer):
    return gap('struct.unpack', 'packed bytes are not modelled')


unpack_from = iter_unpack = unpack
