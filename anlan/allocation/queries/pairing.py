"""What a round of pairing is made from: its assessment's units, their distances, what binds them already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet

from anlan.accounts.core.scope import Grant
from anlan.accounts.queries import Scope
from anlan.allocation.core.pairing import Candidate, PairingRules, Way, rules_from_content
from anlan.allocation.core.pairing_bars import Bonds
from anlan.allocation.core.pairing_life import CLOSED_WITH_REASON, LIVE, PROVEN
from anlan.allocation.models import Agreement, PairingConflict, PairingRound, WishKind
from anlan.assessment.core.values import Dimension
from anlan.assessment.queries import results
from anlan.kernel.codes import prefix_of
from anlan.places import queries as places
from anlan.places.core.metres import Floats

METRES_IN_KM = 1000.0


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit of an assessment as a round keeps it."""

    candidate: Candidate
    division_id: int
    parent_name: str


def rules_of(row: PairingRound) -> PairingRules:
    """Return the rules that the round goes by."""
    return rules_from_content(row.rules)


def rounds_of(county_code: str) -> QuerySet[PairingRound]:
    """Return the county's rounds of pairing, the latest first."""
    return PairingRound.objects.filter(county_code=county_code).defer("solution").order_by("-created_at", "-pk")


def known_units(row: PairingRound, rules: PairingRules) -> list[KnownUnit]:
    """Return the units of the round's level as its assessment found them, by code."""
    whole = Scope((Grant(prefix_of(row.county_code), ""),))
    rows = results.scores_of(results.assessment_by_id(row.assessment_id), whole).filter(level=rules.level)
    return [
        KnownUnit(
            Candidate(one.code, one.name, one.score, tuple(getattr(one, each.value) for each in Dimension)),
            one.division_id,
            one.parent_name,
        )
        for one in rows.order_by("code")
    ]


def distances_km(county_code: str, rules: PairingRules, helpers: Sequence[str], helped: Sequence[str]) -> Floats:
    """Return (H, W) km from each helper to each unit that is helped; infinite where no way is known.

    Raises:
        NoRoadNet: asked along roads, and no network is on record.
    """
    method: Literal["road", "straight"] = "straight" if rules.way == Way.STRAIGHT else "road"
    return places.travel_metres(county_code, helpers, helped, method=method, mode="car") / METRES_IN_KM


def bonds_of(row: PairingRound) -> Bonds:
    """Return what agreements, noted conflicts and the round's own pins and bars say of its pairs."""
    rows = Agreement.objects.filter(county_code=row.county_code)
    known = list(rows.order_by("pk").values_list("helper_code", "helped_code", "state"))
    conflicts = PairingConflict.objects.filter(county_code=row.county_code).values_list("one_code", "other_code")
    wishes = list(row.wishes.order_by("pk").values_list("helper_code", "helped_code", "kind", "reason"))
    return Bonds(
        live=tuple((one, other) for one, other, state in known if state in LIVE),
        proven=frozenset((one, other) for one, other, state in known if state in PROVEN),
        broken=frozenset((one, other) for one, other, state in known if state in CLOSED_WITH_REASON),
        conflicts=frozenset(frozenset(both) for both in conflicts),
        pins={(one, other): reason for one, other, kind, reason in wishes if kind == WishKind.PIN},
        bars=frozenset((one, other) for one, other, kind, _reason in wishes if kind == WishKind.BAR),
    )


def newer_assessment(row: PairingRound) -> Any:
    """Return the county's published assessment if it is not the one that the round was made from, else None."""
    latest = results.published_of_county(row.county_code)
    return latest if latest is not None and latest.pk != row.assessment_id else None
