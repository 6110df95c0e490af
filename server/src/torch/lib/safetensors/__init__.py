"""safetensors."""
from .torch import safe_open
