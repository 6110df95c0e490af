"""Cases for the module comparison: how a layer is built and called, as Python expressions over `nn`, `torch`, `F`.

`f(*shape)` is a float tensor, `i(high, *shape)` an integer one, `b(*shape)` a boolean one.
A case is (constructor, call arguments, options): `train=True`, `call='…'` (an expression over
`m`), `edit` (statements on `m`), `let` (names made before the call), `since` (PyTorch version), `ops=False` (operators are
not compared: they depend on values, or copy a checkpoint), `data=True` (FLOPs depend on values). Cases are written out or drawn from seeded generators.
"""
import random

# the PyTorch from which a constructor exists as we model it
SINCE = {'RMSNorm': (2, 4), 'SyncBatchNorm': (2, 0), 'CircularPad': (2, 1), 'ZeroPad1d': (2, 1), 'ZeroPad3d': (2, 1), 'LPPool3d': (2, 3),
         'Softmax2d': (2, 0), 'InstanceNorm1d(momentum=None': (2, 0), 'bias=False)': (2, 2), 'nn.RNN(4, 5, 1, "relu")': (2, 0)}


def written():
    yield from [
        ('nn.Identity(3, a=2)', 'f(2, 3)'),
        ('nn.Linear(4, 6)', 'f(2, 4)'), ('nn.Linear(4, 6, bias=False)', 'f(2, 3, 4)'), ('nn.Linear(4, 6)', 'f(4)'),
        ('nn.Linear(4, 6, dtype=torch.bfloat16)', 'f(3, 4).bfloat16()'), ('nn.Linear(4, 6)', 'f(2, 5)'),
        ('nn.Bilinear(4, 5, 6)', 'f(2, 4), f(2, 5)'), ('nn.Bilinear(4, 5, 6, bias=False)', 'f(2, 3, 4), f(2, 3, 5)'),
        ('nn.LazyLinear(6)', 'f(2, 4)'), ('nn.LazyLinear(6, bias=False)', 'f(4)'),
        ('nn.Embedding(10, 4)', 'i(10, 2, 3)'), ('nn.Embedding(10, 4, padding_idx=-1)', 'i(10, 5)'),
        ('nn.Embedding(10, 4, padding_idx=12)', 'i(10, 5)'),
        ('nn.Embedding.from_pretrained(f(7, 3))', 'i(7, 5)'), ('nn.Embedding.from_pretrained(f(7, 3), freeze=False)', 'i(7, 5)'),
        ('nn.EmbeddingBag(10, 4)', 'i(10, 2, 3)'), ('nn.EmbeddingBag(10, 4, mode="sum")', 'i(10, 6), torch.tensor([0, 2])'),
        ('nn.EmbeddingBag(10, 4, mode="sum", include_last_offset=True)', 'i(10, 6), torch.tensor([0, 2, 6])'),
        ('nn.EmbeddingBag(10, 4, mode="max", padding_idx=2)', 'i(10, 2, 3)'),
        ('nn.EmbeddingBag(10, 4, mode="sum")', 'i(10, 2, 3), None, f(2, 3)'),
        ('nn.EmbeddingBag.from_pretrained(f(7, 3), mode="mean")', 'i(7, 2, 5)'),
        ('nn.Flatten()', 'f(2, 3, 4)'), ('nn.Flatten(0, 1)', 'f(2, 3, 4)'), ('nn.Unflatten(1, (2, 3))', 'f(4, 6, 5)'),
        ('nn.Unflatten(1, (2, -1))', 'f(4, 6, 5)'),
        ('nn.Fold((4, 5), (2, 2))', 'f(1, 12, 12)'), ('nn.Unfold((2, 3), padding=1, stride=2)', 'f(2, 3, 8, 9)'),
        ('nn.PixelShuffle(2)', 'f(1, 8, 3, 3)'), ('nn.PixelUnshuffle(2)', 'f(1, 2, 6, 4)'), ('nn.ChannelShuffle(2)', 'f(1, 4, 3, 3)'),
        ('nn.Upsample(scale_factor=2)', 'f(1, 2, 4, 4)'), ('nn.Upsample(size=(5, 7), mode="bilinear")', 'f(1, 2, 4, 4)'),
        ('nn.Upsample(scale_factor=(1.5, 2.0), mode="bicubic", align_corners=True)', 'f(1, 2, 4, 4)'),
        ('nn.Upsample(scale_factor=2, mode="trilinear")', 'f(1, 2, 3, 4, 4)'), ('nn.Upsample(scale_factor=2, mode="linear")', 'f(1, 2, 3)'),
        ('nn.UpsamplingNearest2d(scale_factor=3)', 'f(1, 2, 4, 4)'), ('nn.UpsamplingBilinear2d(size=9)', 'f(1, 2, 4, 4)'),
        ('nn.CosineSimilarity(dim=-1)', 'f(3, 4), f(3, 4)'), ('nn.PairwiseDistance(p=1, keepdim=True)', 'f(3, 4), f(3, 4)'),
        ('nn.PairwiseDistance()', 'f(3, 4), f(3, 4)'),
        ('nn.AdaptiveLogSoftmaxWithLoss(16, 50, [10, 30])', 'f(8, 16), i(50, 8)', {'data': True}),
        ('nn.AdaptiveLogSoftmaxWithLoss(16, 50, [10, 30], div_value=2.0, head_bias=True)', 'f(8, 16), i(50, 8)', {'data': True}),
        ('nn.AdaptiveLogSoftmaxWithLoss(16, 50, [10, 30])', 'f(8, 16)', {'call': 'm.log_prob(*args)'}),
        ('nn.AdaptiveLogSoftmaxWithLoss(16, 50, [10, 30])', 'f(8, 16)', {'call': 'm.predict(*args)', 'ops': False, 'data': True}),
        ('nn.AdaptiveLogSoftmaxWithLoss(16, 50, [30, 10])', 'f(8, 16), i(50, 8)'),
    ]
    for p in ['', 'p=0.3', '0.2, inplace=True', '1.5']:
        for name, x in [('Dropout', 'f(2, 3)'), ('Dropout1d', 'f(2, 3, 4)'), ('Dropout2d', 'f(2, 3, 4, 4)'), ('Dropout3d', 'f(2, 3, 4, 4, 4)'),
                        ('AlphaDropout', 'f(2, 3)'), ('FeatureAlphaDropout', 'f(2, 3, 4)')]:
            for train in (False, True):
                yield (f'nn.{name}({p})', x, {'train': train})


