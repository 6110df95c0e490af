"""numpy by the names that model code uses: ufuncs, grids, padding, sets, windows, places."""
import numpy as np
import torch


def same(a, b):
    assert np.allclose(np.asarray(a, dtype=float), np.asarray(b, dtype=float)), (a, b)


def check_assignment_casts():
    a = np.zeros((2, 2, 3, 3), dtype=np.float64)
    a[list(range(2)), list(range(2)), :, :] = np.ones((3, 3), dtype=np.float32)
    a[0] = np.arange(3)
    assert a.dtype == np.float64 and a.sum() == 27


def check_numbers_of_arrays():
    assert np.float32(4.5).item() == 4.5 and np.int64(3).item() == 3 and np.float64(2).tolist() == 2.0
    assert isinstance(np.ones(3)[0], np.floating) and isinstance(np.arange(3)[1], np.integer)
    assert np.float32(3).astype(int) == 3 and np.arange(4).max().item() == 3 and np.float32(1).ndim == 0
    assert [1, 2, 3][np.int64(1)] == 2 and list(range(np.arange(4)[2])) == [0, 1]
    assert f'{np.float32(3.5):.2f}' == '3.50' and np.int32(5) // 2 == 2 and np.int64('3') == 3
    assert torch.tensor(np.float64(1)).dtype == torch.float64 and torch.tensor([np.float32(1)]).dtype == torch.float32
    assert torch.tensor(np.arange(3)[1]).dtype == torch.int64 and (torch.ones(2) * np.float64(2)).dtype == torch.float32
    assert torch.full((2,), np.float64(1)).dtype == torch.float32
    assert np.float32([1, 2]).shape == (2,) and np.float32(3).dtype == np.float32


def check_integer_names_of_numpy_2():
    offsets = np.array((0, *np.cumsum([10, 20, 30])[:-1]), dtype=np.long)
    assert offsets.tolist() == [0, 10, 30] and offsets.dtype == np.int64
    assert np.zeros(2, dtype=np.intc).dtype == np.int32 and np.array([1], dtype=np.ubyte).dtype == np.uint8


def check_ufuncs():
    a, b = np.array([1, 2, 4]), np.array([2, 2, 2])
    same(np.add(a, b), [3, 4, 6])
    same(np.subtract(a, 1), [0, 1, 3])
    same(np.divide(a, b), [0.5, 1, 2])
    same(np.floor_divide(a, b), [0, 1, 2])
    assert np.multiply(3, 4) == 12 and np.divide(1, 4) == 0.25 and np.floor_divide(7, 2) == 3
    assert np.multiply.reduce(a) == 8 and np.add.reduce([1, 2, 3]) == 6
    same(np.add.accumulate(a), [1, 3, 7])
    same(np.subtract.outer(a, b), [[-1, -1, -1], [0, 0, 0], [2, 2, 2]])
    same(np.maximum.accumulate(np.array([1, 3, 2])), [1, 3, 3])
    assert np.greater(a, b).tolist() == [False, False, True] and np.equal(a, b).tolist() == [False, True, False]
    assert np.logical_xor(True, False) and np.bitwise_and(6, 3) == 2 and np.left_shift(1, 4) == 16
    same(np.hypot(3, 4), 5)
    same(np.negative(a), [-1, -2, -4])
    same(np.exp2(a), [2, 4, 16])
    same([np.radians(180.0), np.degrees(np.pi), np.expm1(0.0)], [np.pi, 180.0, 0.0])


def check_grids():
    same(np.mgrid[0:2, 0:3], [[[0, 0, 0], [1, 1, 1]], [[0, 1, 2], [0, 1, 2]]])
    assert np.mgrid[-1:1:5j].tolist() == [-1, -0.5, 0, 0.5, 1]
    y, x = np.ogrid[0:2, 0:3]
    assert y.shape == (2, 1) and x.shape == (1, 3)
    assert np.r_[0, 1:3, [7, 8]].tolist() == [0, 1, 2, 7, 8]
    assert np.c_[np.array([1, 2]), np.array([3, 4])].tolist() == [[1, 3], [2, 4]]
    assert np.indices((2, 2)).shape == (2, 2, 2)
    assert np.array([[1, 2, 3], [4, 5, 6]])[np.ix_([0, 1], [0, 2])].tolist() == [[1, 3], [4, 6]]
    assert list(np.ndindex(2, 2)) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [int(v) for v in np.unravel_index(5, (2, 3))] == [1, 2]
    assert int(np.ravel_multi_index((1, 2), (2, 3))) == 5


