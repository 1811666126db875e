"""What a plan was asked, in words."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext

from anlan.allocation.core.asked import Asked
from anlan.allocation.core.settings import Settings
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension
from anlan.kernel.refusal import mark

Wish = tuple[str, dict[str, Any]]  # marked message, values


def wishes_of(asked: Asked) -> Iterator[Wish]:
    """Yield what the plan was asked beside the money."""
    yield from _unit_wishes(asked.settings)
    yield from _township_wishes(asked.settings)
    yield from _dimension_wishes(asked.settings)
    if asked.settings.pinned:
        yield mark("%(count)d lines are kept by hand"), {"count": len(asked.settings.pinned)}
    if asked.settings.barred:
        yield mark("%(count)d lines are barred by hand"), {"count": len(asked.settings.barred)}
    if asked.factor != 1:
        yield mark("Asked: what if the budget were %(percent).0f %%"), {"percent": asked.factor * 100}


def _unit_wishes(settings: Settings) -> Iterator[Wish]:
    if settings.weak_gain is not None:
        yield mark("Each weak unit gains at least %(points).1f points"), {"points": settings.weak_gain * 100}
    if settings.weak_reaches is not None:
        yield mark("Each weak unit reaches at least %(points).1f points"), {"points": settings.weak_reaches * 100}


def _township_wishes(settings: Settings) -> Iterator[Wish]:
    least, most = settings.township_least, settings.township_most
    if least is not None or most is not None:
        values = {"least": (least or 0) * 100, "most": (1 if most is None else most) * 100}
        yield mark("Each township gets %(least).1f to %(most).1f %% of the money"), values
    if settings.per_head_fen:
        yield mark("Each township gets at least %(yuan).2f yuan per head"), {"yuan": settings.per_head_fen / 100}


def _dimension_wishes(settings: Settings) -> Iterator[Wish]:
    for key, (least, most) in settings.dimension_shares.items():
        if least is not None or most is not None:
            name = gettext(DIMENSION_NAMES[Dimension(key)])
            values = {"name": name, "least": (least or 0) * 100, "most": (1 if most is None else most) * 100}
            yield mark("%(name)s gets %(least).1f to %(most).1f %% of the money"), values