def activations():
    for ctor in ['ReLU()', 'ReLU(inplace=True)', 'ReLU6()', 'ReLU6(True)', 'Sigmoid()', 'Tanh()', 'SiLU()', 'SiLU(inplace=True)', 'Mish()',
                 'Mish(inplace=True)', 'Hardswish()', 'Hardswish(True)', 'Hardsigmoid()', 'Hardsigmoid(True)', 'ELU()', 'ELU(0.5, True)',
                 'CELU()', 'CELU(0.7)', 'SELU()', 'SELU(True)', 'GLU()', 'GLU(0)', 'GLU(1)', 'GELU()', 'GELU("tanh")',
                 'GELU(approximate="tanh")', 'Hardshrink()', 'Hardshrink(0.2)', 'LeakyReLU()', 'LeakyReLU(0.2, inplace=True)', 'LogSigmoid()',
                 'Softplus()', 'Softplus(2, 10)', 'Softshrink()', 'Softshrink(0.3)', 'PReLU()', 'PReLU(4)', 'PReLU(init=0.1)', 'Softsign()',
                 'Tanhshrink()', 'Softmin(1)', 'Softmin(dim=-1)', 'Softmax(1)', 'Softmax(dim=-1)', 'Softmax()', 'LogSoftmax(1)', 'LogSoftmax(dim=-1)',
                 'Softmax2d()', 'Threshold(0.1, 20)', 'Threshold(0.1, 20, True)', 'Hardtanh()', 'Hardtanh(-2, 2)', 'Hardtanh(1, -1)',
                 'Hardtanh(-2, 2, inplace=True)', 'RReLU()', 'RReLU(0.1, 0.2)', 'RReLU(inplace=True)']:
        for x in ['f(2, 4)', 'f(2, 4, 6)', 'f(2, 4, 6, 6)', 'f(4, 4).half()']:
            for train in (False, True):
                yield (f'nn.{ctor}', x, {'train': train})


