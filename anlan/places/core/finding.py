"""What the one map finds by a name and lists inside an area: each context tells of its own through a registry."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from anlan.ground.registries import Registry
from anlan.places.core.spelling import spelling

MOST_FOUND = 20
Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a text fits: where it is drawn, what its layer calls it, and its page."""

    title: str
    detail: str
    point: Point | None = None
    bounds: Bounds | None = None
    layer: str = ""
    id: int | None = None
    url: str = ""
    rank: int = 0  # 0 begins with the text, more is less


@dataclass(frozen=True, slots=True)
class MapSearch:
    """Things of one kind that are found by name, code or pinyin: `find(person, text, most)`, the best first."""

    key: str
    title: str
    find: Callable[[Any, str, int], Sequence[Found]]
    order: int = 0
    capability: str = "places.read"


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure of what is inside: its words, the number and what it is counted in."""

    words: str
    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class InsideRow:
    """One thing inside: plain values in the order of the columns, where it stands, and its page."""

    cells: tuple[Any, ...]
    point: Point
    url: str = ""


@dataclass(frozen=True, slots=True)
class Inside:
    """Everything of one kind inside; titles and notes are in the reader's words."""

    columns: tuple[str, ...]
    rows: Sequence[InsideRow]
    sums: tuple[Sum, ...] = ()
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class InsideList:
    """Things of one kind that lie inside an area: `look(person, area)`, the area a polygon in WGS 84 as WKT."""

    key: str
    title: str
    look: Callable[[Any, str], Inside]
    order: int = 0
    capability: str = "places.read"


SEARCHES: Registry[MapSearch] = Registry(key=lambda search: (search.order, search.key))
INSIDES: Registry[InsideList] = Registry(key=lambda listed: (listed.order, listed.key))


@lru_cache(maxsize=50_000)
def _spelled(name: str) -> tuple[str, str]:
    return spelling(name)


def rank_of(text: str, name: str, code: str = "") -> int | None:
    """Return how well the text fits: 0 begins name or code, 1 begins the pinyin, 2 is inside; None does not fit.

    Args:
        text: in small letters.
        name: as written.
        code: a number or sign by which it is known too.

    >>> [rank_of(text, "柳溪站", "R1") for text in ("柳溪", "r1", "lxz", "xizhan", "枫")]
    [0, 0, 1, 2, None]
    """
    if name.lower().startswith(text) or code.lower().startswith(text):
        return 0
    pinyin, initials = _spelled(name) if text.isascii() else ("", "")
    if pinyin.startswith(text) or initials.startswith(text):
        return 1
    return 2 if text in name.lower() or text in pinyin else None


def best_of(text: str, things: Iterable[tuple[str, str, T]], most: int = MOST_FOUND) -> list[tuple[int, T]]:
    """Return rank and thing of those whose name or code the text fits, the best first."""
    fitting = [(rank, name, thing) for name, code, thing in things if (rank := rank_of(text, name, code)) is not None]
    fitting.sort(key=lambda each: (each[0], len(each[1]), each[1]))
    return [(rank, thing) for rank, _name, thing in fitting[:most]]
