"""Files as a phone or an office makes them."""

import zipfile
import zlib
from io import BytesIO
from struct import pack

from PIL import ExifTags, Image


def photo(*, with_place: bool = False, size: tuple[int, int] = (40, 20), form: str = "JPEG") -> bytes:
    """Return a picture with a camera's name in it, lying on its side, and with a place if asked for."""
    image = Image.new("RGB", size, "#4a7")
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SecretCamera"
    exif[ExifTags.Base.Orientation] = 6
    if with_place:
        exif[ExifTags.IFD.GPSInfo] = {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (28.0, 6.0, 0.0),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: (109.0, 3.0, 36.0),
        }
    written = BytesIO()
    beside = {"comment": b"SecretCamera of Bob"} if form == "JPEG" else {}
    image.save(written, form, exif=exif, **beside)
    return written.getvalue()


def docx(members: dict[str, bytes] | None = None) -> bytes:
    """Return an office file with these members beside the one that makes it a text."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"word/document.xml": b"<w:document/>", **(members or {})}.items():
            archive.writestr(name, content)
    return written.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it has very many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))

    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
