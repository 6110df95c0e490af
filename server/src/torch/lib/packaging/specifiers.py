"""Version specifiers."""
from .version import Version


class SpecifierSet:
    def __init__(self, specifiers=''):
        self._parts = [part.strip() for part in specifiers.split(',') if part.strip()]

    def __contains__(self, version):
        return self.contains(version)

    def contains(self, version, prereleases=None):
        v = Version(version) if isinstance(version, str) else version
        for part in self._parts:
            operator = part[:2] if part[:2] in ('>=', '<=', '==', '!=', '~=') else part[:1]
            other = Version(part[len(operator):].strip())
            fits = {'>=': v >= other, '<=': v <= other, '==': v == other, '!=': v != other, '>': v > other, '<': v < other,
                    '~=': v >= other and v.release[:len(other.release) - 1] == other.release[:-1]}[operator]
            if not fits:
                return False
        return True
