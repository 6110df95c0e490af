"""urllib.error."""


class URLError(OSError):
    pass


class HTTPError(URLError):
    pass


class ContentTooShortError(URLError):
    pass
