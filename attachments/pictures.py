"""
Pictures made anew: upright, smaller, and with nothing in them but their pixels (pure).

Nobody is handed the bytes that somebody else handed in. Where and when a photograph was taken, what a program wrote into
it, and whatever was hidden behind the picture stay outside.
"""

import io
from dataclasses import dataclass
from threading import Lock

import pi_heif
from PIL import Image, ImageOps

from attachments.refusals import FileIsBroken, TooManyPixels

pi_heif.register_heif_opener(thumbnails=False)

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
PIXEL_LIMIT = 50_000_000
"""A telephone's largest photograph has 48 million."""
LARGE, SMALL = 1280, 192
"""The longer side of what is kept, pixels: for a page of its own, and for a list."""
QUALITY = 80
SMOOTH = frozenset({"RGB", "RGBA", "L", "LA", "CMYK", "YCbCr"})
"""Ways of keeping colours that can be made smaller as they are; the others are turned into colours first."""


_one_at_a_time = Lock()
"""The largest picture takes 400 MB while it is made smaller; a process does not do that in all its threads at once."""


@dataclass(frozen=True, slots=True)
class MadePicture:
    """A picture in two sizes, and how large the larger is."""

    large: bytes
    small: bytes
    width: int
    height: int


def is_picture(content: bytes) -> bool:
    """Whether the bytes begin as a picture of a format that is taken."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS):
            return True
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return True
    except Exception:  # whatever else a decoder says of bytes from outside, it is no picture
        return False


def made_picture(content: bytes, *, name: str) -> MadePicture:
    """
    Make a picture anew.

    :raises TooManyPixels: its own words say that it is larger than ``PIXEL_LIMIT``; it is not opened.
    :raises FileIsBroken: it cannot be read to its end.
    """
    try:
        with _one_at_a_time, Image.open(io.BytesIO(content), formats=FORMATS) as original:
            if original.width * original.height > PIXEL_LIMIT:
                raise TooManyPixels(name=name, limit=PIXEL_LIMIT // 1_000_000)
            picture = original if original.mode in SMOOTH else _to_rgb(original)
            picture.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
            bare = _without_metadata(ImageOps.exif_transpose(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(name=name, limit=PIXEL_LIMIT // 1_000_000) from None
    except TooManyPixels:
        raise
    except Exception as error:  # a decoder fails in any way on bytes from outside
        raise FileIsBroken(name=name) from error
    small = bare.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return MadePicture(_as_webp(bare), _as_webp(small), bare.width, bare.height)


def _to_rgb(picture: Image.Image) -> Image.Image:
    """The first frame as RGB, or RGBA where something shows through."""
    is_seen_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    return picture.convert("RGBA" if is_seen_through else "RGB")


def _without_metadata(picture: Image.Image) -> Image.Image:
    """A picture without what else its file says."""
    coloured = _to_rgb(picture)
    bare = Image.new(coloured.mode, coloured.size)
    bare.paste(coloured)
    return bare


def _as_webp(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=QUALITY, method=4)
    return buffer.getvalue()
