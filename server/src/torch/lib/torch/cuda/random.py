"""Random state of CUDA devices."""
from . import get_rng_state
from . import get_rng_state_all
from . import manual_seed
from . import manual_seed_all
from . import set_rng_state
from . import set_rng_state_all
