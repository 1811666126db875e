"""What is followed under an agreement besides its duties: visits, value given, the yearly check."""

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.timezone import localtime

from anlan.allocation.actions.pairing_agreements import LONGEST, followed, locked, needed
from anlan.allocation.actions.pairing_tasks import finish_work, put_work, withdraw_work
from anlan.allocation.core.pairing_life import AgreementState, check_agreement
from anlan.allocation.models import Agreement, GivenValue, ValueKind, Visit, YearlyCheck
from anlan.allocation.queries.pairing_figures import figures_of, photo_place
from anlan.allocation.queries.pairing_subjects import visit_subject
from anlan.ground.audit import audit
from anlan.ground.versions import save_version
from anlan.kernel.refusal import Refusal
from anlan.places import queries as places
from anlan.records import actions as records
from anlan.web.http import Person

LONGEST_WORDS, LONGEST_SUMMARY, MOST_PEOPLE, MOST_PHOTOS = 300, 1000, 200, 9


class BadVisit(Refusal):
    """The visit cannot have been so."""


class BadValue(Refusal):
    """The value cannot be so."""


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit as somebody tells it; the place is where they stood, None where they do not say."""

    visited_on: date
    side: str
    people: int
    summary: str
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class NewValue:
    """What one side gave the other; `amount_fen` None is in kind and not priced."""

    side: str
    kind: str
    words: str
    amount_fen: int | None
    given_on: date


@transaction.atomic
def record_visit(
    *,
    actor: Person,
    agreement_id: int,
    visit: NewVisit,
    photos: "list[UploadedFile]",  # type: ignore[type-arg]
    at: datetime,
) -> Visit:
    """Record a visit with its photos; a place outside the helped unit is flagged, not refused.

    Where no place is told, the first photo that says where it was taken tells it.

    Raises:
        NotFollowed: the agreement is not active.
        BadVisit: the day, the people, the words or the place cannot be.
        BadFile: a photo is none; nothing of the visit is kept then.
    """
    agreement = followed(agreement_id)
    _check_visit(visit, agreement, localtime(at).date())
    if len(photos) > MOST_PHOTOS:
        raise BadVisit("At most %(most)d photos are taken with one visit", field="photos", most=MOST_PHOTOS)
    row = Visit.objects.create(
        agreement=agreement,
        author_id=actor.pk,
        author_name=actor.name,
        at=at,
        visited_on=visit.visited_on,
        side=visit.side,
        people=visit.people,
        summary=visit.summary.strip()[:LONGEST_SUMMARY],
        longitude=visit.longitude,
        latitude=visit.latitude,
    )
    subject = visit_subject(row, may_write=True)
    for photo in photos:
        kept = records.attach_file(actor=actor, subject=subject, file=photo, keeps_place=True, at=at)
        if not kept.is_picture:
            raise BadVisit("%(name)s is no picture", field="photos", name=kept.name)
    _place(row)
    audit(actor, "visit recorded", row, at=at, detail={"on": row.visited_on.isoformat()})
    finish_work(actor=actor, agreement=agreement, what="visit", at=at)
    put_work(actor=actor, agreement=agreement, today=localtime(at).date(), at=at)
    return row


def _check_visit(visit: NewVisit, agreement: Agreement, today: date) -> None:
    if not agreement.starts_on <= visit.visited_on <= today:
        raise BadVisit("Choose a day from the beginning of the agreement to today", field="visited_on")
    if not 1 <= visit.people <= MOST_PEOPLE:
        raise BadVisit("1 to %(most)d people take part", field="people", most=MOST_PEOPLE)
    if not visit.summary.strip():
        raise BadVisit("Say what was done", field="summary")
    _check_place(visit.longitude, visit.latitude)


def _check_place(longitude: float | None, latitude: float | None) -> None:
    if (longitude is None) != (latitude is None):
        raise BadVisit("A place has both longitude and latitude", field="latitude")
    if longitude is None or latitude is None:
        return
    if not (isfinite(longitude) and isfinite(latitude) and -180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise BadVisit("There is no such place on earth; longitude comes first", field="longitude")


def _place(row: Visit) -> None:
    """Complete the place from a photo, and flag one that lies outside the unit that is helped."""
    if row.longitude is None:
        row.longitude, row.latitude = photo_place(row)
    if row.longitude is not None and row.latitude is not None:
        is_inside = places.lies_within(row.agreement.helped_code, row.longitude, row.latitude)
        row.is_outside = None if is_inside is None else not is_inside
    row.save(update_fields=["longitude", "latitude", "is_outside"])


@transaction.atomic
def record_value(*, actor: Person, agreement_id: int, value: NewValue, at: datetime) -> GivenValue:
    """Record what one side gave the other.

    Raises:
        NotFollowed: the agreement is not active.
        BadValue: the day, the words or the amount cannot be.
    """
    agreement = followed(agreement_id)
    if not value.words.strip():
        raise BadValue("Say what was given", field="words")
    if value.kind == ValueKind.MONEY and value.amount_fen is None:
        raise BadValue("Money has an amount", field="amount")
    if value.amount_fen is not None and value.amount_fen <= 0:
        raise BadValue("An amount is more than 0", field="amount")
    if not agreement.starts_on <= value.given_on <= localtime(at).date():
        raise BadValue("Choose a day from the beginning of the agreement to today", field="given_on")
    row = GivenValue.objects.create(
        agreement=agreement,
        author_id=actor.pk,
        author_name=actor.name,
        at=at,
        side=value.side,
        kind=value.kind,
        words=value.words.strip()[:LONGEST_WORDS],
        amount_fen=value.amount_fen,
        given_on=value.given_on,
    )
    audit(actor, "value recorded", row, at=at)
    return row


@transaction.atomic
def check_year(
    *, actor: Person, agreement_id: int, is_met: bool, reason: str, expected_version: int, at: datetime
) -> YearlyCheck:
    """Keep the county's word on the running year, with the figures as they stand; what follows is decided next.

    Raises:
        BadMove: the agreement is not active.
        ReasonMissing: not met, and not said why.
    """
    agreement = locked(agreement_id, expected_version)
    check_agreement(agreement.state, AgreementState.CHECKED)
    year = YearlyCheck.objects.filter(agreement=agreement).count() + 1
    row = YearlyCheck.objects.create(
        agreement=agreement,
        author_id=actor.pk,
        author_name=actor.name,
        at=at,
        year=year,
        is_met=is_met,
        reason=reason.strip()[:LONGEST] if is_met else needed(reason),
        figures=figures_of(agreement, localtime(at).date()).content(),
    )
    agreement.state = AgreementState.CHECKED
    save_version(agreement, ["state"])
    audit(actor, "agreement checked", agreement, at=at, detail={"year": year, "status": "met" if is_met else "not met"})
    finish_work(actor=actor, agreement=agreement, what="check", at=at)
    withdraw_work(actor=actor, agreement=agreement, what="visit", at=at)
    put_work(actor=actor, agreement=agreement, today=localtime(at).date(), at=at)
    return row
