"""Patterns of einops, carried out with the operators that its PyTorch back end calls: reshape, permute, reduce, expand, reshape."""
import torch


class EinopsError(RuntimeError):
    pass


_ELLIPSIS = '…'


def _parse(text):
    """The axes of one side as groups of names; `1` is an empty group, an ellipsis the name `…`."""
    groups, group = [], None
    for token in text.replace('(', ' ( ').replace(')', ' ) ').replace('...', _ELLIPSIS).split():
        if token == '(':
            if group is not None:
                raise EinopsError('Axis composition is one-level (brackets inside brackets not allowed)')
            group = []
        elif token == ')':
            if group is None:
                raise EinopsError('Brackets are not balanced')
            groups.append(group)
            group = None
        elif token == '1':
            if group is None:
                groups.append([])
        else:
            if token != _ELLIPSIS and not token.isdecimal() and not token.isidentifier():
                raise EinopsError(f'Invalid axis identifier: {token}\nnot a valid python identifier')
            if group is not None:
                group.append(token)
            else:
                # a bare ellipsis is a group of its own kind: in parentheses it flattens its dimensions
                groups.append(token if token == _ELLIPSIS else [token])
    if group is not None:
        raise EinopsError(f'Imbalanced parentheses in expression: "{text}"')
    return groups


def _flat(groups):
    return [name for group in groups for name in group]


def _expand(groups, dims):
    """The ellipsis as one name per dimension it stands for."""
    result = []
    for group in groups:
        if group == _ELLIPSIS:
            result.extend([[name] for name in dims])
        else:
            named = []
            for name in group:
                named.extend(dims if name == _ELLIPSIS else [name])
            result.append(named)
    return result


def _sides(pattern):
    parts = pattern.split('->')
    if len(parts) != 2:
        raise EinopsError(f"Pattern should contain exactly one '->': {pattern}")
    return _parse(parts[0]), _parse(parts[1])


def _check(operation, left, right, lengths):
    names, results = _flat(left), _flat(right)
    for side in (names, results):
        numbered = [n for n in side if not n.isdecimal()]
        if len(set(numbered)) != len(numbered):
            raise EinopsError('Indexing expression contains duplicate dimension')
    if operation == 'rearrange':
        if any([n.isdecimal() for n in names + results]):
            raise EinopsError('Non-unitary anonymous axes are not supported in rearrange (exception is length 1)')
        difference = set(names) ^ set(results)
        if difference:
            raise EinopsError(f'Identifiers only on one side of expression (should be on both): {difference}')
    elif operation == 'repeat':
        gone = set(names) - set(results)
        if gone:
            raise EinopsError(f'Unexpected identifiers on the left side of repeat: {gone}')
        unset = [n for n in results if n not in names and not n.isdecimal() and n not in lengths]
        if unset:
            raise EinopsError(f'Specify sizes for new axes in repeat: {set(unset)}')
    else:
        new = set(results) - set(names)
        if new:
            raise EinopsError(f'Unexpected identifiers on the right side of reduce {operation}: {new}')
    unknown = [n for n in lengths if n not in names and n not in results]
    if unknown:
        raise EinopsError(f'Axis {unknown[0]} is not used in transform')


def _sizes(left, shape, lengths):
    """The extent of every elementary axis on the left."""
    sizes = {}
    for group, extent in zip(left, shape):
        known, missing = 1, None
        for name in group:
            if name.isdecimal():
                sizes[name] = int(name)
            elif name in lengths:
                sizes[name] = lengths[name]
            elif missing is None:
                missing = name
                continue
            else:
                raise EinopsError(f'Could not infer sizes for {[missing, name]}')
            known *= sizes[name]
        if missing is None:
            if extent != known:
                raise EinopsError(f'Shape mismatch, {extent} != {known}')
        elif known == 1:
            sizes[missing] = extent
        else:
            if extent % known != 0:
                raise EinopsError(f"Shape mismatch, can't divide axis of length {extent} in chunks of {known}")
            sizes[missing] = extent // known
    return sizes


def _product(numbers):
    result = 1
    for n in numbers:
        result = result * n
    return result


def _reduce(tensor, reduction, axes):
    if callable(reduction):
        return reduction(tensor, tuple(axes))
    if reduction == 'sum':
        return tensor.sum(axes)
    if reduction == 'mean':
        return tensor.mean(axes)
    if reduction == 'min':
        return tensor.amin(dim=axes)
    if reduction == 'max':
        return tensor.amax(dim=axes)
    if reduction == 'prod':
        for axis in sorted(axes, reverse=True):
            tensor = tensor.prod(dim=axis)
        return tensor
    if reduction == 'any':
        for axis in sorted(axes, reverse=True):
            tensor = tensor.any(dim=axis)
        return tensor
    if reduction == 'all':
        for axis in sorted(axes, reverse=True):
            tensor = tensor.all(dim=axis)
        return tensor
    raise EinopsError(f'Unknown reduction {reduction}')


