"""re: patterns and matches over the host's engine."""
import _re
from _eco import is_unknown, runtime
from enum import IntFlag as _IntFlag
from functools import lru_cache as _lru_cache


class RegexFlag(_IntFlag):
    NOFLAG = 0
    ASCII = A = 256
    IGNORECASE = I = 2
    LOCALE = L = 4
    UNICODE = U = 32
    MULTILINE = M = 8
    DOTALL = S = 16
    VERBOSE = X = 64
    DEBUG = 128


NOFLAG = 0
ASCII = A = RegexFlag.ASCII
IGNORECASE = I = RegexFlag.IGNORECASE
LOCALE = L = RegexFlag.LOCALE
UNICODE = U = RegexFlag.UNICODE
MULTILINE = M = RegexFlag.MULTILINE
DOTALL = S = RegexFlag.DOTALL
VERBOSE = X = RegexFlag.VERBOSE


class error(Exception):
    def __init__(self, msg, pattern=None, pos=None):
        self.msg = msg
        self.pattern = pattern
        self.pos = pos
        Exception.__init__(self, msg)


class Match:
    def __init__(self, pattern, string, spans, pos, endpos):
        self.re = pattern
        self.string = string
        self._spans = spans
        self.pos = pos
        self.endpos = endpos

    def _index(self, group):
        if isinstance(group, str):
            if group not in self.re.groupindex:
                raise IndexError('no such group')
            return self.re.groupindex[group]
        if not 0 <= group < len(self._spans):
            raise IndexError('no such group')
        return group

    def _text(self, group, default=None):
        start, end = self._spans[self._index(group)]
        return default if start < 0 else self.string[start:end]

    def group(self, *groups):
        if len(groups) == 0:
            return self._text(0)
        if len(groups) == 1:
            return self._text(groups[0])
        return tuple([self._text(g) for g in groups])

    def __getitem__(self, group):
        return self._text(group)

    def groups(self, default=None):
        return tuple([self._text(i, default) for i in range(1, len(self._spans))])

    def groupdict(self, default=None):
        return {name: self._text(i, default) for name, i in self.re.groupindex.items()}

    def start(self, group=0):
        return self._spans[self._index(group)][0]

    def end(self, group=0):
        return self._spans[self._index(group)][1]

    def span(self, group=0):
        return self._spans[self._index(group)]

    @property
    def regs(self):
        return self._spans

    @property
    def lastindex(self):
        last = None
        furthest = -1
        for i in range(1, len(self._spans)):
            if self._spans[i][0] >= 0 and self._spans[i][1] > furthest:
                last, furthest = i, self._spans[i][1]
        return last

    @property
    def lastgroup(self):
        for name, i in self.re.groupindex.items():
            if i == self.lastindex:
                return name
        return None

    def expand(self, template):
        return _expand(template, self)

    def __bool__(self):
        return True

    def __repr__(self):
        return f'<re.Match object; span={self.span()!r}, match={self.group()!r}>'


