"""Programs whose printed result is the same in PyTorch and in our machine: loaders, grad modes, optimisers, einops, numpy."""
import collections
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, Dataset
from torch.utils.checkpoint import checkpoint
from torch.nn.utils.rnn import pad_sequence
from einops import rearrange, repeat, reduce, pack, unpack, einsum
from einops.layers.torch import Rearrange, Reduce, EinMix
import numpy as np

class DS(Dataset):
    def __len__(self): return 10
    def __getitem__(self, i): return torch.randn(3, 8), i, {'a': 1.5}

def t_loader():
    return [ (x.shape, y.shape, z['a'].dtype) for x, y, z in DataLoader(DS(), batch_size=4, drop_last=False)]

def t_train():
    m = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))
    opt = torch.optim.AdamW(m.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 10)
    x = torch.randn(2, 8)
    loss = m(x).sum()
    loss.backward()
    nn.utils.clip_grad_norm_(m.parameters(), 1.0)
    opt.step(); sched.step(); opt.zero_grad()
    return len(opt.param_groups[0]["params"]), opt.defaults["betas"]

@torch.no_grad()
def without_grad(x):
    return torch.is_grad_enabled(), (x * 2).requires_grad

def t_modes():
    x = torch.randn(2, requires_grad=True)
    a = without_grad(x)
    with torch.no_grad():
        b = torch.is_grad_enabled()
        with torch.enable_grad(): c = torch.is_grad_enabled()
    with torch.inference_mode(): d = torch.is_inference_mode_enabled(), torch.is_grad_enabled()
    with torch.set_grad_enabled(False): e = torch.is_grad_enabled()
    torch.set_grad_enabled(False); f = torch.is_grad_enabled(); torch.set_grad_enabled(True)
    @torch.inference_mode()
    def g(): return torch.is_inference_mode_enabled()
    @torch.no_grad
    def h(): return torch.is_grad_enabled()
    return a, b, c, d, e, f, g(), h(), torch.is_grad_enabled()

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return x @ w
    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        return g @ w.t(), x.t() @ g

def t_function():
    y = Square.apply(torch.randn(2, 3, requires_grad=True), torch.randn(3, 4, requires_grad=True))
    return y.shape, y.requires_grad

def t_checkpoint():
    l1, l2 = nn.Linear(4, 8), nn.Linear(8, 4)
    return checkpoint(lambda x: l2(torch.relu(l1(x))), torch.randn(2, 4, requires_grad=True), use_reentrant=False).shape

