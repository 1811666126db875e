"""Pairing in the reader's words: reasons, rules, points."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from anlan.allocation.core.pairing import HISTORY_NAMES, WAY_NAMES, History, PairingRules, Strength, Way
from anlan.allocation.core.pairing_bars import ALL_BARRED, BAR_NAMES
from anlan.kernel.codes import Level
from anlan.places.core.values import LEVEL_NAMES
from anlan.web.templatetags.shown import number


def note_text(note: Sequence[Any]) -> str:
    """Return a reason, kept as its message and values, in the reader's language."""
    message, values = note[0], dict(note[1] if len(note) > 1 else {})
    if message == ALL_BARRED:
        return gettext(message) + gettext(": %(what)s") % {"what": _bars_text(values)}
    if "dimension" in values:
        values["dimension"] = gettext(values["dimension"])
    return gettext(message) % values if values else gettext(message)


def _bars_text(counts: Mapping[str, int]) -> str:
    told = [(bar, counts[bar.name.lower()]) for bar in BAR_NAMES if counts.get(bar.name.lower())]
    return gettext(", ").join(gettext(BAR_NAMES[bar]) % {"count": count} for bar, count in told)


def notes_text(notes: Sequence[Sequence[Any]]) -> str:
    """Return reasons in one line."""
    return gettext("; ").join(note_text(note) for note in notes)


def rules_lines(rules: PairingRules) -> list[tuple[str, str]]:
    """Return the rules of a round, each as what it is about and what it says."""
    points = {
        name: number(getattr(rules, name) * 100) for name in ("helper_floor", "dimension_floor", "helped_ceiling")
    }
    floors = {
        Strength.TOTAL: gettext("a total of at least %(helper_floor)s points"),
        Strength.DIMENSION: gettext("a dimension of at least %(dimension_floor)s points"),
        Strength.EITHER: gettext(
            "a total of at least %(helper_floor)s points, or a dimension of at least %(dimension_floor)s"
        ),
    }
    return [
        (gettext("Pairs are made of"), gettext(LEVEL_NAMES[Level(rules.level)])),
        (gettext("Who may help"), floors[Strength(rules.strength)] % points),
        (gettext("Who is helped"), gettext("a total below %(helped_ceiling)s points") % points),
        (gettext("A helper takes at most"), _units(rules.most_helped)),
        (
            gettext("A unit wants"),
            ngettext("%(count)d helper", "%(count)d helpers", rules.wanted) % {"count": rules.wanted},
        ),
        (gettext("Distance"), gettext(WAY_NAMES[Way(rules.way)])),
        (gettext("Farthest"), f"{number(rules.most_km)} km" if rules.most_km else gettext("no limit")),
        (
            gettext("Distance unknown"),
            gettext("may be paired, counted as the farthest") if rules.takes_unknown else gettext("is not paired"),
        ),
        (gettext("Earlier pairs"), gettext(HISTORY_NAMES[History(rules.history)])),
    ]


def _units(count: int) -> str:
    return ngettext("%(count)d unit", "%(count)d units", count) % {"count": count}
