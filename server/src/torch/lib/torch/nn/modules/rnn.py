"""Recurrent layers and cells."""
import torch
from torch._C import Parameter

from ..utils.rnn import PackedSequence
from .module import Module


def apply_permutation(tensor, permutation, dim=1):
    return tensor.index_select(dim, permutation)


class RNNBase(Module):
    def __init__(self, mode, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0,
                 bidirectional=False, proj_size=0, device=None, dtype=None):
        super().__init__()
        if not isinstance(dropout, (int, float)) or not 0 <= dropout <= 1 or isinstance(dropout, bool):
            raise ValueError('dropout should be a number in range [0, 1] representing the probability of an element '
                             'being zeroed')
        if not isinstance(hidden_size, int):
            raise TypeError(f'hidden_size should be of type int, got: {type(hidden_size).__name__}')
        if hidden_size <= 0:
            raise ValueError('hidden_size must be greater than zero')
        if num_layers <= 0:
            raise ValueError('num_layers must be greater than zero')
        if proj_size < 0:
            raise ValueError('proj_size should be a positive integer or zero to disable projections')
        if proj_size >= hidden_size:
            raise ValueError('proj_size has to be smaller than hidden_size')
        if mode not in ('LSTM', 'GRU', 'RNN_TANH', 'RNN_RELU'):
            raise ValueError('Unrecognized RNN mode: ' + mode)
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        gates = (4 if mode == 'LSTM' else 3 if mode == 'GRU' else 1) * hidden_size
        state = proj_size if proj_size > 0 else hidden_size
        names = []
        for layer in range(num_layers):
            width = input_size if layer == 0 else state * (2 if bidirectional else 1)
            for suffix in ['', '_reverse'] if bidirectional else ['']:
                shapes = {'weight_ih_l': (gates, width), 'weight_hh_l': (gates, state)}
                if bias:
                    shapes['bias_ih_l'] = shapes['bias_hh_l'] = (gates,)
                if proj_size > 0:
                    shapes['weight_hr_l'] = (proj_size, hidden_size)
                for prefix, shape in shapes.items():
                    name = f'{prefix}{layer}{suffix}'
                    setattr(self, name, Parameter(torch.empty(shape, device=device, dtype=dtype)))
                    names.append(name)
        self._flat_weights_names = names
        self.reset_parameters()

    @property
    def _flat_weights(self):
        return [getattr(self, name) for name in self._flat_weights_names]

    @property
    def all_weights(self):
        n = len(self._flat_weights_names) // (self.num_layers * (2 if self.bidirectional else 1))
        weights = self._flat_weights
        return [weights[i:i + n] for i in range(0, len(weights), n)]

    def flatten_parameters(self):
        pass

    def reset_parameters(self):
        pass

    def check_input(self, input, batch_sizes):
        wanted = 3 if batch_sizes is None else 2
        if input.dim() != wanted:
            raise RuntimeError(f'input must have {wanted} dimensions, got {input.dim()}')
        if input.size(-1) != self.input_size:
            raise RuntimeError(f'input.size(-1) must be equal to input_size. Expected {self.input_size}, got {input.size(-1)}')

    def get_expected_hidden_size(self, input, batch_sizes):
        if batch_sizes is not None:
            batch = int(batch_sizes[0])
        else:
            batch = input.size(0) if self.batch_first else input.size(1)
        layers = self.num_layers * (2 if self.bidirectional else 1)
        return (layers, batch, self.proj_size if self.proj_size > 0 else self.hidden_size)

    def get_expected_cell_size(self, input, batch_sizes):
        layers, batch, _ = RNNBase.get_expected_hidden_size(self, input, batch_sizes)
        return (layers, batch, self.hidden_size)

    def check_hidden_size(self, hx, expected_hidden_size, msg='Expected hidden size {}, got {}'):
        if tuple(hx.shape) != tuple(expected_hidden_size):
            raise RuntimeError(msg.format(expected_hidden_size, list(hx.shape)))

    def check_forward_args(self, input, hidden, batch_sizes):
        self.check_input(input, batch_sizes)
        self.check_hidden_size(hidden, self.get_expected_hidden_size(input, batch_sizes))

    def permute_hidden(self, hx, permutation):
        return hx if permutation is None else apply_permutation(hx, permutation)

    def _unpack(self, input):
        """(data, batch_sizes, sorted_indices, unsorted_indices, batched, batch size)."""
        if isinstance(input, PackedSequence):
            sizes = input.batch_sizes
            return input.data, sizes, input.sorted_indices, input.unsorted_indices, True, sizes[0]
        if input.dim() not in (2, 3):
            raise ValueError(f'{self._get_name()}: Expected input to be 2D or 3D, got {input.dim()}D instead')
        batched = input.dim() == 3
        if not batched:
            input = input.unsqueeze(0 if self.batch_first else 1)
        return input, None, None, None, batched, input.size(0 if self.batch_first else 1)

    def _zeros(self, input, batch, width):
        layers = self.num_layers * (2 if self.bidirectional else 1)
        return torch.zeros(layers, int(batch), width, dtype=input.dtype, device=input.device)

    def _run(self, function, input, hx, batch_sizes):
        if batch_sizes is None:
            return function(input, hx, self._flat_weights, self.bias, self.num_layers, self.dropout, self.training,
                            self.bidirectional, self.batch_first)
        return function(input, batch_sizes, hx, self._flat_weights, self.bias, self.num_layers, self.dropout,
                        self.training, self.bidirectional)

    def _forward_one_state(self, function, input, hx):
        original = input
        input, batch_sizes, sorted_indices, unsorted_indices, batched, batch = self._unpack(input)
        if hx is None:
            hx = self._zeros(input, batch, self.proj_size if self.proj_size > 0 else self.hidden_size)
        else:
            if batch_sizes is None:
                if batched and hx.dim() != 3:
                    raise RuntimeError(f'For batched 3-D input, hx should also be 3-D but got {hx.dim()}-D tensor')
                if not batched:
                    if hx.dim() != 2:
                        raise RuntimeError(f'For unbatched 2-D input, hx should also be 2-D but got {hx.dim()}-D tensor')
                    hx = hx.unsqueeze(1)
            hx = self.permute_hidden(hx, sorted_indices)
        self.check_forward_args(input, hx, batch_sizes)
        output, hidden = self._run(function, input, hx, batch_sizes)
        if isinstance(original, PackedSequence):
            output = PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices)
            return output, self.permute_hidden(hidden, unsorted_indices)
        if not batched:
            return output.squeeze(0 if self.batch_first else 1), hidden.squeeze(1)
        return output, self.permute_hidden(hidden, unsorted_indices)

    def extra_repr(self):
        return f'{self.input_size}, {self.hidden_size}'