def t_buffer():
    class M(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = nn.Buffer(torch.zeros(3)); self.b = nn.Buffer(torch.zeros(2), persistent=False)
            self.c = nn.Parameter(torch.zeros(2)); self.c2 = self.c
    m = M()
    return list(m.state_dict()), [k for k, _ in m.named_buffers()], isinstance(m.a, nn.Buffer), len(list(m.parameters()))

def t_vmap():
    f = lambda x, y: (x * y).sum()
    return torch.vmap(f)(torch.randn(5, 3), torch.randn(5, 3)).shape, torch.vmap(f, in_dims=(0, None))(torch.randn(5, 3), torch.randn(3)).shape

def t_fc():
    m = nn.Linear(3, 4)
    p = {k: torch.randn_like(v) for k, v in m.named_parameters()}
    return torch.func.functional_call(m, p, (torch.randn(2, 3),)).shape

def t_param():
    conv = nn.utils.parametrizations.weight_norm(nn.Conv1d(4, 6, 3))
    lazy = nn.LazyLinear(5); lazy(torch.randn(2, 7))
    return [k for k, _ in conv.named_parameters()], type(lazy).__name__, lazy.weight.shape, isinstance(conv, nn.Conv1d)

def t_quant():
    from torch.ao.quantization import QuantStub, DeQuantStub, fuse_modules
    class M(nn.Module):
        def __init__(self):
            super().__init__(); self.q = QuantStub(); self.conv = nn.Conv2d(3, 4, 3); self.bn = nn.BatchNorm2d(4); self.relu = nn.ReLU(); self.ff = nn.quantized.FloatFunctional()
        def forward(self, x): return self.ff.add(self.relu(self.bn(self.conv(self.q(x)))), torch.tensor(1.0))
    m = M().eval()
    m2 = fuse_modules(m, [['conv', 'bn', 'relu']])
    return m2(torch.randn(1,3,5,5)).shape, [type(c).__name__ for c in m2.children()]

def t_pad():
    return pad_sequence([torch.ones(2, 3), torch.ones(4, 3)], batch_first=True).shape


def t_einops():
    x = torch.randn(2, 3, 8, 8)
    return (rearrange(x, 'b c (h p) (w q) -> b (h w) (p q c)', p=2, q=4).shape, repeat(x, 'b ... -> (b r) ...', r=3).shape, reduce(x, 'b c h w -> b c', 'mean').shape,
      Rearrange('b c h w -> b (h w) c')(x).shape, EinMix('b c h w -> b d h w', weight_shape='c d', bias_shape='d', c=3, d=5)(x).shape, einsum(x, x, 'b c h w, b c h w -> b c').shape, rearrange([x, x], 'n b c h w -> b (n c) h w').shape)
def t_pack():
    y, ps = pack([torch.randn(2, 3), torch.randn(2, 4, 5)], 'b *')
    return y.shape, [t.shape for t in unpack(y, ps, 'b *')]

def t_numbers():
    values = [np.prod([2, 3, 4]), np.sqrt(16), np.ceil(2.1), np.log2(8), np.float32(3), np.pi, np.prod((2,)), np.sum([1, 2]), np.mean([1, 2, 4]), np.max([1, 5])]
    return [float(v) for v in values], int(np.ceil(5 / 2))
def t_arrays(): return np.linspace(0, 1, 5).tolist(), np.arange(4).tolist(), np.cumsum([1, 2, 3]).tolist(), np.zeros((2, 3)).shape, np.array([[1, 2], [3, 4]]).T.tolist()
def t_more(): return [float(x) for x in np.linspace(0, 0.2, 3)], int((np.arange(6).reshape(2, 3) * 2)[1, 2]), np.concatenate([np.ones(2), np.zeros(1)]).tolist(), int((np.arange(5) > 2).sum())
def t_c(): return torch.from_numpy(np.zeros((2, 3), dtype=np.float32)).dtype, torch.tensor(np.array([1.0, 2.0])).shape, torch.as_tensor(np.arange(3)).shape, torch.FloatTensor(np.ones(3)).shape
def t_d(): return np.array(torch.zeros(3)).shape, torch.zeros(3).numpy().shape, np.meshgrid(np.arange(2), np.arange(3))[0].shape, np.stack([np.arange(2)] * 3).shape, np.where(np.arange(4) > 1, 1, 0).tolist()
def t_e(): return np.random.rand(3).shape, isinstance(np.zeros(2), np.ndarray), np.exp(np.arange(2)).tolist(), np.power(10000, np.arange(0, 4, 2) / 4).tolist(), float(1 / np.power(10000, 0.5))


def t_on_demand():
    # tables that our modules make when first asked for
    m = nn.Linear(2, 2)
    seen = [len(m._forward_hooks), len(m._forward_pre_hooks), len(m._non_persistent_buffers_set)]
    m.register_buffer('x', torch.zeros(3), persistent=False)
    without = list(m.state_dict())
    del m.x
    m.register_buffer('x', torch.zeros(2))
    m.register_forward_pre_hook(lambda mod, a: (a[0] + 1,))
    m.register_forward_hook(lambda mod, a, out: out.sum(1))
    return seen, without, list(m.state_dict()), m(torch.zeros(4, 2)).shape, len(m._forward_hooks)
