"""torch.backends.quantized."""
engine = 'x86'
supported_engines = ['qnnpack', 'none', 'onednn', 'x86', 'fbgemm']
