"""The rules of a plan in words: what a floor asks for, as a message with its values."""

from anlan.allocation.core.problem import Floor
from anlan.assessment.core.values import Note
from anlan.kernel.refusal import mark

GAIN = mark("%(name)s gains at least %(least).1f points")
HEAD = mark("%(name)s receives at least %(least).0f yuan")
SHARE_LEAST = mark("%(name)s receives at least %(least).1f %% of all money")
SHARE_MOST = mark("%(name)s receives at most %(most).1f %% of all money")
SHARE_BOTH = mark("%(name)s receives %(least).1f to %(most).1f %% of all money")


def floor_note(floor: Floor) -> Note:
    """Return what the floor asks for."""
    least, most = floor.least or 0.0, floor.most or 0.0
    if floor.kind == "unit_gain":
        return Note(GAIN, {"name": floor.name, "least": least * 100})
    if floor.kind == "township_per_head":
        return Note(HEAD, {"name": floor.name, "least": least / 100})
    if floor.most is None:
        return Note(SHARE_LEAST, {"name": floor.name, "least": least * 100})
    if floor.least is None:
        return Note(SHARE_MOST, {"name": floor.name, "most": most * 100})
    return Note(SHARE_BOTH, {"name": floor.name, "least": least * 100, "most": most * 100})
