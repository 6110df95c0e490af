"""bitsandbytes: its optimisers; layers with quantised weights are not modelled."""
from . import optim