class Pattern:
    def __init__(self, pattern, flags, info):
        self.pattern = pattern
        self._flags = flags
        self.groups, self.groupindex, self.flags = info

    def __class_getitem__(cls, item):
        return cls

    def _run(self, string, pos, endpos, mode):
        if not isinstance(string, (str, bytes)) and not is_unknown(string):
            raise TypeError('expected string or bytes-like object, got %r' % type(string).__name__)
        size = 0 if is_unknown(string) else len(string)
        end = size if endpos is None else max(0, min(endpos, size))
        if pos > end and not is_unknown(string):
            return None
        spans = _re.run(self.pattern, self._flags, string, pos, end, mode)
        if spans is None or is_unknown(spans):
            return spans
        return Match(self, string, spans, pos, end)

    def search(self, string, pos=0, endpos=None):
        return self._run(string, pos, endpos, 'search')

    def match(self, string, pos=0, endpos=None):
        return self._run(string, pos, endpos, 'match')

    def fullmatch(self, string, pos=0, endpos=None):
        return self._run(string, pos, endpos, 'fullmatch')

    def finditer(self, string, pos=0, endpos=None):
        size = len(string) if endpos is None else min(endpos, len(string))
        while pos <= size:
            found = self._run(string, pos, endpos, 'search')
            if found is None:
                return
            yield found
            pos = found.end() if found.end() > found.start() else found.end() + 1

    def findall(self, string, pos=0, endpos=None):
        if is_unknown(string):
            return runtime('re.findall on unknown text')
        found = []
        for m in self.finditer(string, pos, endpos):
            if self.groups == 0:
                found.append(m.group())
            elif self.groups == 1:
                found.append(m._text(1, ''))
            else:
                found.append(m.groups(''))
        return found

    def split(self, string, maxsplit=0):
        if is_unknown(string):
            return runtime('re.split on unknown text')
        parts = []
        last = 0
        for count, m in enumerate(self.finditer(string)):
            if maxsplit and count >= maxsplit:
                break
            parts.append(string[last:m.start()])
            parts.extend(m.groups())
            last = m.end()
        parts.append(string[last:])
        return parts

    def subn(self, repl, string, count=0):
        if is_unknown(string, repl):
            return runtime('re.sub on unknown text', 'str'), runtime('re.subn', 'int')
        out = []
        last = 0
        n = 0
        for m in self.finditer(string):
            if count and n >= count:
                break
            out.append(string[last:m.start()])
            out.append(repl(m) if callable(repl) else _expand(repl, m))
            last = m.end()
            n += 1
        out.append(string[last:])
        return string[:0].join(out), n

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

    def scanner(self, string):
        return self.finditer(string)

    def __eq__(self, other):
        return isinstance(other, Pattern) and (self.pattern, self.flags) == (other.pattern, other.flags)

    def __hash__(self):
        return hash((self.pattern, self._flags))

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        names = [f're.{name}' for bit, name in ((2, 'IGNORECASE'), (8, 'MULTILINE'), (16, 'DOTALL'), (64, 'VERBOSE'), (256, 'ASCII')) if self.flags & bit]
        return f're.compile({self.pattern!r}{", " + "|".join(names) if names else ""})'


_escapes = {'n': '\n', 't': '\t', 'r': '\r', 'f': '\f', 'v': '\v', 'a': '\a', 'b': '\b', '\\': '\\'}


def _expand(template, match):
    if '\\' not in template:
        return template
    out = []
    i = 0
    while i < len(template):
        c = template[i]
        if c != '\\':
            out.append(c)
            i += 1
            continue
        i += 1
        if i >= len(template):
            raise error('bad escape (end of pattern)')
        c = template[i]
        if c == 'g':
            end = template.find('>', i)
            if template[i + 1:i + 2] != '<' or end < 0:
                raise error('missing <')
            name = template[i + 2:end]
            if name.isdigit():
                name = int(name)
            elif name not in match.re.groupindex:
                raise IndexError(f'unknown group name {name!r}')
            out.append(match._text(name, ''))
            i = end + 1
        elif c == '0':
            out.append('\0')
            i += 1
        elif c.isdigit():
            digits = c
            if i + 1 < len(template) and template[i + 1].isdigit():
                digits += template[i + 1]
            if int(digits) >= len(match._spans):
                raise error(f'invalid group reference {digits}')
            out.append(match._text(int(digits), ''))
            i += len(digits)
        elif c in _escapes:
            out.append(_escapes[c])
            i += 1
        elif c.isalpha():
            raise error(f'bad escape \\{c}')
        else:
            out.append('\\' + c)
            i += 1
    return ''.join(out)


@_lru_cache(None)
def _compile(pattern, flags):
    info = _re.compile(pattern, flags)
    if is_unknown(info):
        return info
    if isinstance(info, str):
        raise error(info, pattern)
    return Pattern(pattern, flags, info)


def compile(pattern, flags=0):
    if isinstance(pattern, Pattern):
        return pattern
    return _compile(pattern, int(flags))


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)


def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)


def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)


def escape(pattern):
    special = set('()[]{}?*+-|^$\\.&~# \t\n\r\v\f')
    return ''.join(['\\' + c if c in special else c for c in pattern])


def purge():
    pass