def check_places():
    a = np.array([[0, 2], [3, 0]])
    assert [p.tolist() for p in np.nonzero(a)] == [[0, 1], [1, 0]] and np.argwhere(a).tolist() == [[0, 1], [1, 0]]
    assert np.flatnonzero(a).tolist() == [1, 2] and np.count_nonzero(a) == 2
    assert [p.tolist() for p in np.triu_indices(3, k=1)] == [[0, 0, 1], [1, 2, 2]]
    assert np.take(np.array([5, 6, 7]), [2, 0]).tolist() == [7, 5]
    assert np.take(a, [1], axis=1).tolist() == [[2], [0]]
    assert np.take_along_axis(a, np.argsort(a, axis=1), axis=1).tolist() == [[0, 2], [0, 3]]


def check_padding():
    a = np.arange(3)
    assert np.pad(a, 1).tolist() == [0, 0, 1, 2, 0]
    assert np.pad(a, (2, 1), 'edge').tolist() == [0, 0, 0, 1, 2, 2]
    assert np.pad(a, (2, 2), mode='reflect').tolist() == [2, 1, 0, 1, 2, 1, 0]
    assert np.pad(a, (2, 2), mode='symmetric').tolist() == [1, 0, 0, 1, 2, 2, 1]
    assert np.pad(a, (2, 1), mode='wrap').tolist() == [1, 2, 0, 1, 2, 0]
    assert np.pad(np.ones((2, 2)), ((1, 0), (0, 2)), constant_values=5).tolist() == [[5, 5, 5, 5], [1, 1, 5, 5], [1, 1, 5, 5]]


def check_joining_and_cutting():
    a = np.arange(6).reshape(2, 3)
    assert np.atleast_2d([1, 2]).shape == (1, 2) and np.atleast_1d(3).tolist() == [3] and np.atleast_3d(a).shape == (2, 3, 1)
    assert np.column_stack([[1, 2], [3, 4]]).tolist() == [[1, 3], [2, 4]] and np.dstack([a, a]).shape == (2, 3, 2)
    assert np.block([[np.ones((1, 1)), np.zeros((1, 2))], [np.zeros((1, 3))]]).tolist() == [[1, 0, 0], [0, 0, 0]]
    assert [p.tolist() for p in np.array_split(np.arange(5), 2)] == [[0, 1, 2], [3, 4]]
    assert np.rot90(a).tolist() == [[2, 5], [1, 4], [0, 3]] and np.fliplr(a).tolist() == [[2, 1, 0], [5, 4, 3]]
    assert np.delete(np.arange(4), 1).tolist() == [0, 2, 3] and np.insert(np.arange(3), 1, 9).tolist() == [0, 9, 1, 2]
    assert np.diag([1, 2]).tolist() == [[1, 0], [0, 2]] and np.trace(np.eye(3)) == 3 and np.tri(2).tolist() == [[1, 0], [1, 1]]
    b = np.zeros((2, 2))
    np.fill_diagonal(b, 3)
    assert b.tolist() == [[3, 0], [0, 3]]
    assert np.apply_along_axis(lambda row: row.sum(), 1, a).tolist() == [3, 12]


