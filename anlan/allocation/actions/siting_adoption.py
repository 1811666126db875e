"""What becomes of a solved study: its points go into the plan, become sites on record, or are withdrawn."""

from datetime import datetime

from django.db import transaction

from anlan.allocation.core.siting_measure import check_measure
from anlan.allocation.core.siting_study import BadMove, SitingStatus, check_move
from anlan.allocation.models import Siting, SitingPoint
from anlan.allocation.queries import rules
from anlan.ground.audit import audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import Refusal, mark
from anlan.stores import actions as stores
from anlan.stores.core.values import SHELTERS, SiteKind, SiteRow
from anlan.web.http import Person


class AlreadyAdopted(Refusal):
    """Another study of the kind is in the plan."""


class NothingNew(Refusal):
    """The study proposes no new point."""


@transaction.atomic
def adopt_siting(*, actor: Person, siting_id: int, expected_version: int, measure_code: str, at: datetime) -> Siting:
    """Take the proposed points into the plan, each as a piece of the measure at its unit.

    Raises:
        BadMove: it is not solved, or already taken.
        NothingNew: all its points stand already.
        NoSuchMeasure: the measure does not fit where the points are.
        AlreadyAdopted: another study of this kind is in the plan.
        Conflict: somebody changed it meanwhile.
    """
    row = Siting.objects.select_for_update().get(pk=siting_id)
    check_version(row, expected_version)
    check_move(row.status, SitingStatus.ADOPTED)
    codes = list(row.places.filter(is_existing=False).values_list("code", flat=True))
    if not codes:
        raise NothingNew("All points of this study stand already: there is nothing to take into the plan")
    check_measure(rules.catalogue_of(row.county_code).by_code.get(measure_code), measure_code, codes)
    other = Siting.objects.adopted().filter(county_code=row.county_code, kind=row.kind).first()
    if other:
        raise AlreadyAdopted("The study %(name)s of the same kind is in the plan; withdraw it first", name=other.name)
    row.status, row.measure_code, row.adopted_at = SitingStatus.ADOPTED.value, measure_code, at
    row.adopted_by_id, row.adopted_by_name = actor.pk, actor.name
    save_version(row, ["status", "measure_code", "adopted_at", "adopted_by_id", "adopted_by_name"])
    audit(actor, mark("siting adopted"), row, at=at, detail={"count": len(codes)})
    return row


@transaction.atomic
def withdraw_siting(*, actor: Person, siting_id: int, expected_version: int, reason: str, at: datetime) -> Siting:
    """Give a study up; plans made from now on do not follow it.

    Raises:
        BadMove: it was never solved, or is withdrawn already.
        NoReason: nothing says why.
        Conflict: somebody changed it meanwhile.
    """
    row = Siting.objects.select_for_update().get(pk=siting_id)
    check_version(row, expected_version)
    check_move(row.status, SitingStatus.WITHDRAWN)
    if not reason.strip():
        raise NoReason("Say why the study is withdrawn; it is kept with it", field="reason")
    row.status, row.reason = SitingStatus.WITHDRAWN.value, reason.strip()[:200]
    save_version(row, ["status", "reason"])
    audit(actor, mark("siting withdrawn"), row, at=at, detail={"reason": row.reason})
    return row


class NoReason(Refusal):
    """A study is not given up without a word."""


@transaction.atomic
def open_point(*, actor: Person, point_id: int, name: str, at: datetime) -> SitingPoint:
    """Record a proposed point as a site: something stands there now.

    Raises:
        BadMove: the study is not in the plan, or the point is a site already.
        BadSite: the site cannot be recorded so.
    """
    point = SitingPoint.objects.select_for_update(of=["self"]).select_related("siting").get(pk=point_id)
    if point.siting.status != SitingStatus.ADOPTED or point.is_existing or point.site_id:
        raise BadMove("Only a proposed point of a study in the plan is opened, and only once")
    kind = SiteKind(point.siting.kind)
    site = SiteRow(
        name.strip(),
        kind.value,
        point.code,
        point.place.x,
        point.place.y,
        capacity=point.capacity if kind in SHELTERS else None,
    )
    point.site = stores.add_site(actor=actor, site=site, at=at)
    point.save(update_fields=["site"])
    audit(actor, mark("siting point opened"), point.siting, at=at, detail={"unit": point.code})
    return point