def convolutions(r, n):
    for _ in range(n):
        d = r.choice([1, 2, 2, 2, 3])
        transposed = r.random() < 0.35
        groups = r.choice([1, 1, 2, 4])
        cin, cout = groups * r.choice([1, 2, 3]), groups * r.choice([1, 2, 3])
        if r.random() < 0.05:
            cin += 1
        size = lambda low, high: (r.randint(low, high) if r.random() < 0.5 else tuple(r.randint(low, high) for _ in range(d)))
        lazy = r.random() < 0.15
        a = [f'{cout}'] if lazy else [f'{cin}, {cout}']
        a.append(f'{size(1, 4)}')
        k = {'stride': size(1, 3), 'dilation': size(1, 2), 'groups': groups, 'bias': r.random() < 0.6}
        k['padding'] = size(0, 2)
        if transposed:
            k['output_padding'] = size(0, 1)
            if r.random() < 0.05:
                k['padding_mode'] = 'reflect'
        else:
            k['padding_mode'] = r.choice(['zeros', 'zeros', 'reflect', 'replicate', 'circular'])
            if r.random() < 0.2:
                k['padding'] = r.choice(['same', 'valid', 'full'])
                if r.random() < 0.8:
                    k['stride'] = 1
        for key in list(k):
            if r.random() < 0.3 and key != 'groups':
                del k[key]
        shape = ([] if r.random() < 0.15 else [r.randint(1, 3)]) + [cin if r.random() < 0.95 else cin + 1] + [r.randint(4, 9) for _ in range(d)]
        name = ('Lazy' if lazy else '') + ('ConvTranspose' if transposed else 'Conv') + f'{d}d'
        kw = ', '.join(f'{x}={y!r}' for x, y in k.items())
        x = f'f({", ".join(map(str, shape))})'
        options = {'train': r.random() < 0.5}
        if transposed and r.random() < 0.2:
            x += f', output_size=[{", ".join(str(s * 2) for s in shape[-d:])}]'
        yield (f'nn.{name}({", ".join(a)}{", " + kw if kw else ""})', x, options)


def poolings(r, n):
    for _ in range(n):
        d = r.choice([1, 2, 3])
        size = lambda low, high: (r.randint(low, high) if r.random() < 0.6 else tuple(r.randint(low, high) for _ in range(d)))
        kind = r.choice(['MaxPool', 'AvgPool', 'LPPool', 'AdaptiveAvgPool', 'AdaptiveMaxPool', 'FractionalMaxPool', 'MaxUnpool'])
        x = f'f({", ".join(str(s) for s in [2, 3] + [r.randint(7, 10) for _ in range(d)])})'
        pre = ''
        if kind in ('MaxPool', 'AvgPool'):
            k = [f'{size(1, 3)}']
            if r.random() < 0.5:
                k.append(f'stride={size(1, 3)}')
            if r.random() < 0.5:
                k.append(f'padding={size(0, 1)}')
            if r.random() < 0.3:
                k.append('ceil_mode=True')
            if kind == 'MaxPool' and r.random() < 0.3:
                k.append('return_indices=True')
            if kind == 'MaxPool' and r.random() < 0.3:
                k.append(f'dilation={size(1, 2)}')
            if kind == 'AvgPool' and r.random() < 0.3:
                k.append('count_include_pad=False')
            if kind == 'AvgPool' and d > 1 and r.random() < 0.3:
                k.append('divisor_override=3')
        elif kind == 'LPPool':
            k = [str(r.choice([1, 2, 1.5])), f'{size(1, 3)}'] + (['stride=2'] if r.random() < 0.5 else [])
        elif kind == 'FractionalMaxPool':
            d = max(d, 2)
            x = f'f({", ".join(str(s) for s in [2, 3] + [r.randint(7, 10) for _ in range(d)])})'
            k = [str(r.randint(2, 3)), r.choice(['output_size=3', 'output_ratio=0.5', 'output_size=3, return_indices=True', 'output_ratio=1.5', ''])]
        elif kind == 'MaxUnpool':
            k = ['2'] + (['stride=2'] if r.random() < 0.5 else [])
            x = f'*F.max_pool{d}d({x}, 2, return_indices=True)'
        else:
            out = [r.choice([1, 2, 3, None]) if d > 1 else r.choice([1, 2]) for _ in range(d)]
            k = [str(out[0] or 2) if r.random() < 0.5 or d == 1 else str(tuple(out))]
            if kind == 'AdaptiveMaxPool' and r.random() < 0.4:
                k.append('return_indices=True')
        yield (f'nn.{kind}{d}d({", ".join(s for s in k if s)})', x)


def paddings(r, n):
    for _ in range(n):
        d = r.choice([1, 2, 3])
        kind = r.choice(['ReflectionPad', 'ReplicationPad', 'CircularPad', 'ConstantPad', 'ZeroPad'])
        p = r.randint(0, 3) if r.random() < 0.5 else tuple(r.randint(0, 3) for _ in range(2 * d))
        v = f', {r.choice([0, 1.5])}' if kind == 'ConstantPad' else ''
        shape = ([] if r.random() < 0.2 else [2]) + [3] + [r.randint(4, 6) for _ in range(d)]
        yield (f'nn.{kind}{d}d({p}{v})', f'f({", ".join(map(str, shape))})')