def apply(operation, tensor, pattern, lengths):
    """`operation` is 'rearrange', 'repeat' or a reduction."""
    if torch._C._is_unknown(tensor):
        return tensor
    if isinstance(tensor, (list, tuple)):
        if len(tensor) == 0:
            raise TypeError("Rearrange/Reduce/Repeat can't be applied to an empty list")
        tensor = torch.stack(tensor)
    left, right = _sides(pattern)
    dims = []
    if _ELLIPSIS in left:
        dims = [_ELLIPSIS + str(i) for i in range(tensor.dim() - len(left) + 1)]
    elif _ELLIPSIS in _flat(left):
        raise EinopsError('Ellipsis inside parenthesis in the left side is not allowed')
    elif _ELLIPSIS in _flat(right):
        raise EinopsError(f'Ellipsis found in right side, but not left side of a pattern {pattern}')
    left, right = _expand(left, dims), _expand(right, dims)
    _check(operation, left, right, lengths)
    if tensor.dim() != len(left):
        raise EinopsError(f'Wrong shape: expected {len(left)} dims. Received {tensor.dim()}-dim tensor.')
    sizes = _sizes(left, tensor.shape, lengths)
    names, results = _flat(left), _flat(right)
    if any([len(group) != 1 for group in left]):
        tensor = tensor.reshape([sizes[name] for name in names])
    kept = [name for name in results if name in names]
    order = kept + [name for name in names if name not in results]
    if order != names:
        tensor = tensor.permute([names.index(name) for name in order])
    if len(order) > len(kept):
        tensor = _reduce(tensor, operation, list(range(len(kept), len(order))))
    if len(results) > len(kept):
        repeats = [-1] * len(results)
        for position, name in enumerate(results):
            if name not in names:
                sizes[name] = repeats[position] = int(name) if name.isdecimal() else lengths[name]
                tensor = tensor.unsqueeze(position)
        tensor = tensor.expand(repeats)
    if any([len(group) != 1 for group in right]):
        tensor = tensor.reshape([_product([sizes[name] for name in group]) for group in right])
    return tensor


def rearrange(tensor, pattern, **axes_lengths):
    return apply('rearrange', tensor, pattern, axes_lengths)


def reduce(tensor, pattern, reduction, **axes_lengths):
    return apply(reduction, tensor, pattern, axes_lengths)


def repeat(tensor, pattern, **axes_lengths):
    return apply('repeat', tensor, pattern, axes_lengths)


def parse_shape(x, pattern):
    names = pattern.split()
    shape = x.shape
    if '...' in names:
        at = names.index('...')
        names = names[:at] + ['_'] * (len(shape) - len(names) + 1) + names[at + 1:]
    if len(names) != len(shape):
        raise RuntimeError(f"Can't parse shape with different number of dimensions: {pattern} {tuple(shape)}")
    result = {}
    for name, extent in zip(names, shape):
        if name.isdecimal():
            if int(name) != extent:
                raise RuntimeError(f'Length of anonymous axis does not match: {pattern} {tuple(shape)}')
        elif name != '_':
            result[name] = extent
    return result


def einsum(*tensors_and_pattern):
    tensors, pattern = tensors_and_pattern[:-1], tensors_and_pattern[-1]
    letters = {}

    def short(side):
        text = ''
        for token in side.replace('...', ' … ').split():
            if token == _ELLIPSIS:
                text += '...'
                continue
            if token not in letters:
                letters[token] = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'[len(letters)]
            text += letters[token]
        return text

    left, right = pattern.split('->')
    equation = ','.join([short(side) for side in left.split(',')]) + '->' + short(right)
    return torch.einsum(equation, *tensors)


def _star(pattern):
    names = pattern.split()
    if names.count('*') != 1:
        raise EinopsError(f'Expected exactly one * in pattern: {pattern}')
    return names.index('*'), len(names) - names.index('*') - 1


def pack(tensors, pattern):
    before, after = _star(pattern)
    shapes, flat = [], []
    for t in tensors:
        shape = t.shape
        if len(shape) < before + after:
            raise EinopsError(f'packed tensor has shape {tuple(shape)}, while pattern {pattern} assumes at least '
                              f'{before + after} axes')
        end = len(shape) - after
        shapes.append(shape[before:end])
        flat.append(t.reshape([*shape[:before], -1, *shape[end:]]))
    return torch.cat(flat, dim=before), shapes


def unpack(tensor, packed_shapes, pattern):
    before, after = _star(pattern)
    shape = tensor.shape
    if len(shape) != before + after + 1:
        raise EinopsError(f'unpack({pattern}, ...) received input of wrong dim with shape {tuple(shape)}')
    lengths = [-1 if -1 in list(s) else _product(s) for s in packed_shapes]
    open_ends = [i for i, n in enumerate(lengths) if n == -1]
    if open_ends:
        lengths[open_ends[0]] = shape[before] - sum([n for n in lengths if n != -1])
    results, start = [], 0
    for n, packed in zip(lengths, packed_shapes):
        part = tensor[(slice(None),) * before + (slice(start, start + n),)]
        results.append(part.reshape([*shape[:before], *packed, *shape[before + 1:]]))
        start += n
    return results


def asnumpy(tensor):
    return tensor.detach().cpu().numpy()
