"""torch.distributed: one process, no group; a collective gives back what it got."""
import torch

from . import device_mesh
from . import fsdp
from . import nn
from .device_mesh import DeviceMesh
from .device_mesh import init_device_mesh


class ReduceOp:
    SUM = 0
    AVG = 1
    PRODUCT = 2
    MIN = 3
    MAX = 4
    BAND = 5
    BOR = 6
    BXOR = 7


class ProcessGroup:
    def size(self):
        return 1

    def rank(self):
        return 0


class Work:
    def wait(self, timeout=None):
        return True

    def is_completed(self):
        return True


class group:
    WORLD = None


GroupMember = group


class Backend:
    NCCL = 'nccl'
    GLOO = 'gloo'
    MPI = 'mpi'


class P2POp:
    def __init__(self, op, tensor, peer=None, group=None, tag=0, group_peer=None):
        self.op = op
        self.tensor = tensor


class Store:
    pass


TCPStore = Store
FileStore = Store
HashStore = Store


def is_available():
    return True


def is_initialized():
    return False


def is_nccl_available():
    return True


def is_gloo_available():
    return True


def is_mpi_available():
    return False


def is_torchelastic_launched():
    return False


def init_process_group(backend=None, init_method=None, timeout=None, world_size=-1, rank=-1, *args, **kwargs):
    return None


def destroy_process_group(group=None):
    return None


def get_rank(group=None):
    return 0


def get_world_size(group=None):
    return 1


def get_backend(group=None):
    return 'nccl'


def get_node_local_rank(fallback_rank=None):
    return 0


def get_global_rank(group, group_rank):
    return group_rank


def get_group_rank(group, global_rank):
    return global_rank


def get_process_group_ranks(group):
    return [0]


def new_group(ranks=None, *args, **kwargs):
    return ProcessGroup()


def barrier(group=None, async_op=False, device_ids=None):
    return None


def monitored_barrier(group=None, timeout=None, wait_all_ranks=False):
    return None


def _done(async_op):
    return Work() if async_op else None


def all_reduce(tensor, op=ReduceOp.SUM, group=None, async_op=False):
    return _done(async_op)


def reduce(tensor, dst=None, op=ReduceOp.SUM, group=None, async_op=False):
    return _done(async_op)


def broadcast(tensor, src=None, group=None, async_op=False):
    return _done(async_op)


def all_gather(tensor_list, tensor, group=None, async_op=False):
    for t in tensor_list:
        t.copy_(tensor)
    return _done(async_op)


def all_gather_into_tensor(output_tensor, input_tensor, group=None, async_op=False):
    output_tensor.copy_(input_tensor.view(output_tensor.shape))
    return _done(async_op)


def reduce_scatter_tensor(output, input, op=ReduceOp.SUM, group=None, async_op=False):
    output.copy_(input.view(output.shape))
    return _done(async_op)


def reduce_scatter(output, input_list, op=ReduceOp.SUM, group=None, async_op=False):
    output.copy_(input_list[0])
    return _done(async_op)


def all_to_all_single(output, input, output_split_sizes=None, input_split_sizes=None, group=None, async_op=False):
    output.copy_(input)
    return _done(async_op)


def all_to_all(output_tensor_list, input_tensor_list, group=None, async_op=False):
    for o, i in zip(output_tensor_list, input_tensor_list):
        o.copy_(i)
    return _done(async_op)


def gather(tensor, gather_list=None, dst=None, group=None, async_op=False):
    return _done(async_op)


def scatter(tensor, scatter_list=None, src=None, group=None, async_op=False):
    return _done(async_op)


def all_gather_object(object_list, obj, group=None):
    for i in range(len(object_list)):
        object_list[i] = obj


def broadcast_object_list(object_list, src=None, group=None, device=None):
    return None


def gather_object(obj, object_gather_list=None, dst=None, group=None):
    return None


def send(tensor, dst=None, group=None, tag=0):
    return None


def recv(tensor, src=None, group=None, tag=0):
    return 0


def isend(tensor, dst=None, group=None, tag=0):
    return Work()


irecv = isend


def batch_isend_irecv(p2p_op_list):
    return [Work() for _ in p2p_op_list]
