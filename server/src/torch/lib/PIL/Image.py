"""Image: mode and size, no pixels. The size of a file on disk is not known."""
import torch

NEAREST = 0
LANCZOS = ANTIALIAS = 1
BILINEAR = 2
BICUBIC = 3
BOX = 4
HAMMING = 5
FLIP_LEFT_RIGHT = 0
FLIP_TOP_BOTTOM = 1

_BANDS = {'1': ('1',), 'L': ('L',), 'P': ('P',), 'I': ('I',), 'F': ('F',), 'YCbCr': ('Y', 'Cb', 'Cr'), 'I;16': ('I',)}


class Resampling:
    NEAREST = 0
    LANCZOS = 1
    BILINEAR = 2
    BICUBIC = 3
    BOX = 4
    HAMMING = 5


class Transpose:
    FLIP_LEFT_RIGHT = 0
    FLIP_TOP_BOTTOM = 1


class Image:
    def __init__(self, mode='RGB', size=(0, 0)):
        self.mode = mode
        self.size = size
        self.info = {}
        self.format = None

    @property
    def width(self):
        return self.size[0]

    @property
    def height(self):
        return self.size[1]

    def getbands(self):
        return _BANDS.get(self.mode) or tuple(self.mode)

    def split(self):
        return tuple([Image('L', self.size) for _ in self.getbands()])

    def getdata(self, band=None):
        return torch._C._unknown('the pixels of an image')

    def getchannel(self, channel):
        return Image('L', self.size)

    def thumbnail(self, size, *args, **kwargs):
        pass

    def _same(self, *args, **kwargs):
        return self

    copy = filter = transpose = transform = load = rotate = _same

    def convert(self, mode=None, *args, **kwargs):
        return Image(mode or self.mode, self.size)

    def resize(self, size, *args, **kwargs):
        return Image(self.mode, tuple(size))

    def crop(self, box=None):
        return self if box is None else Image(self.mode, (box[2] - box[0], box[3] - box[1]))

    def close(self):
        pass

    def save(self, *args, **kwargs):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    @property
    def __array_interface__(self):
        return {'shape': (self.height, self.width, len(self.getbands()))}

    def __array__(self, *args, **kwargs):
        import numpy
        shape = (self.height, self.width)
        return numpy.zeros(shape if len(self.getbands()) == 1 else shape + (len(self.getbands()),), dtype='uint8')


def open(fp, mode='r', formats=None):
    why = 'the size of an image file'
    return Image('RGB', (torch._C._unknown(why), torch._C._unknown(why)))


def new(mode, size, color=0):
    return Image(mode, tuple(size))


def merge(mode, bands):
    return Image(mode, bands[0].size)


def fromarray(obj, mode=None):
    shape = obj.shape
    return Image(mode or ('L' if len(shape) == 2 else 'RGB'), (shape[1], shape[0]))
