"""The transforms: each maps an image (PIL, array or tensor of C×H×W) to one of a known size."""
import numbers

import torch

from PIL.Image import Image


def _size_of(image):
    if isinstance(image, torch.Tensor):
        return image.shape[-2], image.shape[-1]
    return image.height, image.width


def _sized(image, height, width):
    if isinstance(image, torch.Tensor):
        return torch.empty(*image.shape[:-2], height, width, dtype=image.dtype)
    return Image(image.mode, (width, height))


def _pair(size):
    if isinstance(size, numbers.Number):
        return size, size
    size = list(size)
    return (size[0], size[0]) if len(size) == 1 else (size[0], size[1])


def _tensor(image, dtype):
    if isinstance(image, torch.Tensor):
        return image
    if isinstance(image, Image):
        return torch.empty(len(image.getbands()), image.height, image.width, dtype=dtype)
    t = torch.as_tensor(image)
    t = t.unsqueeze(0) if t.dim() == 2 else t.permute(2, 0, 1)
    return t.to(dtype) if t.dtype == torch.uint8 else t


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, img, *rest):
        for t in self.transforms:
            img = t(img)
        return (img, *rest) if rest else img


class _Same:
    """Leaves size and type alone."""
    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, img, *rest):
        return (img, *rest) if rest else img

    forward = __call__


class RandomHorizontalFlip(_Same):
    pass


class RandomVerticalFlip(_Same):
    pass


class ColorJitter(_Same):
    pass


class RandomRotation(_Same):
    pass


class RandomAffine(_Same):
    pass


class RandomPerspective(_Same):
    pass


class GaussianBlur(_Same):
    pass


class RandomErasing(_Same):
    pass


class Normalize(_Same):
    pass


class RandomInvert(_Same):
    pass


class RandomPosterize(_Same):
    pass


class RandomSolarize(_Same):
    pass


class RandomAdjustSharpness(_Same):
    pass


class RandomAutocontrast(_Same):
    pass


class RandomEqualize(_Same):
    pass


class ElasticTransform(_Same):
    pass


class AutoAugment(_Same):
    pass


class RandAugment(_Same):
    pass


class TrivialAugmentWide(_Same):
    pass


class AugMix(_Same):
    pass


class AutoAugmentPolicy:
    IMAGENET = 'imagenet'
    CIFAR10 = 'cifar10'
    SVHN = 'svhn'


class ToTensor:
    def __init__(self):
        pass

    def __call__(self, pic):
        return _tensor(pic, torch.float32)


class PILToTensor(ToTensor):
    def __call__(self, pic):
        return _tensor(pic, torch.uint8)


class ToPILImage:
    def __init__(self, mode=None):
        self.mode = mode

    def __call__(self, pic):
        if isinstance(pic, Image):
            return pic
        channels, (height, width) = pic.shape[0] if isinstance(pic, torch.Tensor) else pic.shape[-1], _size_of(pic)
        return Image(self.mode or ('L' if channels == 1 else 'RGB'), (width, height))


class ConvertImageDtype:
    def __init__(self, dtype):
        self.dtype = dtype

    def __call__(self, image):
        return image.to(self.dtype)


class Resize:
    def __init__(self, size, interpolation=None, max_size=None, antialias=True):
        self.size = size

    def __call__(self, img):
        if not isinstance(self.size, numbers.Number) and len(self.size) == 2:
            return _sized(img, *self.size)
        short = self.size if isinstance(self.size, numbers.Number) else self.size[0]
        height, width = _size_of(img)
        if not (torch._C._is_known(height) and torch._C._is_known(width)):
            return _sized(img, torch._C._unknown('the longer side of an image file'), torch._C._unknown('the longer side of an image file'))
        if width <= height:
            return _sized(img, int(short * height / width), short)
        return _sized(img, short, int(short * width / height))


Scale = Resize


class CenterCrop:
    def __init__(self, size, *args, **kwargs):
        self.size = _pair(size)

    def __call__(self, img):
        return _sized(img, *self.size)


class RandomCrop(CenterCrop):
    pass


class RandomResizedCrop(CenterCrop):
    pass


class RandomSizedCrop(CenterCrop):
    pass


class FiveCrop(CenterCrop):
    _count = 5

    def __call__(self, img):
        return tuple([_sized(img, *self.size) for _ in range(self._count)])


class TenCrop(FiveCrop):
    _count = 10


class Pad:
    def __init__(self, padding, fill=0, padding_mode='constant'):
        p = [padding] if isinstance(padding, numbers.Number) else list(padding)
        # left, top, right, bottom
        self.padding = p * 4 if len(p) == 1 else p * 2 if len(p) == 2 else p

    def __call__(self, img):
        left, top, right, bottom = self.padding
        height, width = _size_of(img)
        return _sized(img, height + top + bottom, width + left + right)


class Grayscale:
    def __init__(self, num_output_channels=1):
        self.channels = num_output_channels

    def __call__(self, img):
        if isinstance(img, torch.Tensor):
            return torch.empty(*img.shape[:-3], self.channels, *img.shape[-2:], dtype=img.dtype)
        return Image('L' if self.channels == 1 else 'RGB', img.size)


class RandomGrayscale(_Same):
    pass


class Lambda:
    def __init__(self, lambd):
        self.lambd = lambd

    def __call__(self, img):
        return self.lambd(img)


class RandomApply(Compose):
    def __init__(self, transforms, p=0.5):
        super().__init__(transforms)


class RandomOrder(Compose):
    pass


class RandomChoice(Compose):
    def __init__(self, transforms, p=None):
        super().__init__(list(transforms)[:1])
