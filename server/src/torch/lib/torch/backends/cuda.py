"""torch.backends.cuda."""


class matmul:
    allow_tf32 = False
    allow_fp16_reduced_precision_reduction = True
    allow_bf16_reduced_precision_reduction = True
    allow_fp16_accumulation = False
    fp32_precision = 'none'


class cufft_plan_cache:
    size = 0
    max_size = 4096


class SDPAParams:
    def __init__(self, *args):
        pass


class sdp_kernel:
    def __init__(self, enable_flash=True, enable_math=True, enable_mem_efficient=True, enable_cudnn=True):
        pass

    def __enter__(self):
        return None

    def __exit__(self, *exc):
        return None


def is_built():
    return True


def flash_sdp_enabled():
    return True


mem_efficient_sdp_enabled = flash_sdp_enabled
math_sdp_enabled = flash_sdp_enabled
cudnn_sdp_enabled = flash_sdp_enabled
is_flash_attention_available = flash_sdp_enabled


def can_use_flash_attention(params, debug=False):
    return True


can_use_efficient_attention = can_use_flash_attention
can_use_cudnn_attention = can_use_flash_attention


def enable_flash_sdp(enabled):
    return None


enable_mem_efficient_sdp = enable_flash_sdp
enable_math_sdp = enable_flash_sdp
enable_cudnn_sdp = enable_flash_sdp


def preferred_linalg_library(backend=None):
    return None


preferred_blas_library = preferred_linalg_library
