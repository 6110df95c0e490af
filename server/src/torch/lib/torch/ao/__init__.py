"""torch.ao."""
from . import quantization
