"""os.path: paths as text; files and folders of the sources are there, whatever else is on disk is unknown."""
from _eco import folder, runtime

sep = '/'
curdir = '.'
pardir = '..'


def _text(p):
    return p.__fspath__() if hasattr(type(p), '__fspath__') else p


def join(a, *p):
    path = _text(a)
    for b in p:
        b = _text(b)
        if b.startswith('/'):
            path = b
        elif not path or path.endswith('/'):
            path += b
        else:
            path += '/' + b
    return path


def split(p):
    p = _text(p)
    i = p.rfind('/') + 1
    head, tail = p[:i], p[i:]
    if head and head != '/' * len(head):
        head = head.rstrip('/')
    return head, tail


def basename(p):
    return split(p)[1]


def dirname(p):
    return split(p)[0]


def splitext(p):
    p = _text(p)
    slash = p.rfind('/')
    dot = p.rfind('.')
    if dot > slash:
        first = slash + 1
        while first < dot:
            if p[first] != '.':
                return p[:dot], p[dot:]
            first += 1
    return p, ''


def isabs(s):
    return _text(s).startswith('/')


def normpath(path):
    path = _text(path)
    if path == '':
        return '.'
    root = '/' if path.startswith('/') else ''
    parts = []
    for part in path.split('/'):
        if part in ('', '.'):
            continue
        if part != '..' or (not root and not parts) or (parts and parts[-1] == '..'):
            parts.append(part)
        elif parts:
            parts.pop()
    return root + '/'.join(parts) or '.'


def abspath(path):
    return normpath(join('/', _text(path)))


realpath = abspath


def normcase(s):
    return s


def expanduser(path):
    return _text(path)


def expandvars(path):
    return _text(path)


def splitdrive(p):
    return '', p


def relpath(path, start='.'):
    a = [x for x in abspath(start).split('/') if x]
    b = [x for x in abspath(path).split('/') if x]
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    return '/'.join(['..'] * (len(a) - i) + b[i:]) or '.'


def commonprefix(m):
    if not m:
        return ''
    low, high = min(m), max(m)
    for i, c in enumerate(low):
        if c != high[i]:
            return low[:i]
    return low


def commonpath(paths):
    return commonprefix([p.rstrip('/') + '/' for p in paths]).rstrip('/')


def names(path):
    """Names in a folder of the sources, in order; None when it is not among them."""
    path = _text(path)
    return folder(normpath(path)) if isinstance(path, str) else None


def _listed(path):
    path = _text(path)
    if not isinstance(path, str):
        return False
    head, tail = split(normpath(path))
    inside = folder(head or '.')
    return inside is not None and tail in inside


def exists(path):
    return names(path) is not None or _listed(path) or runtime('whether a file exists', 'bool')


def isdir(path):
    if names(path) is not None:
        return True
    return False if _listed(path) else runtime('whether a file exists', 'bool')


def isfile(path):
    if names(path) is not None:
        return False
    return _listed(path) or (not _is_name(path) and runtime('whether a file exists', 'bool'))


def _is_name(path):
    # 'gpt2', 'org/model-1.5b': how code that takes a name or a file tells them apart; files have extensions
    path = _text(path)
    if not isinstance(path, str) or path.startswith(('/', '.', '~')) or path.endswith('/'):
        return False
    extension = path[path.rfind('/') + 1:].rpartition('.')[2]
    return path.count('/') < 2 and not (extension.isalnum() and extension[:1].isalpha() and '.' in path)


def islink(path):
    return runtime('whether a file exists', 'bool')


lexists = exists
ismount = islink


def getsize(filename):
    return runtime('size of a file', 'int')


def getmtime(filename):
    return runtime('time of a file', 'float')


getctime = getatime = getmtime


def samefile(a, b):
    return runtime('whether two files are the same', 'bool')
