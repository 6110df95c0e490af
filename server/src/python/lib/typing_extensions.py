"""typing_extensions: everything is in our typing."""
import typing as _typing
from typing import *  # noqa: F401,F403


def __getattr__(name):
    return getattr(_typing, name)
