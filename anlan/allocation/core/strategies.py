"""The strategy table (分类施策): what each class of units should, must and must not get.

Source: docs/methods/measures.md, section 4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from anlan.allocation.core.measures import Catalogue
from anlan.kernel.refusal import Refusal, mark

Content = dict[str, Any]
PREFERRED_MULTIPLIER = 1.5
MOST_MULTIPLIER = 10.0


class BadStrategy(Refusal):
    """The content is no strategy table."""


class Stance(StrEnum):
    """What the strategy says of a measure for a class."""

    PREFERRED = "preferred"
    REQUIRED = "required"
    BARRED = "barred"
    NEUTRAL = "neutral"


STANCE_NAMES = {
    Stance.PREFERRED: mark("preferred"),
    Stance.REQUIRED: mark("required"),
    Stance.BARRED: mark("barred"),
    Stance.NEUTRAL: mark("neither preferred nor barred"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What the strategy says of one measure for one class; gains by it count `multiplier` times."""

    stance: Stance = Stance.NEUTRAL
    multiplier: float = 1.0


@dataclass(frozen=True, slots=True)
class Strategy:
    """Cells by class and measure; what is not named is neutral."""

    cells: Mapping[tuple[str, str], Cell]

    def of(self, class_key: str, measure: str) -> Cell:
        """Return what is said of the measure for the class."""
        return self.cells.get((class_key, measure), _NEUTRAL)


_NEUTRAL = Cell()


@cache
def default_strategy() -> Strategy:
    """Return the project's own strategy table.

    >>> default_strategy().of("remote_mountain", "M-MAT-T-03").stance.value
    'required'
    """
    text = (files("anlan.allocation") / "data" / "default_strategy.yaml").read_text(encoding="utf-8")
    return strategy_from_content(yaml.safe_load(text))


def strategy_content(strategy: Strategy) -> Content:
    """Return the table as JSON content: by class, by measure."""
    classes: Content = {}
    for (class_key, measure), cell in sorted(strategy.cells.items()):
        classes.setdefault(class_key, {})[measure] = {"stance": cell.stance.value, "multiplier": cell.multiplier}
    return {"classes": classes}


def strategy_from_content(content: Mapping[str, Any]) -> Strategy:
    """Return the strategy that content holds.

    Raises:
        BadStrategy: it holds none, or a multiplier that is not above 0 and at most 10.
    """
    try:
        cells = {
            (str(class_key), str(measure)): _cell(cell)
            for class_key, measures in content["classes"].items()
            for measure, cell in (measures or {}).items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise BadStrategy("This is no strategy table: %(wrong)s", wrong=str(wrong)) from None
    for (class_key, measure), cell in cells.items():
        if not 0 < cell.multiplier <= MOST_MULTIPLIER:
            raise BadStrategy(
                "The multiplier of %(measure)s for %(class)s is %(found)g, expected more than 0 and at most %(most)g",
                **{"measure": measure, "class": class_key, "found": cell.multiplier, "most": MOST_MULTIPLIER},
            )
    return Strategy(cells)


def _cell(content: Mapping[str, Any] | str) -> Cell:
    if isinstance(content, str):
        content = {"stance": content}
    stance = Stance(content["stance"])
    given = content.get("multiplier")
    usual = PREFERRED_MULTIPLIER if stance is Stance.PREFERRED else 1.0
    return Cell(stance, usual if given is None else float(given))


def check_strategy(strategy: Strategy, classes: Iterable[str], catalogue: Catalogue) -> None:
    """Refuse a strategy that names what there is not, or requires what it makes impossible.

    Raises:
        BadStrategy: an unknown class or measure; a required measure whose prerequisites are all barred; two required
            measures that exclude each other.
    """
    known = set(classes)
    for class_key, code in strategy.cells:
        if class_key not in known:
            raise BadStrategy("The strategy names the class %(key)s, which there is not", key=class_key)
        if code not in catalogue.by_code:
            raise BadStrategy("The strategy names the measure %(code)s, which there is not", code=code)
    for (class_key, code), cell in strategy.cells.items():
        if cell.stance is Stance.REQUIRED:
            _check_required(strategy, class_key, code, catalogue)


def _check_required(strategy: Strategy, class_key: str, code: str, catalogue: Catalogue) -> None:
    measure = catalogue.by_code[code]
    for group in measure.requires:
        if all(strategy.of(class_key, other).stance is Stance.BARRED for other in group):
            raise BadStrategy(
                "For %(class)s the strategy requires %(code)s but bars %(other)s, which it needs",
                **{"class": class_key, "code": code, "other": " / ".join(group)},
            )
    for other in measure.excludes:
        if strategy.of(class_key, other).stance is Stance.REQUIRED:
            raise BadStrategy(
                "For %(class)s the strategy requires both %(code)s and %(other)s, which exclude each other",
                **{"class": class_key, "code": code, "other": other},
            )


def without_measures(content: Mapping[str, Any], known: Iterable[str]) -> Content:
    """Return the content without the measures that are not known any more."""
    codes = set(known)
    return {
        "classes": {
            class_key: {code: cell for code, cell in measures.items() if code in codes}
            for class_key, measures in content["classes"].items()
        }
    }
