"""What the pages of pairing show."""

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from anlan.accounts.queries import Scope
from anlan.allocation.core.pairing_calendar import check_due, visit_due
from anlan.allocation.core.pairing_life import LIVE, AgreementState, DutyState
from anlan.allocation.models import (
    Agreement,
    Duty,
    GivenValue,
    PairingConflict,
    PairingRound,
    ProposedPair,
    Side,
    Visit,
    YearlyCheck,
)
from anlan.allocation.queries.pairing import newer_assessment, rules_of
from anlan.allocation.queries.pairing_figures import figures_of
from anlan.allocation.queries.pairing_maps import round_map
from anlan.allocation.queries.pairing_subjects import VISIT
from anlan.records import queries as records

NOT_BEGUN = frozenset({AgreementState.PROPOSED, AgreementState.AGREED, AgreementState.DECLINED})


def agreements_within(scope: Scope, today: date) -> QuerySet[Agreement]:
    """Return the agreements of which at least one unit lies in the scope, with their figures."""
    rows = Agreement.objects.filter(scope.q("helper_code") | scope.q("helped_code"))
    visits = Visit.objects.filter(side=Side.HELPER)
    overdue = Duty.objects.filter(state=DutyState.DUE, due_on__lt=today)
    return rows.annotate(
        visits_made=_counted(visits),
        duties_overdue=_counted(overdue),
        given_fen=_summed(GivenValue.objects.filter(side=Side.HELPER)),
        received_fen=_summed(GivenValue.objects.filter(side=Side.HELPED)),
    )


def _counted(rows: QuerySet[Any]) -> Any:
    of_row = rows.filter(agreement=OuterRef("pk")).order_by().values("agreement").annotate(count=Count("pk"))
    return Coalesce(Subquery(of_row.values("count"), output_field=IntegerField()), 0)


def _summed(rows: QuerySet[GivenValue]) -> Any:
    of_row = rows.filter(agreement=OuterRef("pk")).order_by().values("agreement").annotate(sum=Sum("amount_fen"))
    return Subquery(of_row.values("sum"))


def totals_within(scope: Scope, today: date) -> dict[str, Any]:
    """Return how many agreements there are by state, and what was given and received under all of them."""
    rows = agreements_within(scope, today)
    waiting = Count("pk", filter=Q(state__in=["proposed"]))
    live = Count("pk", filter=Q(state__in=sorted(LIVE)))
    return rows.aggregate(
        all=Count("pk"), live=live, waiting=waiting, visits=Sum("visits_made"), overdue=Sum("duties_overdue"),
        given=Sum("given_fen"), received=Sum("received_fen"),
    )  # fmt: skip


def conflicts_of(county_code: str) -> QuerySet[PairingConflict]:
    """Return the county's noted conflicts."""
    return PairingConflict.objects.filter(county_code=county_code).order_by("one_code", "other_code", "pk")


def pairs_of(row: PairingRound) -> QuerySet[ProposedPair]:
    """Return the pairs of a round's last solution."""
    return ProposedPair.objects.filter(round=row).select_related("round", "helper", "helped")


def round_page(row: PairingRound) -> dict[str, Any]:
    """Return what stands around the proposed pairs."""
    sides = sides_of_round(row)
    return sides | {
        "round": row,
        "rules": rules_of(row),
        "alone": [unit for unit in sides["helped"] if unit.reason],
        "idle": [unit for unit in sides["helpers"] if unit.places_left],
        "wishes": list(row.wishes.order_by("pk")),
        "newer": newer_assessment(row),
        "map": round_map(row),
        "agreements": row.agreements.count(),
    }


def agreement_page(row: Agreement, today: date) -> dict[str, Any]:
    """Return everything of one agreement: figures, duties, visits with photos, value, checks, what is due next."""
    visits = list(Visit.objects.filter(agreement=row).order_by("-visited_on", "-pk"))
    checks = list(YearlyCheck.objects.filter(agreement=row).order_by("year"))
    made = sum(visit.side == Side.HELPER for visit in visits)
    return {
        "agreement": row,
        "is_begun": row.state not in NOT_BEGUN,
        "figures": figures_of(row, today),
        "duties": list(Duty.objects.filter(agreement=row).order_by("due_on", "pk")),
        "visits": [(visit, _photos_of(visit)) for visit in visits],
        "values": list(GivenValue.objects.filter(agreement=row).order_by("-given_on", "-pk")),
        "checks": checks,
        "next_visit": visit_due(row.starts_on, row.ends_on, visits_a_year=row.visits_a_year, made=made),
        "next_check": check_due(row.starts_on, row.ends_on, checked=len(checks)),
        "following": Agreement.objects.filter(previous=row).first(),
    }


def _photos_of(visit: Visit) -> list[Any]:
    return records.files_of(VISIT, visit.pk)


def duties_of(scope: Scope) -> dict[str, list[Duty]]:
    """Return what is still due under live agreements: what the units of the scope must do, and what they are owed."""
    due = Duty.objects.filter(state=DutyState.DUE, agreement__state__in=sorted(LIVE)).select_related("agreement")
    ways = {
        "must_do": {Side.HELPER: "agreement__helper_code", Side.HELPED: "agreement__helped_code"},
        "owed": {Side.HELPER: "agreement__helped_code", Side.HELPED: "agreement__helper_code"},
    }
    return {name: list(due.filter(_of_scope(scope, fields)).order_by("due_on", "pk")) for name, fields in ways.items()}


def followed_within(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Return the duties or visits of agreements of which at least one unit lies in the scope."""
    reached = scope.q("agreement__helper_code") | scope.q("agreement__helped_code")
    return rows.filter(reached).select_related("agreement")


def duties_within(scope: Scope) -> QuerySet[Duty]:
    """Return the tasks and deliverables within the scope."""
    return followed_within(Duty.objects.all(), scope)


def visits_within(scope: Scope) -> QuerySet[Visit]:
    """Return the visits within the scope."""
    return followed_within(Visit.objects.all(), scope)


def _of_scope(scope: Scope, fields: Mapping[Side, str]) -> Q:
    return reduce(or_, [Q(side=side) & scope.q(field) for side, field in fields.items()])


def sides_of_round(row: PairingRound) -> dict[str, Any]:
    """Return the units of both sides, for the form of pins and bars."""
    units = list(row.units.order_by("code"))
    return {
        "helpers": [unit for unit in units if unit.side == Side.HELPER],
        "helped": [unit for unit in units if unit.side == Side.HELPED],
    }
