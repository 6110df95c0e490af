"""packaging."""
from . import version
