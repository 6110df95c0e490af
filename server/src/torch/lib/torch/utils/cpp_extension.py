"""Extensions in C++ and CUDA: what they compute is not known from Python."""
import torch

CUDA_HOME = None


def load(name, sources, *args, **kwargs):
    torch._C._gap('torch.utils.cpp_extension.load')
    return torch._C._unknown('a C++ extension')


load_inline = load


def is_ninja_available():
    return True


class BuildExtension:
    pass


def CUDAExtension(*args, **kwargs):
    return None


CppExtension = CUDAExtension
