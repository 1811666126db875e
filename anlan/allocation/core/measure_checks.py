"""What a catalogue of measures must be before anybody spends by it.

Source: docs/methods/measures.md, section 1.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from anlan.assessment.core.values import Dimension
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal

BELOW = {
    Level.COUNTY.value: (Level.TOWNSHIP.value, Level.VILLAGE.value),
    Level.TOWNSHIP.value: (Level.VILLAGE.value,),
    Level.VILLAGE.value: (),
}
ABOVE = {
    Level.COUNTY.value: (Level.COUNTY.value,),
    Level.TOWNSHIP.value: (Level.TOWNSHIP.value, Level.COUNTY.value),
    Level.VILLAGE.value: (Level.VILLAGE.value, Level.TOWNSHIP.value, Level.COUNTY.value),
}
_WHOLE = (("least", 1), ("most", 1), ("life_years", 1), ("lead_months", 0), ("running_fen", 0))


class BadCatalogue(Refusal):
    """The content is no catalogue of measures."""


def check_catalogue_content(content: Mapping[str, Any], leaves: Mapping[str, str] | None) -> None:
    """Refuse content that is no catalogue.

    Args:
        content: as of a file or a form.
        leaves: the level of each leaf of the indicator system; None asks nothing of the leaves.

    Raises:
        BadCatalogue: naming the measure and what is wrong: no or a negative price, a leaf that there is not, a code
            that stands twice, measures that require one another in a circle.
    """
    measures = content.get("measures") if isinstance(content, Mapping) else None
    if not isinstance(measures, list | tuple) or not measures:
        raise BadCatalogue("A catalogue needs at least one measure")
    for measure in measures:
        _check_measure(measure, leaves)
    for code, count in Counter(str(each["code"]) for each in measures).items():
        if count > 1:
            raise BadCatalogue("The measure %(code)s stands %(count)d times", code=code, count=count)
    _check_names({str(each["code"]): each for each in measures})
    circle = circle_among({str(each["code"]): _required(each) for each in measures})
    if circle:
        raise BadCatalogue("These measures require one another in a circle: %(circle)s", circle=" → ".join(circle))


def _check_measure(measure: Mapping[str, Any], leaves: Mapping[str, str] | None) -> None:
    code = str(measure.get("code") or "")
    if not code:
        raise BadCatalogue("A measure has no code")
    for name in ("name_zh", "name_en", "unit"):
        if not measure.get(name):
            raise BadCatalogue("The measure %(code)s: %(field)s is missing", code=code, field=name)
    if measure.get("dimension") not in set(Dimension) or measure.get("level") not in BELOW:
        raise BadCatalogue("The measure %(code)s has no dimension or level that there is", code=code)
    _check_price(code, measure.get("unit_price_fen"))
    for name, least in _WHOLE:
        found = measure.get(name, least)
        if not isinstance(found, int) or found < least:
            raise BadCatalogue(
                "The measure %(code)s: %(field)s is %(found)s, expected a whole number of %(least)d or more",
                code=code,
                field=name,
                found=str(found),
                least=least,
            )
    if measure.get("most", 1) < measure.get("least", 1):
        raise BadCatalogue("The measure %(code)s: most is below least", code=code)
    _check_effects(code, measure, leaves)


def _check_price(code: str, price: Any) -> None:
    if price is None or price == "":
        raise BadCatalogue("The measure %(code)s has no price", code=code)
    if not isinstance(price, int) or price <= 0:
        raise BadCatalogue(
            "The measure %(code)s: the price is %(price)s fen, expected a whole number above 0",
            code=code,
            price=str(price),
        )


def _check_effects(code: str, measure: Mapping[str, Any], leaves: Mapping[str, str] | None) -> None:
    serves = measure.get("serves") or {}
    own, below = measure.get("effects") or {}, serves.get("effects") or {}
    if not own and not below:
        raise BadCatalogue("The measure %(code)s raises no indicator", code=code)
    for leaf, by in [*own.items(), *below.items()]:
        if not isinstance(by, int | float) or not by > 0:
            raise BadCatalogue(
                "The measure %(code)s adds %(by)s to %(leaf)s, expected more than 0", code=code, leaf=leaf, by=str(by)
            )
    for name in ("most", "within_km"):
        limit = serves.get(name)
        if limit is not None and not limit > 0:
            raise BadCatalogue(
                "The measure %(code)s: %(field)s is %(found)s, expected more than 0", code=code, field=name, found=limit
            )
    if leaves is not None:
        level = measure["level"]
        _check_leaves(code, own, leaves, (level,))
        _check_leaves(code, below, leaves, BELOW[level])


def _check_leaves(code: str, effects: Iterable[str], leaves: Mapping[str, str], levels: tuple[str, ...]) -> None:
    for leaf in effects:
        if leaf not in leaves:
            raise BadCatalogue(
                "The measure %(code)s raises %(leaf)s, which the indicator system does not have", code=code, leaf=leaf
            )
        if leaves[leaf] not in levels:
            raise BadCatalogue(
                "The measure %(code)s raises %(leaf)s, which is not asked of the units that it reaches",
                code=code,
                leaf=leaf,
            )


def _check_names(measures: Mapping[str, Mapping[str, Any]]) -> None:
    for code, measure in measures.items():
        for other in [*_required(measure), *(measure.get("excludes") or ())]:
            if other not in measures:
                raise BadCatalogue(
                    "The measure %(code)s names the measure %(other)s, which there is not", code=code, other=other
                )
        for other in _required(measure):
            if measures[other]["level"] not in ABOVE[measure["level"]]:
                raise BadCatalogue(
                    "The measure %(code)s requires %(other)s of a level below its own", code=code, other=other
                )


def _required(measure: Mapping[str, Any]) -> list[str]:
    return [str(code) for group in measure.get("requires") or () for code in group]


def circle_among(requires: Mapping[str, Iterable[str]]) -> list[str]:
    """Return a circle of codes that require one another, the first repeated at the end; empty where there is none.

    >>> circle_among({"A": ["B"], "B": ["C"], "C": ["A"], "D": ["A"]})
    ['A', 'B', 'C', 'A']
    """
    done: set[str] = set()
    for start in requires:
        path: list[str] = []
        if found := _circle_from(start, requires, path, done):
            return found
    return []


def _circle_from(code: str, requires: Mapping[str, Iterable[str]], path: list[str], done: set[str]) -> list[str]:
    if code in path:
        return [*path[path.index(code) :], code]
    if code in done:
        return []
    path.append(code)
    for other in requires.get(code, ()):
        if found := _circle_from(other, requires, path, done):
            return found
    done.add(path.pop())
    return []
