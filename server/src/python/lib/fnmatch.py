"""fnmatch: shell patterns."""
import re as _re


def translate(pat):
    out = []
    i = 0
    while i < len(pat):
        c = pat[i]
        i += 1
        if c == '*':
            out.append('.*')
        elif c == '?':
            out.append('.')
        elif c == '[' and ']' in pat[i + 1:]:
            end = pat.index(']', i + 1)
            inside = pat[i:end].replace('\\', '\\\\')
            out.append('[' + ('^' + inside[1:] if inside.startswith('!') else inside) + ']')
            i = end + 1
        else:
            out.append(_re.escape(c))
    return '(?s)(?:' + ''.join(out) + r')\Z'


def fnmatchcase(name, pat):
    return _re.match(translate(pat), name) is not None


fnmatch = fnmatchcase


def filter(names, pat):
    return [n for n in names if fnmatchcase(n, pat)]
