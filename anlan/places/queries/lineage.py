"""What became of divisions: so that last round's answers follow a unit that was merged, split or renamed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from anlan.places.models import Division, SuccessorLink


@dataclass(frozen=True, slots=True)
class Part:
    """A share of one division that another took over."""

    code: str
    name: str
    share: float
    since: date


def successors_of(code: str) -> list[Part]:
    """Return what took over from the divisions that had the code, the latest change first."""
    links = SuccessorLink.objects.filter(division__code=code).select_related("successor")
    ordered = links.defer(*_shapes("successor")).order_by("-successor__valid_from", "successor__code", "pk")
    return [Part(link.successor.code, link.successor.name, link.share, link.successor.valid_from) for link in ordered]


def predecessors_of(division_ids: Iterable[int], on: date | None = None) -> dict[int, list[tuple[str, float]]]:
    """Return of each division what it was made of: codes with the share of each that went into it.

    Chains are followed to their beginning and shares multiplied; with a day, only what stood on that
    day is told. Divisions that were made of nothing else are left out.
    """
    reached = {division_id: {division_id: 1.0} for division_id in division_ids}  # row → asked → share
    made_of: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    while reached:
        links = SuccessorLink.objects.filter(successor_id__in=reached).select_related("division")
        further: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for link in links.defer(*_shapes("division")).order_by("division__code", "pk"):
            for asked, share in reached[link.successor_id].items():
                further[link.division_id][asked] += share * link.share
                if _stood(link.division, on):
                    made_of[asked][link.division.code] += share * link.share
        reached = further
    return {asked: list(parts.items()) for asked, parts in made_of.items()}


def expired_within(prefix: str, on: date) -> dict[str, str]:
    """Return codes that no longer stand that day, with the names of what took over; empty where nothing did."""
    standing = Division.objects.valid_on(on).within(prefix).values("code")
    gone = Division.objects.within(prefix).filter(valid_until__lte=on).exclude(code__in=standing)
    names: dict[str, list[str]] = {code: [] for code in gone.order_by("code").values_list("code", flat=True)}
    links = SuccessorLink.objects.filter(division__in=gone.values("pk"))
    for code, name in links.order_by("successor__code", "pk").values_list("division__code", "successor__name"):
        names[code].append(name)
    return {code: "、".join(dict.fromkeys(found)) for code, found in names.items()}


def _stood(division: Division, on: date | None) -> bool:
    if on is None:
        return True
    return division.valid_from <= on and (division.valid_until is None or on < division.valid_until)


def _shapes(relation: str) -> list[str]:
    return [f"{relation}__{field}" for field in ("boundary", "outline", "seat")]
