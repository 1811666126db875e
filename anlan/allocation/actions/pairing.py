"""Preparing a round of pairing, changing it by hand, dropping it; noting which units no round puts together."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from anlan.allocation.core.pairing import Candidate, PairingRules, Sides, rules_content, take_sides
from anlan.allocation.core.pairing_bars import HAS_HELPERS
from anlan.allocation.core.pairing_life import PairingState, check_pairing
from anlan.allocation.models import PairingConflict, PairingRound, PairingUnit, PairWish, Side, WishKind
from anlan.allocation.queries.pairing import KnownUnit, distances_km, known_units
from anlan.assessment.queries import results
from anlan.ground.audit import audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import Refusal, mark
from anlan.places import queries as places
from anlan.web.http import Person
from anlan.web.jobs import request_job
from anlan.web.models import Job

LONGEST_REASON = 300
VERBS = {WishKind.PIN: mark("pair pinned"), WishKind.BAR: mark("pair barred")}


class BadRound(Refusal):
    """The round cannot be prepared as asked."""


class BadWish(Refusal):
    """The pair cannot be pinned or barred as asked."""


class BadConflict(Refusal):
    """The two units cannot be noted as being in conflict."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a hand wants of a pair."""

    kind: str
    helper_code: str
    helped_code: str
    reason: str


@transaction.atomic
def prepare_pairing(*, actor: Person, county_code: str, name: str, rules: PairingRules, at: datetime) -> PairingRound:
    """Prepare a round on the county's latest published assessment, and say who is on which side.

    Raises:
        BadRound: the name is taken, or the county has no published assessment.
        NobodyToPair: one side is empty by these rules.
        NoRoadNet: distances go along roads and no network is on record.
    """
    assessment = results.published_of_county(county_code)
    if assessment is None:
        raise BadRound("The county has no published assessment yet; pairs are made from one")
    if PairingRound.objects.filter(county_code=county_code, name=name).exists():
        raise BadRound("There is a round of pairing named %(name)s already", field="name", name=name)
    row = PairingRound.objects.create(
        county_code=county_code,
        name=name,
        assessment=assessment,
        assessment_sha256=assessment.sha256,
        rules=rules_content(rules),
        created_at=at,
        created_by_name=actor.name,
    )
    known = {unit.candidate.code: unit for unit in known_units(row, rules)}
    sides = take_sides([unit.candidate for unit in known.values()], rules)
    # One distance is asked now, so that a missing road network is told before anybody waits for the solver.
    distances_km(county_code, rules, [sides.helpers[0].code], [sides.helped[0].code])
    _keep_sides(row, sides, known, rules)
    audit(actor, "pairing prepared", row, at=at, detail={"sha256": row.assessment_sha256})
    return row


def _keep_sides(row: PairingRound, sides: Sides, known: dict[str, KnownUnit], rules: PairingRules) -> None:
    room = {Side.HELPER: rules.most_helped, Side.HELPED: rules.wanted}
    PairingUnit.objects.bulk_create(
        (
            _unit(row, side, unit, known[unit.code], room[side])
            for side, units in ((Side.HELPER, sides.helpers), (Side.HELPED, sides.helped))
            for unit in units
        ),
        batch_size=1000,
    )


def _unit(row: PairingRound, side: Side, unit: Candidate, known: KnownUnit, room: int) -> PairingUnit:
    return PairingUnit(
        round=row,
        division_id=known.division_id,
        side=side,
        code=unit.code,
        name=unit.name,
        parent_name=known.parent_name,
        score=unit.total or 0.0,
        dimensions=list(unit.dimensions),
        places_left=room,
    )


@transaction.atomic
def request_pairs(*, actor: Person, round_id: int, expected_version: int, at: datetime) -> Job:
    """Have a worker solve the round; the job's page shows how far it is.

    Raises:
        BadMove: it is confirmed or dropped.
    """
    row = _locked(round_id, expected_version)
    if row.state != PairingState.DRAFT:
        check_pairing(row.state, PairingState.DRAFT)
    return request_job(
        actor=actor,
        task="allocation.pair",
        title=mark("Pairs of the round %(round)s"),
        values={"round": row.name},
        at=at,
        round_id=row.pk,
        actor_id=actor.pk,
    )