def norms(r, n):
    for _ in range(n):
        kind = r.choice(['BatchNorm', 'BatchNorm', 'InstanceNorm', 'SyncBatchNorm', 'LayerNorm', 'GroupNorm', 'RMSNorm', 'LocalResponseNorm', 'Lazy'])
        c = r.choice([2, 4, 6])
        train = r.random() < 0.5
        d = r.choice([1, 2, 3])
        shape = [r.randint(2, 3), c] + [r.randint(2, 4) for _ in range(d)]
        k = []
        if kind in ('BatchNorm', 'InstanceNorm', 'SyncBatchNorm', 'Lazy'):
            for option in ['eps=1e-3', 'momentum=None' if kind != 'InstanceNorm' else 'momentum=0.2', f'affine={r.random() < 0.5}',
                           f'track_running_stats={r.random() < 0.5}']:
                if r.random() < 0.4:
                    k.append(option)
            if kind == 'Lazy':
                name, a = f'Lazy{r.choice(["BatchNorm", "InstanceNorm"])}{d}d', []
            else:
                name, a = kind + ('' if kind == 'SyncBatchNorm' else f'{d}d'), [str(c)]
            if d == 1 and r.random() < 0.3:
                shape = shape[:2]
            if kind == 'InstanceNorm' and r.random() < 0.3:
                shape = shape[1:]
            if r.random() < 0.05:
                shape[-1:] = []
        elif kind == 'GroupNorm':
            name, a = kind, [str(r.choice([1, 2, 3])), str(c)]
            k = ['affine=False'] if r.random() < 0.3 else []
        elif kind == 'LocalResponseNorm':
            name, a = kind, [str(r.choice([2, 3]))]
            k = ['alpha=1e-3', 'k=2.0'] if r.random() < 0.5 else []
        else:
            m = r.randint(1, 2)
            name, a = kind, [str(shape[-1]) if m == 1 and r.random() < 0.5 else str(shape[-m:])]
            k = [o for o in ['eps=1e-6', 'elementwise_affine=False'] + (['bias=False'] if kind == 'LayerNorm' else []) if r.random() < 0.3]
        yield (f'nn.{name}({", ".join(a + k)})', f'f({", ".join(map(str, shape))})', {'train': train})


def recurrent(r, n):
    for _ in range(n):
        kind = r.choice(['RNN', 'LSTM', 'GRU', 'RNNCell', 'LSTMCell', 'GRUCell'])
        i, h = r.choice([3, 4]), r.choice([4, 5])
        k = {}
        if kind.endswith('Cell'):
            if r.random() < 0.3:
                k['bias'] = False
            if kind == 'RNNCell' and r.random() < 0.5:
                k['nonlinearity'] = r.choice(['relu', 'tanh'])
            batch = r.choice(['2, ', ''])
            x = f'f({batch}{i})'
            if r.random() < 0.6:
                x += f', (f({batch}{h}), f({batch}{h}))' if kind == 'LSTMCell' else f', f({batch}{h})'
            yield (f'nn.{kind}({i}, {h}{"".join(f", {a}={v!r}" for a, v in k.items())})', x)
            continue
        k['num_layers'] = r.choice([1, 1, 2, 3])
        if r.random() < 0.3:
            k['bias'] = False
        first = r.random() < 0.5
        if first:
            k['batch_first'] = True
        if r.random() < 0.3:
            k['dropout'] = 0.2
        if r.random() < 0.4:
            k['bidirectional'] = True
        if kind == 'LSTM' and r.random() < 0.3:
            k['proj_size'] = 2
        if kind == 'RNN' and r.random() < 0.5:
            k['nonlinearity'] = 'relu'
        s, b = 5, 3
        form = r.choice(['batched', 'batched', 'unbatched', 'packed', 'packed unsorted', 'wrong'])
        layers = k['num_layers'] * (2 if k.get('bidirectional') else 1)
        state = k.get('proj_size', h)
        if form == 'unbatched':
            x, hs, cs = f'f({s}, {i})', f'f({layers}, {state})', f'f({layers}, {h})'
        else:
            x = f'f({b}, {s}, {i})' if first else f'f({s}, {b}, {i})'
            hs, cs = f'f({layers}, {b}, {state})', f'f({layers}, {b}, {h})'
        if form == 'wrong':
            hs = f'f({layers}, {b + 1}, {state})'
        if form.startswith('packed'):
            lengths = [5, 3, 2] if form == 'packed' else [3, 5, 2]
            x = f'pack({x}, {lengths}, batch_first={first}, enforce_sorted={form == "packed"})'
        if r.random() < 0.5 or form == 'wrong':
            x += f', ({hs}, {cs})' if kind == 'LSTM' else f', {hs}'
        yield (f'nn.{kind}({i}, {h}{"".join(f", {a}={v!r}" for a, v in k.items())})', x, {'train': r.random() < 0.5})