class RNN(RNNBase):
    def __init__(self, *args, **kwargs):
        if 'proj_size' in kwargs:
            raise ValueError('proj_size argument is only supported for LSTM, not RNN or GRU')
        if len(args) > 3:
            nonlinearity = args[3]
            args = args[:3] + args[4:]
        else:
            nonlinearity = kwargs.pop('nonlinearity', 'tanh')
        if nonlinearity not in ('tanh', 'relu'):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__('RNN_TANH' if nonlinearity == 'tanh' else 'RNN_RELU', *args, **kwargs)
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        return self._forward_one_state(torch.rnn_tanh if self.mode == 'RNN_TANH' else torch.rnn_relu, input, hx)


class GRU(RNNBase):
    def __init__(self, *args, **kwargs):
        if 'proj_size' in kwargs:
            raise ValueError('proj_size argument is only supported for LSTM, not RNN or GRU')
        super().__init__('GRU', *args, **kwargs)

    def forward(self, input, hx=None):
        return self._forward_one_state(torch.gru, input, hx)


class LSTM(RNNBase):
    def __init__(self, *args, **kwargs):
        super().__init__('LSTM', *args, **kwargs)

    def check_forward_args(self, input, hidden, batch_sizes):
        self.check_input(input, batch_sizes)
        self.check_hidden_size(hidden[0], self.get_expected_hidden_size(input, batch_sizes),
                               'Expected hidden[0] size {}, got {}')
        self.check_hidden_size(hidden[1], self.get_expected_cell_size(input, batch_sizes),
                               'Expected hidden[1] size {}, got {}')

    def permute_hidden(self, hx, permutation):
        if permutation is None:
            return hx
        return apply_permutation(hx[0], permutation), apply_permutation(hx[1], permutation)

    def forward(self, input, hx=None):
        original = input
        input, batch_sizes, sorted_indices, unsorted_indices, batched, batch = self._unpack(input)
        if hx is None:
            hx = (self._zeros(input, batch, self.proj_size if self.proj_size > 0 else self.hidden_size),
                  self._zeros(input, batch, self.hidden_size))
        else:
            if batch_sizes is None:
                wanted = 3 if batched else 2
                if hx[0].dim() != wanted or hx[1].dim() != wanted:
                    raise RuntimeError(f'For {"batched 3-D" if batched else "unbatched 2-D"} input, hx and cx should also be '
                                       f'{wanted}-D but got ({hx[0].dim()}-D, {hx[1].dim()}-D) tensors')
                if not batched:
                    hx = (hx[0].unsqueeze(1), hx[1].unsqueeze(1))
            hx = self.permute_hidden(hx, sorted_indices)
        if batch_sizes is None:
            self.check_forward_args(input, hx, batch_sizes)
        output, h, c = self._run(torch.lstm, input, hx, batch_sizes)
        if isinstance(original, PackedSequence):
            output = PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices)
            return output, self.permute_hidden((h, c), unsorted_indices)
        if not batched:
            return output.squeeze(0 if self.batch_first else 1), (h.squeeze(1), c.squeeze(1))
        return output, self.permute_hidden((h, c), unsorted_indices)


