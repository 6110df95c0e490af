"""Versions: release numbers compare, then pre-releases come first."""
import re


class InvalidVersion(ValueError):
    pass


class Version:
    def __init__(self, version):
        match = re.match(r'^\s*v?(\d+(?:\.\d+)*)(.*?)\s*$', version)
        if match is None:
            raise InvalidVersion(f"Invalid version: '{version}'")
        self._text = version
        self.release = tuple([int(part) for part in match.group(1).split('.')])
        rest, _, self.local = match.group(2).partition('+')
        self.local = self.local or None
        self.is_devrelease = 'dev' in rest
        self.is_postrelease = 'post' in rest
        self.pre = rest if rest and not self.is_devrelease and not self.is_postrelease else None
        self.is_prerelease = self.pre is not None or self.is_devrelease
        release = list(self.release)
        while len(release) > 1 and release[-1] == 0:
            release.pop()
        stage = 0 if self.is_devrelease else 1 if self.pre is not None else 3 if self.is_postrelease else 2
        self._key = (tuple(release), stage, rest)

    @property
    def major(self):
        return self.release[0]

    @property
    def minor(self):
        return self.release[1] if len(self.release) > 1 else 0

    @property
    def micro(self):
        return self.release[2] if len(self.release) > 2 else 0

    @property
    def base_version(self):
        return '.'.join([str(n) for n in self.release])

    @property
    def public(self):
        return self._text.partition('+')[0]

    def __str__(self):
        return self._text

    def __repr__(self):
        return f"<Version('{self._text}')>"

    def __hash__(self):
        return hash(self._key)

    def __eq__(self, other):
        return self._key == other._key

    def __ne__(self, other):
        return self._key != other._key

    def __lt__(self, other):
        return self._key < other._key

    def __le__(self, other):
        return self._key <= other._key

    def __gt__(self, other):
        return self._key > other._key

    def __ge__(self, other):
        return self._key >= other._key


def parse(version):
    return Version(version)


VERSION_PATTERN = r'v?\d+(\.\d+)*.*'