def attention(r, n):
    for _ in range(n):
        e, heads = r.choice([(8, 2), (12, 3), (8, 1)])
        k = {}
        for name, value, p in [('dropout', 0.1, 0.2), ('bias', False, 0.2), ('add_bias_kv', True, 0.2), ('add_zero_attn', True, 0.2),
                               ('batch_first', True, 0.5), ('kdim', 6, 0.2), ('vdim', 7, 0.2)]:
            if r.random() < p:
                k[name] = value
        q, s, b = r.randint(2, 4), r.randint(2, 4), r.randint(1, 3)
        kd, vd = k.get('kdim', e), k.get('vdim', e)
        batched = r.random() < 0.8
        shape = lambda length, d: f'f({length}, {d})' if not batched else f'f({b}, {length}, {d})' if k.get('batch_first') else f'f({length}, {b}, {d})'
        form = r.choice(['self', 'kv', 'three'])
        if kd != e or vd != e:
            form = 'three'
        pre = {}
        if form == 'self':
            pre, args, s = {'x': shape(q, e)}, 'x, x, x', q
        elif form == 'kv':
            pre, args = {'x': shape(q, e), 'y': shape(s, e)}, 'x, y, y'
        else:
            args = f'{shape(q, e)}, {shape(s, kd)}, {shape(s, vd)}'
        o = []
        if r.random() < 0.3:
            o.append(f'key_padding_mask={"b" if r.random() < 0.7 else "f"}({f"{b}, " if batched else ""}{s})')
        if r.random() < 0.4:
            three = f'{b * heads if batched else heads}, ' if r.random() < 0.4 else ''
            o.append(f'attn_mask={"b" if r.random() < 0.5 else "f"}({three}{q}, {s if r.random() < 0.9 else s + 1})')
        if r.random() < 0.5:
            o.append('need_weights=False')
        if r.random() < 0.3:
            o.append('average_attn_weights=False')
        if r.random() < 0.2:
            o.append('is_causal=True')
        yield (f'nn.MultiheadAttention({e}, {heads}{"".join(f", {a}={v!r}" for a, v in k.items())})', ', '.join([args] + o),
               {'train': r.random() < 0.5, 'let': pre, 'since': (2, 0) if 'is_causal' in str(o) else (1, 0)})


def transformers(r, n):
    for _ in range(n):
        k = {}
        for name, value, p in [('dropout', 0.0, 0.3), ('activation', 'gelu', 0.3), ('batch_first', True, 0.5), ('norm_first', True, 0.4),
                               ('bias', False, 0.2)]:
            if r.random() < p:
                k[name] = value
        since = (2, 2) if 'bias' in k else (2, 0)
        kw = ''.join(f', {a}={v!r}' for a, v in k.items())
        first = k.get('batch_first', False)
        shape = lambda length: f'f(2, {length}, 8)' if first else f'f({length}, 2, 8)'
        kind = r.choice(['TransformerEncoderLayer', 'TransformerDecoderLayer', 'TransformerEncoder', 'TransformerDecoder', 'Transformer'])
        causal = 'nn.Transformer.generate_square_subsequent_mask'
        o = []
        if kind.startswith('TransformerEncoder'):
            if r.random() < 0.4:
                o.append(f'{"mask" if kind == "TransformerEncoder" else "src_mask"}={r.choice([causal + "(4)", "b(4, 4)", "f(4, 4)"])}')
            if r.random() < 0.3:
                o.append('src_key_padding_mask=b(2, 4)')
            if r.random() < 0.2 and o:
                o.append('is_causal=True')
            args = ', '.join([shape(4)] + o)
        else:
            if r.random() < 0.4:
                o.append(f'tgt_mask={r.choice([causal + "(3)", "b(3, 3)"])}')
            if r.random() < 0.3:
                o.append('memory_key_padding_mask=b(2, 4)')
            if kind == 'Transformer' and r.random() < 0.3:
                o.append('src_key_padding_mask=b(2, 4)')
            if kind == 'Transformer' and r.random() < 0.3:
                o.append(f'src_mask={causal}(4)')
            args = ', '.join([shape(4), shape(3)] if kind == 'Transformer' else [shape(3), shape(4)]) + ''.join(', ' + x for x in o)
        if kind == 'Transformer':
            ctor = f'nn.Transformer(8, 2, 2, 1, 16{kw})'
        elif kind.endswith('Layer'):
            ctor = f'nn.{kind}(8, 2, 16{kw})'
        else:
            ctor = f'nn.{kind}(nn.{kind}Layer(8, 2, 16{kw}), 2{r.choice(["", ", nn.LayerNorm(8)"])})'
        yield (ctor, args, {'train': r.random() < 0.5, 'since': since})


