"""Graph-mode quantisation: the floating-point model stands for the prepared one."""
import copy

import torch


def prepare_fx(model, qconfig_mapping, example_inputs, *args, **kwargs):
    return copy.deepcopy(model)


prepare_qat_fx = prepare_fx


def convert_fx(graph_module, *args, **kwargs):
    torch._C._gap('torch.ao.quantization.quantize_fx.convert_fx')
    return graph_module


def fuse_fx(model, *args, **kwargs):
    return copy.deepcopy(model)
