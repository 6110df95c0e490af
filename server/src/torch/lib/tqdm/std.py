"""tqdm.std."""
from . import tqdm
from . import trange
