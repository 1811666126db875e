"""Faults planted among the answers of the second round, which the checks must find."""

from collections.abc import Mapping
from dataclasses import dataclass

from anlan.assessment.core.entry import Entered
from anlan.assessment.core.values import System
from anlan.demo.core.answers import Key, left_out
from anlan.demo.core.values import County
from anlan.kernel.codes import Level

_HALF_DONE = 2  # of every five leaves, these many the poorest village left out


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault: what a check will call it, and where it is."""

    kind: str  # missing, contradiction, outlier, jump
    unit_code: str
    leaf_code: str


def plant(
    answers: Mapping[Key, Entered], before: Mapping[Key, Entered], county: County, system: System
) -> tuple[dict[Key, Entered], tuple[Planted, ...]]:
    """Return the answers with faults in them, and the faults."""
    poor = sorted(county.at_level(Level.VILLAGE), key=lambda village: (village.wealth, village.code))
    towns = sorted(county.at_level(Level.TOWNSHIP), key=lambda town: (town.wealth, town.code))
    leaves = [leaf.code for leaf in system.at_level(Level.VILLAGE)]
    silent, half, crowded, hurried = poor[0].code, poor[1].code, poor[len(poor) // 2].code, towns[2].code
    boastful = towns[len(towns) // 2].code
    gone = [(silent, code) for code in leaves]
    gone += [(half, code) for place, code in enumerate(leaves) if place % 5 < _HALF_DONE]
    changed = left_out(answers, gone) | {
        (boastful, "ORG-T-02"): Entered(value=4.0),
        (boastful, "ORG-T-03"): Entered(value=9.0),  # more full-time posts than posts
        (crowded, "CAP-V-01"): Entered(value=486.0),  # half the village in one team
        (hurried, "MAT-T-02"): Entered(value=1.0 if before[hurried, "MAT-T-02"].value != 1.0 else 0.05),
        (hurried, "DIG-T-02"): Entered(value=1.0),
    }
    planted = [Planted("missing", *key) for key in gone]
    planted += [
        Planted("contradiction", boastful, "ORG-T-03"),
        Planted("outlier", crowded, "CAP-V-01"),
        Planted("jump", hurried, "MAT-T-02"),
    ]
    return changed, tuple(planted)
