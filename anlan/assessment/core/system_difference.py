"""What one version of an indicator system says otherwise than another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LEAVES = "leaves"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs. `place` is a leaf's code or a part of the system; None stands for not being there."""

    place: str
    field: str
    before: Any
    after: Any

    @property
    def is_added(self) -> bool:
        """Whether only the newer version has it."""
        return self.before is None

    @property
    def is_removed(self) -> bool:
        """Whether only the older version has it."""
        return self.after is None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return every field that differs, the parts of the system first, then leaf by leaf.

    A leaf that only one of them has is one difference, its name; its other fields are not told.

    >>> leaf = {"code": "A", "name_zh": "甲", "weight": 1.0}
    >>> differences({"leaves": [leaf]}, {"leaves": [{**leaf, "weight": 0.5}]})
    (Difference(place='A', field='weight', before=1.0, after=0.5),)
    """
    return (*_parts(before, after), *_leaves(before.get(LEAVES, ()), after.get(LEAVES, ())))


def _parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for part in dict.fromkeys((*before, *after)):
        if part == LEAVES:
            continue
        old, new = _flat(before.get(part)), _flat(after.get(part))
        for field in dict.fromkeys((*old, *new)):
            if old.get(field) != new.get(field):
                yield Difference(part, field, old.get(field), new.get(field))


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    """Return nested content as fields with dotted names; a rule or a row of a table counts by its place."""
    if isinstance(value, Mapping):
        pairs = [(str(key), each) for key, each in value.items()]
    elif isinstance(value, list | tuple):
        pairs = [(str(number), each) for number, each in enumerate(value, 1)]
    else:
        return {} if value is None else {name: value}
    return {field: each for key, one in pairs for field, each in _flat(one, f"{name}.{key}".strip(".")).items()}


def _leaves(before: Any, after: Any) -> Iterator[Difference]:
    old, new = ({leaf["code"]: leaf for leaf in leaves} for leaves in (before, after))
    for code in dict.fromkeys((*old, *new)):
        if code not in new or code not in old:
            yield Difference(code, "name_zh", old.get(code, {}).get("name_zh"), new.get(code, {}).get("name_zh"))
            continue
        for field in dict.fromkeys((*old[code], *new[code])):
            if old[code].get(field) != new[code].get(field):
                yield Difference(code, field, old[code].get(field), new[code].get(field))
