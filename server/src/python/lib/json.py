"""json: text to values and back."""
import _json


class JSONDecodeError(ValueError):
    def __init__(self, msg, doc='', pos=0):
        self.msg = msg
        self.doc = doc
        self.pos = pos
        ValueError.__init__(self, msg)


def _hooked(value, object_hook, object_pairs_hook):
    if isinstance(value, dict):
        value = {k: _hooked(v, object_hook, object_pairs_hook) for k, v in value.items()}
        if object_pairs_hook is not None:
            return object_pairs_hook(list(value.items()))
        return object_hook(value)
    if isinstance(value, list):
        return [_hooked(v, object_hook, object_pairs_hook) for v in value]
    return value


def loads(s, *, cls=None, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, object_pairs_hook=None, **kw):
    if isinstance(s, bytes):
        s = s.decode('utf-8')
    try:
        value = _json.loads(s)
    except ValueError as e:
        raise JSONDecodeError(str(e), s) from None
    if object_hook is None and object_pairs_hook is None:
        return value
    return _hooked(value, object_hook, object_pairs_hook)


def load(fp, **kw):
    return loads(fp.read(), **kw)


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None,
          default=None, sort_keys=False, **kw):
    if cls is not None and default is None:
        default = cls().default
    return _json.dumps(obj, indent, separators, sort_keys, ensure_ascii, default)


def dump(obj, fp, **kw):
    fp.write(dumps(obj, **kw))


class JSONEncoder:
    def __init__(self, **options):
        self.options = options

    def default(self, o):
        raise TypeError(f'Object of type {o.__class__.__name__} is not JSON serializable')

    def encode(self, o):
        return dumps(o, default=self.default, **self.options)


class JSONDecoder:
    def __init__(self, **options):
        self.options = options

    def decode(self, s):
        return loads(s, **self.options)
