"""Codes and names of the townships and villages, by the rules of division codes.

Streets are numbered from 001, towns from 100, rural townships from 200; neighbourhood committees
from 001, village committees from 200. Urban–rural codes: 111 town core, 112 its fringe, 121 core of
a town, 122 its fringe, 123 works outside, 210 core of a rural township, 220 village.
"""

from dataclasses import dataclass

import numpy as np

from anlan.assessment.core.values import Profile
from anlan.demo.core import names
from anlan.demo.core.grid import Floats
from anlan.demo.core.livelihood import Livelihood
from anlan.demo.core.settlement import STREETS, Settlement
from anlan.demo.core.values import Landform

COUNTY_PREFIX = "999901"
COUNTY_CODE = COUNTY_PREFIX + "000000"
_CORE_M = 2600.0
_TOWN_FRINGE_M = 2300.0
_COMMITTEE_CODES = {"111", "112", "121"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A division's code and name; the urban–rural code is empty above villages."""

    code: str
    name: str
    urban_rural_code: str = ""


def landform_of(slope: float) -> Landform:
    """Return the landform of a mean slope (rise over run)."""
    if slope < 0.045:
        return Landform.PLAIN
    return Landform.HILL if slope < 0.10 else Landform.MOUNTAIN


def name_townships(settlement: Settlement, livelihood: Livelihood, minutes: Floats) -> list[Entry]:
    """Return the entry of each township: the streets, then towns by size, the remotest as rural townships."""
    seat_villages = [int(np.flatnonzero(settlement.village_seats == seat)[0]) for seat in settlement.township_seats]
    remoteness = minutes[seat_villages] / minutes.max() + livelihood.heights_m[seat_villages] / 1000
    people = np.bincount(settlement.township_of, weights=livelihood.people)
    others = np.arange(STREETS, len(seat_villages))
    by_remoteness = others[np.argsort(-remoteness[others], kind="stable")]
    rural = by_remoteness[: len(names.MOUNTAIN_TOWNSHIPS)]
    towns = sorted(by_remoteness[len(rural) :].tolist(), key=lambda place: -people[place])
    groups = (
        (1, "街道", names.STREETS, range(STREETS)),
        (100, "镇", names.TOWNS, towns),
        (200, "乡", names.MOUNTAIN_TOWNSHIPS, rural.tolist()),
    )
    entries = {
        place: Entry(f"{COUNTY_PREFIX}{first + rank:03d}000", short + kind)
        for first, kind, shorts, places in groups
        for rank, (short, place) in enumerate(zip(shorts, places, strict=True))
    }
    return [entries[place] for place in range(len(seat_villages))]


def name_villages(
    settlement: Settlement, livelihood: Livelihood, townships: list[Entry], rng: np.random.Generator
) -> list[Entry]:
    """Return the entry of each village, those nearest their township's seat numbered first."""
    namer = names.Namer(rng)
    entries: dict[int, Entry] = {}
    for rank, township in enumerate(townships):
        members = np.flatnonzero(settlement.township_of == rank)
        counts = {1: 0, 200: 0}
        for village in members[np.argsort(livelihood.centre_m[members], kind="stable")].tolist():
            kind = _urban_rural_code(township, village, livelihood)
            first = 1 if kind in _COMMITTEE_CODES else 200
            code = f"{township.code[:9]}{first + counts[first]:03d}"
            counts[first] += 1
            entries[village] = Entry(code, _name(namer, township, kind, village, livelihood), kind)
    return [entries[village] for village in range(len(entries))]


def _urban_rural_code(township: Entry, village: int, livelihood: Livelihood) -> str:
    is_seat = livelihood.centre_m[village] == 0
    if township.name.endswith("街道"):
        return "111" if livelihood.town_m[village] < _CORE_M else "112"
    if township.name.endswith("乡"):
        return "210" if is_seat else "220"
    if is_seat:
        return "121"
    if livelihood.profiles[Profile.INDUSTRIAL][village]:
        return "123"
    return "122" if livelihood.centre_m[village] < _TOWN_FRINGE_M else "220"


def _name(namer: names.Namer, township: Entry, kind: str, village: int, livelihood: Livelihood) -> str:
    short = township.name.removesuffix("镇").removesuffix("乡")
    if kind in {"111", "112"}:
        return namer.quarter() + "社区"
    if kind in {"121", "210"}:
        return short + ("社区" if kind == "121" else "村")
    by_river = livelihood.profiles[Profile.RIVER][village]
    return namer.village("river" if by_river else landform_of(livelihood.slopes[village]).value) + "村"
