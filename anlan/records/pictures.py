"""Pictures are drawn again before they are kept: what a camera writes beside the picture stays outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageOps

from anlan.records.core.file_kinds import JPEG, PNG, WEBP, BadFile, FileKind

MOST_PIXELS = 60_000_000  # a phone's largest picture has 50 million
FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
SETTINGS: Mapping[str, Mapping[str, object]] = {
    "JPEG": {"quality": 90, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 90},
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn again, and where it was taken if its camera said so."""

    content: bytes
    longitude: float | None
    latitude: float | None


def redraw(name: str, content: bytes, kind: FileKind) -> Picture:
    """Return the picture upright and without anything beside it.

    Raises:
        BadFile: it cannot be drawn, or has so many pixels that drawing it would take the server down.
    """
    try:
        image: Image.Image = Image.open(BytesIO(content), formats=[FORMATS[kind]])
        _check_pixels(name, image)
        longitude, latitude = place_of(image)
        drawn = BytesIO()
        _plain(image, kind).save(drawn, FORMATS[kind], **SETTINGS[FORMATS[kind]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BadFile("%(name)s is damaged and cannot be shown as a picture", name=name) from error
    return Picture(drawn.getvalue(), longitude, latitude)


def _check_pixels(name: str, image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels(name)


def _too_many_pixels(name: str) -> BadFile:
    return BadFile(
        "%(name)s has more than %(most)d million pixels; make it smaller", name=name, most=MOST_PIXELS // 1_000_000
    )


def _plain(image: Image.Image, kind: FileKind) -> Image.Image:
    upright = ImageOps.exif_transpose(image)
    mode = upright.mode
    if kind == JPEG:
        mode = "L" if mode == "L" else "RGB"
    elif mode not in {"L", "LA", "RGB", "RGBA"}:
        mode = "RGBA"
    plain = upright.convert(mode)
    plain.info = {}  # comments, colour profile, EXIF and XMP all stand here
    return plain


def place_of(image: Image.Image) -> tuple[float | None, float | None]:
    """Return longitude and latitude in degrees from the camera's own data, None where it kept none."""
    written = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    try:
        longitude = _degrees(written[ExifTags.GPS.GPSLongitude], written[ExifTags.GPS.GPSLongitudeRef], "W")
        latitude = _degrees(written[ExifTags.GPS.GPSLatitude], written[ExifTags.GPS.GPSLatitudeRef], "S")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        return None, None
    return round(longitude, 6), round(latitude, 6)


def _degrees(parts: tuple[float, float, float], half: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if half == negative else value
