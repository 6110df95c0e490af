"""tqdm.asyncio."""
from . import tqdm
from . import trange