def losses(r):
    pairs = {'L1Loss': '', 'MSELoss': '', 'SmoothL1Loss': 'beta=0.5', 'HuberLoss': 'delta=0.5', 'SoftMarginLoss': '', 'KLDivLoss': 'log_target=True',
             'PoissonNLLLoss': 'full=True', 'BCEWithLogitsLoss': 'pos_weight=f(4)', 'MultiLabelSoftMarginLoss': 'weight=f(4)',
             'HingeEmbeddingLoss': 'margin=0.5'}
    for name, option in pairs.items():
        for reduction in ['', 'reduction="sum"', 'reduction="none"', 'size_average=False', 'reduce=False']:
            for o in {'', option}:
                yield (f'nn.{name}({", ".join(x for x in (o, reduction) if x)})', 'f(3, 4), f(3, 4)')
    for reduction in ['', 'reduction="sum"', 'reduction="none"']:
        c = ', ' + reduction if reduction else ''
        yield from [
            (f'nn.BCELoss({reduction})', 'f(3, 4).sigmoid(), f(3, 4).sigmoid()'),
            (f'nn.NLLLoss({reduction})', 'f(3, 4), i(4, 3)'), (f'nn.NLLLoss(weight=f(4){c})', 'f(3, 4, 5, 5), i(4, 3, 5, 5)'),
            (f'nn.CrossEntropyLoss({reduction})', 'f(3, 4), i(4, 3)'),
            (f'nn.CrossEntropyLoss(label_smoothing=0.1{c})', 'f(3, 4), i(4, 3)'),
            (f'nn.CrossEntropyLoss(ignore_index=1{c})', 'f(3, 4, 6), i(4, 3, 6)'), (f'nn.CrossEntropyLoss(weight=f(4){c})', 'f(3, 4), f(3, 4)'),
            (f'nn.GaussianNLLLoss({reduction})', 'f(3, 4), f(3, 4), f(3, 4).abs() + 1'),
            (f'nn.CTCLoss({reduction})', 'f(9, 2, 5).log_softmax(2), i(4, 2, 3) + 1, torch.tensor([9, 9]), torch.tensor([3, 2])'),
            (f'nn.CosineEmbeddingLoss({reduction})', 'f(3, 4), f(3, 4), f(3).sign()'),
            (f'nn.MarginRankingLoss(margin=0.1{c})', 'f(3), f(3), f(3).sign()'),
            (f'nn.MultiMarginLoss({reduction})', 'f(3, 4), i(4, 3)'), (f'nn.MultiLabelMarginLoss({reduction})', 'f(3, 4), i(4, 3, 4)'),
            (f'nn.TripletMarginLoss({reduction})', 'f(3, 4), f(3, 4), f(3, 4)'),
            (f'nn.TripletMarginLoss(swap=True{c})', 'f(3, 4), f(3, 4), f(3, 4)'),
            (f'nn.TripletMarginWithDistanceLoss({reduction})', 'f(3, 4), f(3, 4), f(3, 4)'),
            (f'nn.TripletMarginWithDistanceLoss(distance_function=lambda a, b: (a - b).abs().sum(-1), swap=True{c})', 'f(3, 4), f(3, 4), f(3, 4)'),
        ]


