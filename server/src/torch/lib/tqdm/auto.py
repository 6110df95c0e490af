"""tqdm.auto."""
from . import tqdm
from . import trange
