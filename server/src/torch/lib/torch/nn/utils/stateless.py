"""PyTorch's older path of torch.func.functional_call."""
from torch.func import functional_call
