"""The rules of a plan in words: what a floor asks for, as a message with its values."""

from anlan.allocation.core.problem import Floor
from anlan.assessment.core.values import Note
from anlan.kernel.refusal import mark

ASKS = {
    "gain": mark("%(name)s gains at least %(least).1f points"),
    "head": mark("%(name)s receives at least %(least).0f yuan"),
    "least": mark("%(name)s receives at least %(least).1f %% of all money"),
    "most": mark("%(name)s receives at most %(most).1f %% of all money"),
    "both": mark("%(name)s receives %(least).1f to %(most).1f %% of all money"),
}
HELPS = {
    "gain": mark("It helps to keep the rule that %(name)s gains at least %(least).1f points"),
    "head": mark("It helps to keep the rule that %(name)s receives at least %(least).0f yuan"),
    "least": mark("It helps to keep the rule that %(name)s receives at least %(least).1f %% of all money"),
    "both": mark("It helps to keep the rule that %(name)s receives %(least).1f to %(most).1f %% of all money"),
}
BREAKS = {
    "least": mark("It would break the rule that %(name)s receives at least %(least).1f %% of all money"),
    "most": mark("It would break the rule that %(name)s receives at most %(most).1f %% of all money"),
    "both": mark("It would break the rule that %(name)s receives %(least).1f to %(most).1f %% of all money"),
}


def asks_note(floor: Floor) -> Note:
    """Return what the floor asks for."""
    return Note(ASKS[_kind(floor)], _values(floor))


def helps_note(floor: Floor) -> Note:
    """Return that a line helps to keep the floor, which has a least."""
    return Note(HELPS[_kind(floor)], _values(floor))


def breaks_note(floor: Floor) -> Note:
    """Return that a line more would break the floor, which is one on shares."""
    return Note(BREAKS[_kind(floor)], _values(floor))


def _kind(floor: Floor) -> str:
    if floor.kind == "unit_gain":
        return "gain"
    if floor.kind == "township_per_head":
        return "head"
    if floor.most is None:
        return "least"
    return "most" if floor.least is None else "both"


def _values(floor: Floor) -> dict[str, str | float]:
    scale = 0.01 if floor.kind == "township_per_head" else 100.0  # fen to yuan; shares and scores to percent and points
    bounds = {"least": floor.least, "most": floor.most}
    return {"name": floor.name, **{key: bound * scale for key, bound in bounds.items() if bound is not None}}