def check_statistics():
    same(np.percentile([1, 2, 3, 4], 50), 2.5)
    same(np.quantile(np.arange(5), [0.25, 0.75]), [1, 3])
    same(np.average([1, 2, 3], weights=[3, 2, 1]), 10 / 6)
    assert np.bincount([0, 1, 1, 3]).tolist() == [1, 2, 0, 1] and np.ptp(np.array([1, 5])) == 4
    assert np.digitize([0.5, 1.5], [0, 1, 2]).tolist() == [1, 2]
    counts, edges = np.histogram([1, 2, 1, 4], bins=3)
    assert counts.tolist() == [2, 1, 1] and edges.tolist() == [1, 2, 3, 4]
    same(np.interp([0.5, 5.0], [0, 1, 2], [0, 10, 20]), [5, 20])
    assert np.isin([1, 2, 3], [2]).tolist() == [False, True, False] and np.setdiff1d([3, 1, 2], [2]).tolist() == [1, 3]
    assert np.union1d([2, 1], [2, 3]).tolist() == [1, 2, 3] and np.intersect1d([1, 2], [2, 3]).tolist() == [2]
    assert np.convolve([1, 2, 3], [0, 1, 0.5], 'same').tolist() == [1, 2.5, 4]
    assert np.convolve([1, 2, 3], [1, 1], 'valid').tolist() == [3, 5]
    same(np.nanmean(np.array([1.0, np.nan, 3.0])), 2)
    same(np.kron([1, 2], [1, 1]), [1, 1, 2, 2])
    same(np.cross([1, 0, 0], [0, 1, 0]), [0, 0, 1])
    same(np.polyval([1, 0, 2], 3), 11)
    same(np.gradient(np.array([1.0, 2.0, 4.0])), [1, 1.5, 2])
    same(np.vander([1, 2], 3), [[1, 1, 1], [4, 2, 1]])
    same(np.trapezoid([1, 2, 3]), 4)
    same(np.tensordot(np.arange(6).reshape(2, 3), np.ones((3, 2)), axes=1), [[3, 3], [12, 12]])
    same(np.nan_to_num(np.array([np.nan, 1.0])), [0, 1])
    same(np.dot([1, 2], [3, 4]), 11)
    same(np.array([[1, 2], [3, 4]]) @ np.array([[0, 1], [1, 0]]), [[2, 1], [4, 3]])
    same(np.sinc(np.array([0.0, 0.5])), [1, 2 / np.pi])


def check_windows():
    same(np.hanning(5), [0, 0.5, 1, 0.5, 0])
    same(np.hamming(3), [0.08, 1, 0.08])
    same(np.bartlett(5), [0, 0.5, 1, 0.5, 0])
    same(np.blackman(3), [0, 1, 0])
    same(np.kaiser(5, 8.6), [0.00133251, 0.34039362, 1, 0.34039362, 0.00133251])
    same(np.geomspace(1, 8, 4), [1, 2, 4, 8])


def check_functions_made_from_functions():
    assert np.vectorize(lambda a, b: a + b)(np.array([1, 2]), 3).tolist() == [4, 5]
    assert np.fromfunction(lambda i, j: i + j, (2, 2), dtype=int).tolist() == [[0, 1], [1, 2]]
    assert np.fromiter((i * i for i in range(3)), dtype=int).tolist() == [0, 1, 4]


def check_slices_that_run_back():
    a = np.arange(6).reshape(2, 3)
    assert np.array([1, 2, 3])[::-1].copy().tolist() == [3, 2, 1] and np.arange(5)[3:0:-2].tolist() == [3, 1]
    assert a[:, ::-1].tolist() == [[2, 1, 0], [5, 4, 3]] and a[::-1, 0].tolist() == [3, 0] and a[..., ::-1].shape == (2, 3)
    assert a[None, ::-1].tolist() == [[[3, 4, 5], [0, 1, 2]]]


def check_unique_items():
    values, where, back, counts = np.unique([3, 1, 3], return_index=True, return_inverse=True, return_counts=True)
    assert [v.tolist() for v in (values, where, back, counts)] == [[1, 3], [1, 0], [1, 0, 1], [1, 2]]


def check_random_states():
    assert np.random.RandomState(0).randn(2, 3).shape == (2, 3) and np.random.default_rng(0).normal(size=4).shape == (4,)


if __name__ == '__main__':
    for name, check in list(globals().items()):
        if name.startswith('check_'):
            check()
