"""yaml: PyYAML's reading of configuration files. Tags that make Python objects are not followed: their values are plain."""
import json

import _yaml


class YAMLError(Exception):
    pass


class MarkedYAMLError(YAMLError):
    pass


class _Loader:
    @classmethod
    def add_constructor(cls, tag, constructor):
        pass

    @classmethod
    def add_multi_constructor(cls, prefix, constructor):
        pass

    @classmethod
    def add_implicit_resolver(cls, tag, regexp, first):
        pass


class BaseLoader(_Loader):
    pass


class SafeLoader(_Loader):
    pass


class FullLoader(_Loader):
    pass


class Loader(_Loader):
    pass


class UnsafeLoader(_Loader):
    pass


CLoader = CSafeLoader = CFullLoader = SafeLoader


class Dumper:
    @classmethod
    def add_representer(cls, kind, representer):
        pass


class SafeDumper(Dumper):
    pass


CDumper = CSafeDumper = Dumper


def _documents(stream):
    text = stream.read() if hasattr(stream, 'read') else stream
    if isinstance(text, bytes):
        text = text.decode('utf-8')
    try:
        return _yaml.loads(text)
    except ValueError as e:
        raise YAMLError(str(e)) from None


def load(stream, Loader=None):
    found = _documents(stream)
    return found[0] if found else None


def load_all(stream, Loader=None):
    return iter(_documents(stream))


def safe_load(stream):
    return load(stream)


def full_load(stream):
    return load(stream)


def unsafe_load(stream):
    return load(stream)


def safe_load_all(stream):
    return load_all(stream)


def full_load_all(stream):
    return load_all(stream)


def dump(data, stream=None, Dumper=None, **kwargs):
    # JSON is YAML; how a file is laid out changes no model
    text = json.dumps(data, default=str)
    if stream is None:
        return text
    stream.write(text)


def safe_dump(data, stream=None, **kwargs):
    return dump(data, stream)


def add_constructor(tag, constructor, Loader=None):
    pass


def add_representer(kind, representer, Dumper=None):
    pass
