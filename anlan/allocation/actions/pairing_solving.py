"""Solving a round of pairing and keeping the proposal."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from anlan.allocation.core.notes import note_content
from anlan.allocation.core.pairing import Candidate, Sides
from anlan.allocation.core.pairing_bars import Asked
from anlan.allocation.core.pairing_case import Answer, FoundPair, find_pairs, kilometres
from anlan.allocation.core.pairing_life import PairingState, check_pairing
from anlan.allocation.models import PairingRound, PairingUnit, ProposedPair, Side
from anlan.allocation.queries.pairing import bonds_of, distances_km, rules_of
from anlan.ground.audit import audit
from anlan.ground.versions import save_version
from anlan.kernel.canonical import sha256_of
from anlan.kernel.refusal import mark
from anlan.web.http import Person

STEPS = 3
Progress = Callable[..., None]  # done, total, a marked message, its values


def quietly(done: int, total: int, doing: str = "", **values: object) -> None:
    """Tell nobody how far the work is."""


@transaction.atomic
def solve_pairing(*, actor: Person | None, round_id: int, at: datetime, progress: Progress = quietly) -> PairingRound:
    """Find the round's best pairs by its rules, bonds and pins, and keep them as its proposal.

    Raises:
        BadMove: it is confirmed or dropped.
        BadPin: a pinned pair cannot be.
        NoRoadNet: distances go along roads and no network is on record.
    """
    row = PairingRound.objects.select_for_update(of=("self",)).get(pk=round_id)
    if row.state != PairingState.PROPOSED:
        check_pairing(row.state, PairingState.PROPOSED)
    progress(0, STEPS, mark("Measuring the distances"))
    units = {side: list(row.units.filter(side=side).order_by("code")) for side in (Side.HELPER, Side.HELPED)}
    asked = _asked(row, units)
    progress(1, STEPS, mark("Finding the best pairs"))
    answer = find_pairs(asked)
    progress(2, STEPS, mark("Keeping the proposal"))
    _keep(row, units, asked, answer)
    row.state, row.solved_at = PairingState.PROPOSED, at
    row.solution = _solution(asked, answer)
    save_version(row, ["state", "solved_at", "solution"])
    audit(actor, "pairing solved", row, at=at, detail={"count": len(answer.pairs), "sha256": row.solution["sha256"]})
    return row


def _asked(row: PairingRound, units: Mapping[Side, Sequence[PairingUnit]]) -> Asked:
    helpers, helped = (tuple(_candidate(unit) for unit in units[side]) for side in (Side.HELPER, Side.HELPED))
    rules = rules_of(row)
    codes = [[unit.code for unit in side] for side in (helpers, helped)]
    return Asked(Sides(helpers, helped, 0, ()), distances_km(row.county_code, rules, *codes), bonds_of(row), rules)


def _candidate(unit: PairingUnit) -> Candidate:
    return Candidate(unit.code, unit.name, unit.score, tuple(unit.dimensions))


def _solution(asked: Asked, answer: Answer) -> dict[str, Any]:
    """Return what is told of the solution: its proof, and a check sum of everything that it was found from."""
    found_from = {
        "rules": {name: getattr(asked.rules, name) for name in asked.rules.__slots__},
        "helpers": [[unit.code, list(unit.dimensions)] for unit in asked.sides.helpers],
        "helped": [[unit.code, list(unit.dimensions)] for unit in asked.sides.helped],
        "distance_km": [
            [kilometres(asked.distance_km, (row, column)) for column in range(len(asked.sides.helped))]
            for row in range(len(asked.sides.helpers))
        ],
        "bonds": [
            [list(pair) for pair in sorted(one)]
            for one in (asked.bonds.live, asked.bonds.proven, asked.bonds.broken, asked.bonds.bars, asked.bonds.pins)
        ],
        "conflicts": sorted(sorted(both) for both in asked.bonds.conflicts),
    }
    return {
        "objective": answer.objective,
        "bound": answer.bound,
        "gap": answer.gap,
        "pairs": len(answer.pairs),
        "alone": len(answer.alone),
        "sha256": sha256_of(found_from),
    }


def _keep(row: PairingRound, units: Mapping[Side, list[PairingUnit]], asked: Asked, answer: Answer) -> None:
    row.pairs.all().delete()
    helpers, helped = units[Side.HELPER], units[Side.HELPED]
    ProposedPair.objects.bulk_create(
        [
            _pair(row, each, helpers, helped, kilometres(asked.distance_km, (each.helper, each.helped)))
            for each in answer.pairs
        ],
        batch_size=500,
    )
    for place, unit in enumerate(helpers):
        taken = sum(pair.helper == place for pair in answer.pairs)
        unit.places_left = asked.places_of(asked.sides.helpers[place]) - taken
    for column, unit in enumerate(helped):
        taken = sum(pair.helped == column for pair in answer.pairs)
        unit.places_left = max(0, asked.wants_of(asked.sides.helped[column]) - taken)
        note = answer.alone.get(column)
        unit.reason, unit.reason_values = (note.message, dict(note.values)) if note else ("", {})
    PairingUnit.objects.bulk_update([*helpers, *helped], ["places_left", "reason", "reason_values"], batch_size=1000)


def _pair(
    row: PairingRound,
    found: FoundPair,
    helpers: Sequence[PairingUnit],
    helped: Sequence[PairingUnit],
    distance_km: float | None,
) -> ProposedPair:
    return ProposedPair(
        round=row,
        helper=helpers[found.helper],
        helped=helped[found.helped],
        value=found.value,
        parts=dict(found.parts),
        distance_km=distance_km,
        reasons=[note_content(note) for note in found.reasons],
        next_best_name="" if found.next_best is None else helpers[found.next_best].name,
        is_pinned=found.is_pinned,
    )
