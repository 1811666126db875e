"""The left navigation: contexts register their entries in `apps.ready()`."""

from dataclasses import dataclass
from enum import IntEnum

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


def entries_for(person: Person, closed_modules: frozenset[str]) -> list[tuple[Area, list[NavigationEntry]]]:
    """Return the entries that the person may use, by area."""
    areas: dict[Area, list[NavigationEntry]] = {}
    for entry in NAVIGATION:
        if entry.module in closed_modules or (entry.capability and not person.can(entry.capability)):
            continue
        areas.setdefault(entry.area, []).append(entry)
    return list(areas.items())
