"""base64: encoded bytes."""
from _eco import is_unknown, runtime

_alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'


def b64encode(s, altchars=None):
    if is_unknown(s):
        return runtime('base64.b64encode()')
    out = ''
    for i in range(0, len(s), 3):
        part = s[i:i + 3]
        bits = int.from_bytes(part + bytes(3 - len(part)), 'big')
        chars = ''.join(_alphabet[(bits >> k) & 63] for k in (18, 12, 6, 0))
        out += chars[:len(part) + 1] + '=' * (3 - len(part))
    return out.encode()


def b64decode(s, altchars=None, validate=False):
    if is_unknown(s):
        return runtime('base64.b64decode()')
    text = s.decode() if isinstance(s, bytes) else s
    out = []
    bits = count = 0
    for c in text.rstrip('='):
        bits = (bits << 6) | _alphabet.index(c)
        count += 6
        if count >= 8:
            count -= 8
            out.append((bits >> count) & 255)
    return bytes(out)


urlsafe_b64encode = standard_b64encode = b64encode
urlsafe_b64decode = standard_b64decode = b64decode
