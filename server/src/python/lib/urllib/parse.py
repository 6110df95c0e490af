"""urllib.parse: addresses as text."""
from collections import namedtuple as _namedtuple

_Base = _namedtuple('ParseResult', 'scheme netloc path params query fragment')


class ParseResult(_Base):
    @property
    def hostname(self):
        host = self.netloc.split('@')[-1].split(':')[0]
        return host.lower() or None

    def geturl(self):
        return urlunparse(self)


def urlparse(url, scheme='', allow_fragments=True):
    rest, _, fragment = url.partition('#')
    rest, _, query = rest.partition('?')
    i = rest.find(':')
    if i > 0 and rest[:i].replace('+', '').replace('-', '').replace('.', '').isalnum():
        scheme, rest = rest[:i].lower(), rest[i + 1:]
    netloc = ''
    if rest.startswith('//'):
        netloc, slash, path = rest[2:].partition('/')
        rest = slash + path
    return ParseResult(scheme, netloc, rest, '', query, fragment)


urlsplit = urlparse


def urlunparse(parts):
    scheme, netloc, path, params, query, fragment = parts
    text = f'{scheme}:' if scheme else ''
    if netloc:
        text += f'//{netloc}'
    text += path
    if query:
        text += f'?{query}'
    return text + (f'#{fragment}' if fragment else '')


def urljoin(base, url, allow_fragments=True):
    if '://' in url:
        return url
    p = urlparse(base)
    path = url if url.startswith('/') else p.path.rsplit('/', 1)[0] + '/' + url
    return urlunparse((p.scheme, p.netloc, path, '', '', ''))


def quote(string, safe='/', encoding=None, errors=None):
    keep = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~' + safe
    return ''.join(c if c in keep else ''.join('%%%02X' % b for b in c.encode('utf-8')) for c in string)


def quote_plus(string, safe=''):
    return quote(string, safe + ' ').replace(' ', '+')


def urlencode(query, doseq=False):
    pairs = query.items() if hasattr(query, 'items') else query
    return '&'.join(f'{quote_plus(str(k))}={quote_plus(str(v))}' for k, v in pairs)
