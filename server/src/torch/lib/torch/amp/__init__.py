"""Mixed precision: autocast state and the loss scaler."""
from .autocast_mode import autocast
from .autocast_mode import custom_bwd
from .autocast_mode import custom_fwd
from .autocast_mode import is_autocast_available
from .grad_scaler import GradScaler
