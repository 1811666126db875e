"""What a page of the map says, and which pictures are taken for one.

Source: docs/one-map.md; PNG (ISO 15948), 11.2.2.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, log10, radians

from anlan.kernel.refusal import Refusal

MOST_BYTES = 12 * 1024 * 1024
SHORTEST, LONGEST = 100, 8000  # pixels of a side
MOST_PIXELS = 40_000_000
LONGEST_TITLE, LONGEST_NOTE = 80, 200
SIGNATURE = b"\x89PNG\r\n\x1a\n"
EARTH_M = 40_075_016.686  # round the equator
PAPERS = ("a4", "a3")
PICTURE_MM = {"a4": 271.0, "a3": 394.0}  # width of the picture on the page


class BadPicture(Refusal):
    """What was sent is no picture of the map."""


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A colour and what it means."""

    colour: str
    words: str
    shape: str


@dataclass(frozen=True, slots=True)
class MapPage:
    """All that stands on the page; texts are in the reader's words."""

    title: str
    issuer: str
    printed: str
    note: str
    legend: Sequence[tuple[str, Sequence[LegendLine]]]
    scale: str
    extent: str
    language: str
    paper: str = "a4"


def size_of_png(content: bytes) -> tuple[int, int]:
    """Return width and height of a PNG by its head.

    Raises:
        BadPicture: it is none, or larger or smaller than a map's picture is.
    """
    if len(content) > MOST_BYTES:
        raise BadPicture("The picture is larger than %(most)d MB", most=MOST_BYTES // 1024**2)
    if content[:8] != SIGNATURE or content[12:16] != b"IHDR" or len(content) < 33:
        raise BadPicture("The picture is no PNG")
    width, height = struct.unpack(">II", content[16:24])
    sides = min(width, height) >= SHORTEST and max(width, height) <= LONGEST
    if not sides or width * height > MOST_PIXELS:
        raise BadPicture(
            "The picture measures %(width)d × %(height)d: too small or too large", width=width, height=height
        )
    return width, height


def bounds_asked(text: str) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north, None where the text says no such thing.

    >>> bounds_asked("109,28,110,29"), bounds_asked("109,28"), bounds_asked("1,2,nan,4")
    ((109.0, 28.0, 110.0, 29.0), None, None)
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (west, south, east, north) if -180 <= west < east <= 180 and -85 <= south < north <= 85 else None


def scale_of(bounds: tuple[float, float, float, float], paper: str) -> int:
    """Return the denominator of the scale in the middle of the page, to two digits.

    >>> scale_of((109.0, 28.0, 109.5, 28.3), "a4")
    180000
    """
    west, south, east, north = bounds
    metres = (east - west) / 360 * EARTH_M * cos(radians((south + north) / 2))
    exact = metres / (PICTURE_MM[paper] / 1000)
    step: int = 10 ** max(int(log10(exact)) - 1, 0)
    return round(exact / step) * step


def extent_words(bounds: tuple[float, float, float, float]) -> str:
    """Return the bounds as they stand on the page.

    >>> extent_words((109.0, 28.0, 109.5, 28.3))
    '109.0000°–109.5000° E, 28.0000°–28.3000° N'
    """
    west, south, east, north = bounds
    return f"{west:.4f}°–{east:.4f}° E, {south:.4f}°–{north:.4f}° N"


def moment_words(at: datetime) -> str:
    """Return the moment as it stands on the page."""
    return f"{at:%Y-%m-%d %H:%M}"
