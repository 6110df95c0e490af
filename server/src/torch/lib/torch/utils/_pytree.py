"""Nested containers as lists of leaves."""
from collections import OrderedDict
from typing import Any

PyTree = Any
Context = Any
SUPPORTED_NODES = {}


class TreeSpec:
    def __init__(self, type=None, context=None, children_specs=None):
        self.type = type
        self.context = context
        self.children_specs = children_specs or []


class LeafSpec(TreeSpec):
    pass


class MappingKey:
    def __init__(self, key):
        self.key = key


class SequenceKey:
    def __init__(self, idx):
        self.idx = idx


def _children(tree):
    """(children, context) of a container, None for a leaf."""
    if isinstance(tree, dict):
        return list(tree.values()), list(tree.keys())
    if isinstance(tree, (list, tuple)):
        return list(tree), None
    return None


def _rebuild(kind, context, children):
    if issubclass(kind, dict):
        return kind(zip(context, children))
    if issubclass(kind, tuple) and hasattr(kind, '_fields'):
        return kind(*children)
    return kind(children)


def tree_flatten(tree, is_leaf=None):
    parts = None if is_leaf is not None and is_leaf(tree) else _children(tree)
    if parts is None:
        return [tree], LeafSpec()
    leaves, specs = [], []
    for child in parts[0]:
        below, spec = tree_flatten(child, is_leaf)
        leaves.extend(below)
        specs.append(spec)
    return leaves, TreeSpec(type(tree), parts[1], specs)


def tree_unflatten(leaves, treespec):
    iterator = iter(leaves)

    def build(spec):
        if isinstance(spec, LeafSpec):
            return next(iterator)
        return _rebuild(spec.type, spec.context, [build(s) for s in spec.children_specs])

    return build(treespec)


def tree_leaves(tree, is_leaf=None):
    return tree_flatten(tree, is_leaf)[0]


tree_iter = tree_leaves


def tree_structure(tree, is_leaf=None):
    return tree_flatten(tree, is_leaf)[1]


def tree_map(func, tree, *rests, is_leaf=None):
    leaves, spec = tree_flatten(tree, is_leaf)
    others = [tree_flatten(r, is_leaf)[0] for r in rests]
    return tree_unflatten([func(*args) for args in zip(leaves, *others)], spec)


def tree_map_(func, tree, *rests, is_leaf=None):
    tree_map(func, tree, *rests, is_leaf=is_leaf)
    return tree


def tree_map_only(kind, func=None, tree=None, is_leaf=None):
    return tree_map(lambda x: func(x) if isinstance(x, kind) else x, tree, is_leaf=is_leaf)


def tree_any(pred, tree, is_leaf=None):
    return any([pred(x) for x in tree_leaves(tree, is_leaf)])


def tree_all(pred, tree, is_leaf=None):
    return all([pred(x) for x in tree_leaves(tree, is_leaf)])


def register_pytree_node(cls, flatten_fn, unflatten_fn, **kwargs):
    return None


_register_pytree_node = register_pytree_node


def _dict_flatten(d):
    return list(d.values()), list(d.keys())


def _dict_unflatten(values, context):
    return dict(zip(context, values))


def _dict_flatten_with_keys(d):
    return [(MappingKey(k), v) for k, v in d.items()], list(d.keys())
