"""Type names of TorchScript."""
from typing import Any, Dict, List, Optional, Tuple, Union

from .._jit_internal import (
    BroadcastingList1, BroadcastingList2, BroadcastingList3, BroadcastingList4, BroadcastingList5, BroadcastingList6, Final,
)