class RNNCellBase(Module):
    def __init__(self, input_size, hidden_size, bias, num_chunks, device=None, dtype=None):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        self.weight_ih = Parameter(torch.empty((num_chunks * hidden_size, input_size), device=device, dtype=dtype))
        self.weight_hh = Parameter(torch.empty((num_chunks * hidden_size, hidden_size), device=device, dtype=dtype))
        if bias:
            self.bias_ih = Parameter(torch.empty(num_chunks * hidden_size, device=device, dtype=dtype))
            self.bias_hh = Parameter(torch.empty(num_chunks * hidden_size, device=device, dtype=dtype))
        else:
            self.register_parameter('bias_ih', None)
            self.register_parameter('bias_hh', None)
        self.reset_parameters()

    def reset_parameters(self):
        pass

    def _check(self, input, states):
        if input.dim() not in (1, 2):
            raise ValueError(f'{self._get_name()}: Expected input to be 1D or 2D, got {input.dim()}D instead')
        for h in states:
            if h.dim() not in (1, 2):
                raise ValueError(f'{self._get_name()}: Expected hidden to be 1D or 2D, got {h.dim()}D instead')

    def _step(self, function, input, hx):
        if hx is not None:
            self._check(input, [hx])
        else:
            self._check(input, [])
        batched = input.dim() == 2
        if not batched:
            input = input.unsqueeze(0)
        if hx is None:
            hx = torch.zeros(input.size(0), self.hidden_size, dtype=input.dtype, device=input.device)
        elif not batched:
            hx = hx.unsqueeze(0)
        result = function(input, hx, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        return result if batched else result.squeeze(0)


class RNNCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, nonlinearity='tanh', device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        if self.nonlinearity not in ('tanh', 'relu'):
            raise RuntimeError(f'Unknown nonlinearity: {self.nonlinearity}')
        return self._step(torch.rnn_tanh_cell if self.nonlinearity == 'tanh' else torch.rnn_relu_cell, input, hx)


class GRUCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input, hx=None):
        return self._step(torch.gru_cell, input, hx)


class LSTMCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input, hx=None):
        self._check(input, hx if hx is not None else [])
        batched = input.dim() == 2
        if not batched:
            input = input.unsqueeze(0)
        if hx is None:
            zeros = torch.zeros(input.size(0), self.hidden_size, dtype=input.dtype, device=input.device)
            hx = (zeros, zeros)
        elif not batched:
            hx = (hx[0].unsqueeze(0), hx[1].unsqueeze(0))
        h, c = torch.lstm_cell(input, hx, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        return (h, c) if batched else (h.squeeze(0), c.squeeze(0))
