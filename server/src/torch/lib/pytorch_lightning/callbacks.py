"""The older name of lightning.pytorch.callbacks."""
from lightning.pytorch.callbacks import *
