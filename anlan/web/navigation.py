"""The left navigation: contexts register their entries in `apps.ready()`."""

from dataclasses import dataclass
from enum import IntEnum

from django.urls import NoReverseMatch, reverse

from anlan.ground.registries import Registry
from anlan.kernel.refusal import mark
from anlan.web.http import Person


class Area(IntEnum):
    """Areas of the navigation, in their order."""

    MAP = 1
    WORK = 2
    SURVEY = 3
    ALLOCATION = 4
    WORKS = 5
    ALERTS = 6
    DUTY = 7
    PEOPLE = 8
    EVALUATION = 9
    SETTINGS = 10


AREA_NAMES = {
    Area.MAP: mark("One map"),
    Area.WORK: mark("Work list"),
    Area.SURVEY: mark("Survey and assessment"),
    Area.ALLOCATION: mark("Support and allocation"),
    Area.WORKS: mark("Works"),
    Area.ALERTS: mark("Warning and command"),
    Area.DUTY: mark("Duty and patrol"),
    Area.PEOPLE: mark("Teams and stores"),
    Area.EVALUATION: mark("Evaluation"),
    Area.SETTINGS: mark("Settings"),
}


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One link; shown to whoever holds the capability, while its module is switched on."""

    label: str
    url_name: str
    icon: str
    area: Area
    order: int = 0
    capability: str | None = None
    module: str = ""


NAVIGATION: Registry[NavigationEntry] = Registry(key=lambda entry: (entry.area, entry.order, entry.label))


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the page shows it."""

    label: str
    url: str
    icon: str
    is_here: bool


def entries_for(person: Person, closed_modules: frozenset[str]) -> list[tuple[Area, list[NavigationEntry]]]:
    """Return the entries that the person may use, by area."""
    areas: dict[Area, list[NavigationEntry]] = {}
    for entry in NAVIGATION:
        if entry.module in closed_modules or (entry.capability and not person.can(entry.capability)):
            continue
        areas.setdefault(entry.area, []).append(entry)
    return list(areas.items())


def links_for(person: Person, closed_modules: frozenset[str], path: str) -> list[tuple[str, list[Link]]]:
    """Return the links of each area by its name; the one that the path lies under is here."""
    areas = [
        (AREA_NAMES[area], [(entry, url) for entry in entries if (url := _url(entry))])
        for area, entries in entries_for(person, closed_modules)
    ]
    above = [url for _name, entries in areas for _entry, url in entries if path.startswith(url)]
    here = max(above, key=len, default="")
    return [
        (name, [Link(entry.label, url, entry.icon, url == here) for entry, url in entries])
        for name, entries in areas
        if entries
    ]


def _url(entry: NavigationEntry) -> str:
    """Return the entry's address, nothing where its context offers none here."""
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""
