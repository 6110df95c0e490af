"""flex_attention: attention with a score function and a block mask.

The score function runs inside the kernel, so only the products are modelled, at full cost,
as scaled_dot_product_attention's.
"""
import math
from typing import NamedTuple, Optional

import torch
from torch import Tensor

_DEFAULT_SPARSE_BLOCK_SIZE = 128


class AuxRequest(NamedTuple):
    lse: bool = False
    max_scores: bool = False


class AuxOutput(NamedTuple):
    lse: Optional[Tensor] = None
    max_scores: Optional[Tensor] = None


class BlockMask:
    def __init__(self, seq_lengths, kv_num_blocks=None, kv_indices=None, full_kv_num_blocks=None, full_kv_indices=None,
                 q_num_blocks=None, q_indices=None, full_q_num_blocks=None, full_q_indices=None,
                 BLOCK_SIZE=(128, 128), mask_mod=None, shape=None):
        self.seq_lengths = seq_lengths
        self.kv_num_blocks = kv_num_blocks
        self.kv_indices = kv_indices
        self.full_kv_num_blocks = full_kv_num_blocks
        self.full_kv_indices = full_kv_indices
        self.BLOCK_SIZE = BLOCK_SIZE
        self.mask_mod = mask_mod
        self._shape = shape

    @classmethod
    def from_kv_blocks(cls, kv_num_blocks, kv_indices, full_kv_num_blocks=None, full_kv_indices=None, BLOCK_SIZE=128,
                       mask_mod=None, seq_lengths=None, compute_q_blocks=True):
        size = (BLOCK_SIZE, BLOCK_SIZE) if isinstance(BLOCK_SIZE, int) else BLOCK_SIZE
        if seq_lengths is None:
            seq_lengths = (kv_indices.shape[-2] * size[0], kv_indices.shape[-1] * size[1])
        return cls(seq_lengths, kv_num_blocks, kv_indices, full_kv_num_blocks, full_kv_indices, BLOCK_SIZE=size,
                   mask_mod=mask_mod, shape=(*kv_indices.shape[:2], *seq_lengths))

    @property
    def shape(self):
        return self._shape

    def to(self, device):
        return self

    def numel(self):
        return math.prod(self._shape)

    def _adjust(self, new_q_len, new_kv_len):
        return BlockMask((new_q_len, new_kv_len), BLOCK_SIZE=self.BLOCK_SIZE, mask_mod=self.mask_mod,
                         shape=(*self._shape[:2], new_q_len, new_kv_len))


def noop_mask(batch, head, token_q, token_kv):
    return batch.new_ones(size=(), dtype=torch.bool, device=batch.device)


def _identity(score, batch, head, token_q, token_kv):
    return score


def _grid(B, H, Q_LEN, KV_LEN, device):
    b = torch.arange(B, device=device).view(B, 1, 1, 1)
    h = torch.arange(H, device=device).view(1, H, 1, 1)
    q = torch.arange(Q_LEN, device=device).view(1, 1, Q_LEN, 1)
    kv = torch.arange(KV_LEN, device=device).view(1, 1, 1, KV_LEN)
    return b, h, q, kv


def create_mask(mod_fn, B, H, Q_LEN, KV_LEN, device='cuda'):
    mask = mod_fn(*_grid(B or 1, H or 1, Q_LEN, KV_LEN, device))
    return mask.expand(B or 1, H or 1, Q_LEN, KV_LEN)


def create_block_mask(mask_mod, B, H, Q_LEN, KV_LEN, device='cuda', BLOCK_SIZE=128, _compile=False):
    size = (BLOCK_SIZE, BLOCK_SIZE) if isinstance(BLOCK_SIZE, int) else BLOCK_SIZE
    return BlockMask((Q_LEN, KV_LEN), BLOCK_SIZE=size, mask_mod=mask_mod, shape=(B or 1, H or 1, Q_LEN, KV_LEN))


def create_nested_block_mask(mask_mod, B, H, q_nt, kv_nt=None, BLOCK_SIZE=128, _compile=False):
    kv_nt = q_nt if kv_nt is None else kv_nt
    return create_block_mask(mask_mod, B, H, q_nt.size(1), kv_nt.size(1), q_nt.device, BLOCK_SIZE)


def and_masks(*mask_mods):
    def mask(b, h, q, kv):
        result = b.new_ones((), dtype=torch.bool)
        for mod in mask_mods:
            result = result & mod(b, h, q, kv)
        return result
    return mask


def or_masks(*mask_mods):
    def mask(b, h, q, kv):
        result = b.new_zeros((), dtype=torch.bool)
        for mod in mask_mods:
            result = result | mod(b, h, q, kv)
        return result
    return mask


def flex_attention(query, key, value, score_mod=None, block_mask=None, scale=None, enable_gqa=False, return_lse=False,
                   kernel_options=None, *, return_aux=None):
    output = torch.nn.functional.scaled_dot_product_attention(query, key, value, scale=scale, enable_gqa=enable_gqa)
    lse = query.new_empty(query.shape[:-1], dtype=torch.float32) if return_lse or return_aux is not None else None
    if return_aux is not None:
        return output, AuxOutput(lse=lse, max_scores=lse if return_aux.max_scores else None)
    return (output, lse) if return_lse else output


flex_attention_hop = flex_attention