def compositions():
    call = lambda text: {'call': text}
    yield from [
        ('nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2))', 'f(3, 4)'),
        ('nn.Sequential(collections.OrderedDict([("a", nn.Linear(4, 5)), ("b", nn.Tanh())]))', 'f(3, 4)'),
        ('nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2))[:2]', 'f(3, 4)'),
        ('nn.Sequential(*[nn.Linear(4, 4) for _ in range(3)])[-1]', 'f(3, 4)'),
        ('nn.Sequential(nn.Linear(4, 4)).append(nn.ReLU()).extend([nn.Linear(4, 2)])', 'f(3, 4)'),
        ('nn.Sequential(nn.Linear(4, 4)) + nn.Sequential(nn.ReLU())', 'f(3, 4)'),
        ('nn.Sequential(nn.Linear(4, 4)).insert(0, nn.Linear(3, 4))', 'f(2, 3)'),
        ('nn.Sequential(nn.Linear(4, 4), nn.ReLU()) * 2', 'f(2, 4)'),
        ('nn.ModuleList([nn.Linear(4, 4), nn.ReLU()])', 'f(2, 4)', call('[x for layer in m for x in [layer(*args)]]')),
        ('nn.ModuleList([nn.Linear(4, 4) for _ in range(4)])[1:3]', 'f(2, 4)', call('m[-1](*args)')),
        ('nn.ModuleList([nn.Linear(4, 4)]) + [nn.Linear(4, 3)]', 'f(2, 4)', call('m[1](*args)')),
        ('nn.ModuleList([nn.Linear(4, 4), nn.ReLU(), nn.Tanh()])', 'f(2, 4)',
         {'call': 'm[0](*args)', 'edit': 'm.insert(1, nn.Linear(4, 3)); del m[0]; m.append(nn.Identity())'}),
        ('nn.ModuleDict({"a": nn.Linear(4, 4), "b": nn.ReLU()})', 'f(2, 4)', call('[v(*args) for k, v in m.items()]')),
        ('nn.ModuleDict([["a", nn.Linear(4, 4)]])', 'f(2, 4)',
         {'call': 'm["c"](*args) if "c" in m else None', 'edit': 'm.update({"c": nn.Linear(4, 1)}); m["d"] = nn.ReLU(); m.pop("a")'}),
        ('nn.ParameterList([nn.Parameter(f(3)), f(2, 2)])', '', call('m[0] * len(m)')),
        ('nn.ParameterList([f(3)])', '', {'call': '[p for p in m]', 'edit': 'm.append(f(2)); m += [f(1)]; m[0] = f(4)'}),
        ('nn.ParameterDict({"a": nn.Parameter(f(3)), "b": f(2)})', '', call('m["a"] + 1')),
        ('nn.ParameterDict()', '', {'call': '[v for v in m.values()]', 'edit': 'm["x"] = f(2); m.update({"y": f(3)}); del m["x"]'}),
        ('nn.utils.weight_norm(nn.Linear(4, 5))', 'f(2, 4)'), ('nn.utils.weight_norm(nn.Conv1d(4, 6, 3), dim=1)', 'f(2, 4, 8)'),
        ('nn.utils.remove_weight_norm(nn.utils.weight_norm(nn.Linear(4, 5)))', 'f(2, 4)'),
        ('nn.utils.spectral_norm(nn.Conv2d(3, 4, 3))', 'f(2, 3, 8, 8)'), ('nn.utils.spectral_norm(nn.Linear(4, 5))', 'f(2, 4)', {'train': True}),
        ('nn.utils.parametrizations.weight_norm(nn.Linear(4, 5))', 'f(2, 4)', {'since': (2, 0)}),
        ('nn.utils.parametrizations.weight_norm(nn.ConvTranspose1d(4, 5, 3), dim=1)', 'f(2, 4, 7)', {'since': (2, 0)}),
        ('nn.utils.parametrizations.spectral_norm(nn.Linear(4, 5))', 'f(2, 4)'),
        ('nn.utils.parametrizations.spectral_norm(nn.ConvTranspose2d(4, 5, 3))', 'f(2, 4, 7, 7)', {'train': True}),
        ('nn.utils.parametrizations.orthogonal(nn.Linear(4, 4))', 'f(2, 4)'),
        ('nn.utils.parametrizations.orthogonal(nn.Linear(4, 6))', 'f(2, 4)'),
        ('nn.utils.parametrizations.orthogonal(nn.Linear(6, 4), orthogonal_map="cayley")', 'f(2, 6)'),
        ('nn.utils.parametrize.remove_parametrizations(nn.utils.parametrizations.weight_norm(nn.Linear(4, 5)), "weight")', 'f(2, 4)',
         {'since': (2, 0)}),
        ('nn.utils.fusion.fuse_conv_bn_eval(nn.Conv2d(3, 4, 3).eval(), nn.BatchNorm2d(4).eval())', 'f(1, 3, 5, 5)'),
        ('nn.utils.prune.l1_unstructured(nn.Linear(4, 5), "weight", 0.3)', 'f(2, 4)'),
        ('nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)))', 'f(2, 3, 5, 5)', {'train': True}),
        ('nn.DataParallel(nn.Linear(4, 5))', 'f(2, 4)'),
        ('nn.Linear(4, 5).half()', 'f(2, 4).half()'), ('nn.BatchNorm2d(4).to(torch.bfloat16)', 'f(2, 4, 3, 3).bfloat16()'),
        ('nn.Linear(4, 5).double().requires_grad_(False)', 'f(2, 4).double()'), ('nn.Linear(4, 5, device="meta")', 'f(2, 4).to("meta")'),
        ('copy.deepcopy(nn.TransformerEncoderLayer(8, 2, 16))', 'f(3, 2, 8)'),
        ('nn.LSTM(4, 5, 2, True, True, 0.0, True)', 'f(2, 3, 4)'), ('nn.RNN(4, 5, 1, "relu")', 'f(2, 3, 4)'),
        ('nn.Sequential(nn.Linear(4, 5))', '', call('{k: v.shape for k, v in m.state_dict().items()}')),
        ('nn.Linear(4, 5)', '', {'call': 'str(m.load_state_dict(m.state_dict()))', 'ops': False}),
        ('nn.Linear(4, 5)', '', call('m.load_state_dict({"weight": f(5, 4)})')),
        ('nn.Linear(4, 5)', '', {'call': 'str(m.load_state_dict({"weight": f(5, 4), "x": f(1)}, strict=False))', 'ops': False}),
        ('nn.Linear(4, 5)', '', call('m.load_state_dict({"weight": f(5, 3), "bias": f(5)})')),
        ('nn.Sequential(nn.Linear(4, 5), nn.Sequential(nn.ReLU(), nn.Linear(5, 5)))', '', call('[n for n, _ in m.named_modules()]')),
        ('nn.Sequential(nn.Linear(4, 5), nn.Sequential(nn.ReLU(), nn.Linear(5, 5)))', '', call('[type(x).__name__ for x in m.modules()]')),
        ('nn.Sequential(nn.Linear(4, 5), nn.Sequential(nn.ReLU(), nn.Linear(5, 5)))', '', call('[type(m.get_submodule("1.1")).__name__, m.get_parameter("1.1.bias").shape]')),
        ('nn.Sequential(nn.Linear(4, 5))', '', call('m.get_submodule("0.nothing")')),
        ('nn.Sequential(nn.Linear(4, 4))', 'f(2, 4)', {'edit': 'm.add_module(\'again\', m[0])'}),
        ('nn.Linear(4, 4)', 'f(2, 4)', {'edit': 'm.weight = None'}), ('nn.Linear(4, 4)', 'f(2, 4)', {'edit': 'm.weight = 3'}),
        ('nn.Linear(4, 4)', 'f(2, 4)', {'edit': 'm.register_buffer(\'x\', f(3), persistent=False); m.register_buffer(\'y\', f(2))'}),
        ('nn.Linear(4, 4)', 'f(2, 4)', {'edit': 'm.register_buffer(\'x\', f(3), persistent=False); del m.x; m.register_buffer(\'x\', f(2))'}),
        ('nn.Linear(4, 4)', 'f(2, 4)', {'edit': 'm.register_buffer(\'weight\', f(3))'}), ('nn.Linear(4, 4)', 'f(2, 4)', {'edit': 'm.register_buffer(\'a.b\', f(3))'}),
        ('nn.Linear(4, 4)', 'f(2, 4)', {'edit': 'del m.bias; m.register_parameter(\'bias\', None)'}),
        ('nn.Linear(4, 4)', 'f(2, 4)', {'edit': 'm.register_forward_hook(lambda mod, a, out: out * 2)'}),
        ('nn.Linear(4, 4)', 'f(2, 4)', {'edit': 'm.register_forward_pre_hook(lambda mod, a: (a[0] + 1,))'}),
        ('nn.Linear(4, 4)', 'f(2, 4)', {'edit': 'h = m.register_forward_hook(lambda mod, a, out: out * 2); h.remove()'}),
        ('nn.Linear(4, 4)', 'f(2, 4)', {'since': (2, 0), 'edit': 'm.register_forward_pre_hook(lambda mod, a, k: (a, k), with_kwargs=True)'}),
        ('nn.Module()', 'f(2)'), ('nn.ModuleList([nn.ReLU()])', 'f(2)'),
        ('nn.Linear(2, 2)', 'f(2)', {'edit': 'm.extra = nn.Parameter(f(3)); m.child = nn.Linear(2, 1); m.other = 5'}),
    ]


def draw(seed, n):
    r = random.Random(seed)
    cases = [*written(), *activations(), *losses(r), *compositions(), *convolutions(r, n * 3), *poolings(r, n * 2), *paddings(r, n),
             *norms(r, n * 2), *recurrent(r, n * 2), *attention(r, n * 2), *transformers(r, n)]
    cases = [(*c, {}) if len(c) == 2 else c for c in cases]
    return [(*c[:2], {'since': next((v for text, v in SINCE.items() if text in c[0]), (1, 0)), **c[2]}) for c in cases]
