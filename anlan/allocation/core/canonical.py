"""A problem as JSON content and back: what a plan is frozen with, and the hash that names it.

Source: docs/methods/allocation.md, section 7.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from anlan.allocation.core.problem import Problem
from anlan.kernel.canonical import sha256_of
from anlan.kernel.refusal import Refusal

Content = dict[str, Any]


class BadProblem(Refusal):
    """The content is no allocation problem."""


def problem_content(problem: Problem) -> Content:
    """Return the problem as JSON content: the same for the same problem."""
    content: Content = _written(Problem, problem)
    return content


def problem_hash(problem: Problem) -> str:
    """Return the SHA-256 of the problem's canonical JSON."""
    return sha256_of(problem_content(problem))


def problem_from_content(content: Mapping[str, Any]) -> Problem:
    """Return the problem that the content describes.

    Raises:
        BadProblem: a field is missing, unknown or of the wrong kind, or a place points at nothing.
    """
    problem: Problem = _read(Problem, content, "problem")
    for name, places, size in _places(problem):
        wrong = [place for place in places if not 0 <= place < size]
        if wrong:
            raise BadProblem("%(field)s names the place %(found)s of %(size)s", field=name, found=wrong[0], size=size)
    return problem


def _places(problem: Problem) -> Iterator[tuple[str, list[int], int]]:
    """Yield every place in a tuple that something points at, with the size of the tuple."""
    units, aims, options, sources = (len(x) for x in (problem.units, problem.aims, problem.options, problem.sources))
    yield "aims.unit", [aim.unit for aim in problem.aims], units
    yield "options.unit", [option.unit for option in problem.options], units
    yield "effects.aim", [effect.aim for option in problem.options for effect in option.effects], aims
    yield "options.sources", [source for option in problem.options for source in option.sources], sources
    yield "options.requires", [o for option in problem.options for group in option.requires for o in group], options
    yield "exclusions", [o for group in problem.exclusions for o in group], options
    yield "pinned", [o for o, _pieces in problem.pinned], options
    yield "barred", list(problem.barred), options
    for floor in problem.floors:
        yield f"floors.{floor.key}", list(floor.members), units if floor.kind == "unit_gain" else options


def _written(kind: Any, value: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        return {name: _written(each, getattr(value, name)) for name, each in _kinds(kind).items()}
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        return [_written(kinds[0] if kinds[-1] is Ellipsis else kinds[n], each) for n, each in enumerate(value)]
    # A whole number given where a share is meant must not change the hash.
    is_number = float in (kind, *get_args(kind)) and value is not None
    return float(value) if is_number else value


@cache
def _kinds(owner: type) -> dict[str, Any]:
    hints = get_type_hints(owner)
    return {each.name: hints[each.name] for each in fields(owner)}


def _read(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        return _read_value(kind, value, where)
    if get_origin(kind) is tuple:
        return _read_tuple(get_args(kind), value, where)
    if get_origin(kind) is UnionType:
        kinds = get_args(kind)
        return None if value is None and type(None) in kinds else _read(kinds[0], value, where)
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise BadProblem("%(field)s is %(found)s, which is unknown", field=where, found=value)
        return value
    return _read_plain(kind, value, where)


def _read_plain(kind: type, value: Any, where: str) -> Any:
    accepted = (int, float) if kind is float else kind
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        raise BadProblem("%(field)s is %(found)s, which is of the wrong kind", field=where, found=repr(value))
    return kind(value)


def _read_value(kind: Any, value: Any, where: str) -> Any:
    kinds = _kinds(kind)
    if not isinstance(value, Mapping):
        raise BadProblem("%(field)s is %(found)s, which is of the wrong kind", field=where, found=repr(value))
    for name in sorted(kinds.keys() ^ value.keys()):
        raise BadProblem("%(field)s is missing or unknown in %(where)s", field=name, where=where)
    return kind(**{name: _read(each, value[name], f"{where}.{name}") for name, each in kinds.items()})


def _read_tuple(kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise BadProblem("%(field)s is %(found)s, which is of the wrong kind", field=where, found=repr(value))
    if kinds[-1] is Ellipsis:
        return tuple(_read(kinds[0], each, where) for each in value)
    if len(kinds) != len(value):
        raise BadProblem("%(field)s is %(found)s, which is of the wrong kind", field=where, found=repr(value))
    return tuple(_read(kind, each, where) for kind, each in zip(kinds, value, strict=True))
