"""torch.onnx: nothing is exported."""
from enum import Enum

from . import operators
from . import symbolic_helper


class TrainingMode(Enum):
    EVAL = 0
    PRESERVE = 1
    TRAINING = 2


class OperatorExportTypes(Enum):
    ONNX = 0
    ONNX_ATEN = 1
    ONNX_ATEN_FALLBACK = 2
    ONNX_FALLTHROUGH = 3


class ONNXProgram:
    pass


class ExportOptions:
    def __init__(self, **kwargs):
        pass


def is_in_onnx_export():
    return False


def export(model, args=(), f=None, *rest, **kwargs):
    return None


def dynamo_export(model, *args, **kwargs):
    return ONNXProgram()


def register_custom_op_symbolic(symbolic_name, symbolic_fn, opset_version):
    return None


def unregister_custom_op_symbolic(symbolic_name, opset_version):
    return None
