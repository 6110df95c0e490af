"""Data sets by what their documentation says: how many items of which size. No file is read."""
import torch

from PIL.Image import Image

from torch.utils.data import Dataset

_UNKNOWN_SIZE = 'the size of an image file'


class VisionDataset(Dataset):
    """`root`, transforms, and items that a subclass describes with `_image()`, `_label()` and `_length`."""
    _size = None
    _mode = 'RGB'
    _length = None
    _classes = None

    def __init__(self, root=None, transforms=None, transform=None, target_transform=None):
        self.root = root
        self.transforms = transforms
        self.transform = transform
        self.target_transform = target_transform

    def _image(self):
        size = self._size
        if size is None:
            size = (torch._C._unknown(_UNKNOWN_SIZE), torch._C._unknown(_UNKNOWN_SIZE))
        return Image(self._mode, size)

    def _label(self):
        return 0

    def __getitem__(self, index):
        image = self._image()
        target = self._label()
        if self.transforms is not None:
            return self.transforms(image, target)
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def __len__(self):
        if self._length is None:
            return torch._C._unknown('the number of files of ' + type(self).__name__)
        return self._length

    @property
    def classes(self):
        if self._classes is None:
            return torch._C._unknown('the classes of ' + type(self).__name__)
        return [str(i) for i in range(self._classes)]

    @property
    def class_to_idx(self):
        return {name: i for i, name in enumerate(self.classes)}

    @property
    def targets(self):
        return [0] * self._length if self._length is not None else torch._C._unknown('the labels of ' + type(self).__name__)


class _ByTrain(VisionDataset):
    """Data sets with `train=True`; `_lengths` is (train, test)."""
    _lengths = (None, None)

    def __init__(self, root=None, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.train = train
        self._length = self._lengths[0 if train else 1]


class MNIST(_ByTrain):
    _size = (28, 28)
    _mode = 'L'
    _classes = 10
    _lengths = (60000, 10000)

    @property
    def data(self):
        return torch.zeros(self._length, *self._size, dtype=torch.uint8)

    @property
    def targets(self):
        return torch.zeros(self._length, dtype=torch.int64)

    train_data = test_data = data
    train_labels = test_labels = targets


class FashionMNIST(MNIST):
    pass


class KMNIST(MNIST):
    pass


class QMNIST(MNIST):
    def __init__(self, root=None, what=None, compat=True, train=True, **kwargs):
        super().__init__(root, train, kwargs.get('transform'), kwargs.get('target_transform'))
        self._length = {'train': 60000, 'test': 60000, 'test10k': 10000, 'test50k': 50000}.get(what, 60000)


class EMNIST(MNIST):
    # letters of the documented splits: train, test, classes
    _splits = {'byclass': (697932, 116323, 62), 'bymerge': (697932, 116323, 47), 'balanced': (112800, 18800, 47),
               'letters': (124800, 20800, 27), 'digits': (240000, 40000, 10), 'mnist': (60000, 10000, 10)}

    def __init__(self, root=None, split='balanced', **kwargs):
        super().__init__(root, **kwargs)
        train, test, self._classes = self._splits[split]
        self._length = train if self.train else test


class USPS(_ByTrain):
    _size = (16, 16)
    _mode = 'L'
    _classes = 10
    _lengths = (7291, 2007)


class CIFAR10(_ByTrain):
    _size = (32, 32)
    _classes = 10
    _lengths = (50000, 10000)

    @property
    def data(self):
        import numpy
        return numpy.zeros((self._length, 32, 32, 3), dtype='uint8')


class CIFAR100(CIFAR10):
    _classes = 100


class _BySplit(VisionDataset):
    _lengths = {}

    def __init__(self, root=None, split=None, transform=None, target_transform=None, download=False, **kwargs):
        super().__init__(root, kwargs.get('transforms'), transform, target_transform)
        self.split = split if split is not None else list(self._lengths)[0]
        self._length = self._lengths.get(self.split)


class SVHN(_BySplit):
    _size = (32, 32)
    _classes = 10
    _lengths = {'train': 73257, 'test': 26032, 'extra': 531131}


class STL10(_BySplit):
    _size = (96, 96)
    _classes = 10
    _lengths = {'train': 5000, 'test': 8000, 'unlabeled': 100000, 'train+unlabeled': 105000}


class ImageNet(_BySplit):
    _classes = 1000
    _lengths = {'train': 1281167, 'val': 50000}


class Food101(_BySplit):
    _classes = 101
    _lengths = {'train': 75750, 'test': 25250}


class Flowers102(_BySplit):
    _classes = 102
    _lengths = {'train': 1020, 'val': 1020, 'test': 6149}


class OxfordIIITPet(_BySplit):
    _classes = 37
    _lengths = {'trainval': 3680, 'test': 3669}


class GTSRB(_BySplit):
    _classes = 43
    _lengths = {'train': 26640, 'test': 12630}


class StanfordCars(_BySplit):
    _classes = 196
    _lengths = {'train': 8144, 'test': 8041}


class DTD(_BySplit):
    _classes = 47
    _lengths = {'train': 1880, 'val': 1880, 'test': 1880}


class EuroSAT(VisionDataset):
    _size = (64, 64)
    _classes = 10
    _length = 27000

    def __init__(self, root=None, transform=None, target_transform=None, download=False, **kwargs):
        super().__init__(root, None, transform, target_transform)


class CelebA(_BySplit):
    _size = (178, 218)
    _lengths = {'train': 162770, 'valid': 19867, 'test': 19962, 'all': 202599}

    def __init__(self, root=None, split='train', target_type='attr', transform=None, target_transform=None, download=False):
        super().__init__(root, split, transform, target_transform)

    def _label(self):
        return torch.zeros(40, dtype=torch.int64)


class DatasetFolder(VisionDataset):
    def __init__(self, root=None, loader=None, extensions=None, transform=None, target_transform=None, is_valid_file=None,
                 allow_empty=False):
        super().__init__(root, None, transform, target_transform)

    @property
    def samples(self):
        return torch._C._unknown('the files of a folder')

    imgs = samples


class ImageFolder(DatasetFolder):
    def __init__(self, root=None, transform=None, target_transform=None, loader=None, is_valid_file=None, allow_empty=False):
        super().__init__(root, loader, None, transform, target_transform, is_valid_file)


class LSUN(VisionDataset):
    def __init__(self, root=None, classes='train', transform=None, target_transform=None):
        super().__init__(root, None, transform, target_transform)


class FakeData(VisionDataset):
    def __init__(self, size=1000, image_size=(3, 224, 224), num_classes=10, transform=None, target_transform=None,
                 random_offset=0):
        super().__init__(None, None, transform, target_transform)
        self.size = self._length = size
        self.num_classes = self._classes = num_classes
        self.image_size = image_size
        self._size = (image_size[2], image_size[1])
        self._mode = 'L' if image_size[0] == 1 else 'RGB'


def default_loader(path):
    from PIL import Image as module
    return module.open(path)


pil_loader = default_loader
