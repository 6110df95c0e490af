"""Marks of TorchScript."""
from typing import Final, Generic, List, TypeVar

T = TypeVar('T')
BroadcastingList1 = List
BroadcastingList2 = List
BroadcastingList3 = List
BroadcastingList4 = List
BroadcastingList5 = List
BroadcastingList6 = List


def _identity(fn=None, *args, **kwargs):
    if fn is None or isinstance(fn, (bool, str)):
        return lambda f: f
    return fn


ignore = _identity
unused = _identity
export = _identity
_overload = _identity
_overload_method = _identity
_copy_to_script_wrapper = _identity


def boolean_dispatch(arg_name, arg_index, default, if_true, if_false, module_name=None, func_name=None):
    def dispatch(*args, **kwargs):
        flag = args[arg_index] if len(args) > arg_index else kwargs.get(arg_name, default)
        return if_true(*args, **kwargs) if flag else if_false(*args, **kwargs)
    return dispatch


def is_scripting():
    return False
