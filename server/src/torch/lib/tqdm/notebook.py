"""tqdm.notebook."""
from . import tqdm
from . import trange
