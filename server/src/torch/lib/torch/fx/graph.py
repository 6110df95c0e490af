"""Graphs."""
from ..nn.modules.module import Module


class Graph:
    def __init__(self, *args, **kwargs):
        self.nodes = []


class GraphModule(Module):
    def __init__(self, root, graph=None, class_name='GraphModule'):
        super().__init__()
        self.graph = graph