@transaction.atomic
def wish_pair(*, actor: Person, round_id: int, expected_version: int, wish: Wish, at: datetime) -> PairWish:
    """Pin or bar a pair; the round is to be solved again.

    Raises:
        BadWish: no reason, one of the two is not on that side, or it contradicts what is pinned.
        BadMove: the round is confirmed or dropped.
    """
    row = _locked(round_id, expected_version)
    _reopen(row)
    reason = wish.reason.strip()[:LONGEST_REASON]
    if not reason:
        raise BadWish("Say why: whoever reads the proposal sees it", field="reason")
    helper, helped = _on_side(row, wish.helper_code, Side.HELPER), _on_side(row, wish.helped_code, Side.HELPED)
    found, _is_new = row.wishes.update_or_create(
        helper_code=helper.code,
        helped_code=helped.code,
        defaults={
            "kind": wish.kind,
            "helper_name": helper.name,
            "helped_name": helped.name,
            "reason": reason,
            "wished_at": at,
            "wished_by_name": actor.name,
        },
    )
    audit(actor, VERBS[WishKind(wish.kind)], row, at=at, detail={"from": str(found), "reason": reason})
    return found


def _on_side(row: PairingRound, code: str, side: Side) -> PairingUnit:
    found = row.units.filter(code=code, side=side).first()
    if found is None:
        raise BadWish("Choose a unit that is on this side of the round", field=f"{side.value}_code")
    if found.reason == HAS_HELPERS:
        raise BadWish("%(helped)s has its helpers already", field="helped_code", helped=found.name)
    return found


@transaction.atomic
def let_pair_go(*, actor: Person, round_id: int, wish_id: int, expected_version: int, at: datetime) -> None:
    """Take a pin or bar away; the round is to be solved again.

    Raises:
        BadMove: the round is confirmed or dropped.
    """
    row = _locked(round_id, expected_version)
    _reopen(row)
    wish = row.wishes.get(pk=wish_id)
    audit(actor, "pair let go", row, at=at, detail={"from": str(wish)})
    wish.delete()


def _reopen(row: PairingRound) -> None:
    """Send the proposal back to the solver: what it says does not hold any more."""
    if row.state != PairingState.DRAFT:
        check_pairing(row.state, PairingState.DRAFT)
        row.state = PairingState.DRAFT
    save_version(row, ["state"])


@transaction.atomic
def drop_pairing(*, actor: Person, round_id: int, expected_version: int, at: datetime) -> PairingRound:
    """Drop a round that comes to nothing; it stays to be read.

    Raises:
        BadMove: its agreements were made already.
    """
    row = _locked(round_id, expected_version)
    check_pairing(row.state, PairingState.DROPPED)
    row.state = PairingState.DROPPED
    save_version(row, ["state"])
    audit(actor, "pairing dropped", row, at=at)
    return row


def _locked(round_id: int, expected_version: int) -> PairingRound:
    row = PairingRound.objects.select_for_update().get(pk=round_id)
    check_version(row, expected_version)
    return row


@transaction.atomic
def note_conflict(
    *, actor: Person, county_code: str, codes: tuple[str, str], reason: str, at: datetime
) -> PairingConflict:
    """Note that no round is to put two units together.

    Raises:
        BadConflict: no reason, one unit twice, units of another county, or it is noted already.
    """
    one, other = sorted(codes)
    if not reason.strip():
        raise BadConflict("Say what speaks against the pair", field="reason")
    if one == other:
        raise BadConflict("Choose two different units", field="other_code")
    names = dict(places.names_of([one, other]))
    if len(names) < 2 or not all(code.startswith(prefix_of(county_code)) for code in names):
        raise BadConflict("Choose two units of this county", field="other_code")
    if PairingConflict.objects.filter(one_code=one, other_code=other).exists():
        raise BadConflict("These two are noted already", field="other_code")
    row = PairingConflict.objects.create(
        county_code=county_code,
        one_code=one,
        one_name=names[one],
        other_code=other,
        other_name=names[other],
        reason=reason.strip()[:LONGEST_REASON],
        noted_at=at,
        noted_by_name=actor.name,
    )
    audit(actor, "conflict noted", row, at=at, detail={"reason": row.reason})
    return row


@transaction.atomic
def strike_conflict(*, actor: Person, conflict_id: int, at: datetime) -> None:
    """Take a conflict away: the two may be put together again."""
    row = PairingConflict.objects.select_for_update().get(pk=conflict_id)
    audit(actor, "conflict struck", row, at=at, detail={"reason": row.reason})
    row.delete()
