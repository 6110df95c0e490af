"""io: text and bytes in memory."""


class UnsupportedOperation(OSError, ValueError):
    pass


class IOBase:
    closed = False

    def close(self):
        self.closed = True

    def flush(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def readable(self):
        return True

    def writable(self):
        return True

    def seekable(self):
        return True


RawIOBase = BufferedIOBase = TextIOBase = IOBase


class _Memory(IOBase):
    def __init__(self, initial=None, newline='\n'):
        self._value = self._empty if initial is None else initial
        self._at = 0

    def getvalue(self):
        return self._value

    def write(self, text):
        self._value = self._value[:self._at] + text + self._value[self._at + len(text):]
        self._at += len(text)
        return len(text)

    def read(self, size=-1):
        end = len(self._value) if size is None or size < 0 else self._at + size
        text = self._value[self._at:end]
        self._at = min(end, len(self._value))
        return text

    def readline(self):
        i = self._value.find(self._newline, self._at)
        end = len(self._value) if i < 0 else i + 1
        text = self._value[self._at:end]
        self._at = end
        return text

    def readlines(self):
        return list(self)

    def __iter__(self):
        while True:
            line = self.readline()
            if not line:
                return
            yield line

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def seek(self, pos, whence=0):
        self._at = pos if whence == 0 else self._at + pos if whence == 1 else len(self._value) + pos
        return self._at

    def tell(self):
        return self._at

    def truncate(self, size=None):
        self._value = self._value[:self._at if size is None else size]
        return len(self._value)


class StringIO(_Memory):
    _empty = ''
    _newline = '\n'


class BytesIO(_Memory):
    _empty = b''
    _newline = b'\n'

    def getbuffer(self):
        return self._value


class TextIOWrapper(IOBase):
    pass


class BufferedReader(IOBase):
    pass


FileIO = BufferedWriter = BufferedReader
def open(file, mode='r', *args, **kwargs):
    import builtins
    return builtins.open(file, mode)


SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
