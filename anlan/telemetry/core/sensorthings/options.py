"""Query options: $filter $select $expand $orderby $top $skip $count, in an address or nested in an $expand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from anlan.telemetry.core.sensorthings.refusals import BadRequest

DEFAULT_TOP, MOST = 100, 1000
MOST_LENGTH, MOST_DEPTH = 4000, 4
_ORDER = re.compile(r"(?P<path>[A-Za-z@.]+(?:/[A-Za-z@.]+)*)(?:\s+(?P<way>asc|desc))?")
_KNOWN = frozenset({"$filter", "$select", "$expand", "$orderby", "$top", "$skip", "$count", "$resultFormat"})


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of a set.

    Attributes:
        filter: OData expression, "" asks all.
        select: properties wanted; empty is all.
        expand: relations shown inside, with the options of each.
        order: (path, is descending), the most important first.
        top: at most so many.
        skip: so many are left out.
        is_counted: tell how many there are.
        is_data_array: $resultFormat=dataArray.
    """

    filter: str = ""
    select: tuple[str, ...] = ()
    expand: Mapping[str, "Options"] = field(default_factory=dict)
    order: tuple[tuple[str, bool], ...] = ()
    top: int = DEFAULT_TOP
    skip: int = 0
    is_counted: bool = False
    is_data_array: bool = False


def options_of(given: Mapping[str, str], depth: int = 0) -> Options:
    """Return the options as read.

    Raises:
        BadRequest: one is not known or cannot be read.
    """
    for name, text in given.items():
        if name not in _KNOWN:
            raise BadRequest("The option %(name)s is not known", name=name)
        if len(text) > MOST_LENGTH:
            raise BadRequest("The option %(name)s is longer than %(most)d", name=name, most=MOST_LENGTH)
    if depth > MOST_DEPTH:
        raise BadRequest("$expand goes %(most)d levels deep at most", most=MOST_DEPTH)
    counted = given.get("$count", "false")
    if counted not in {"true", "false"}:
        raise BadRequest("$count is true or false")
    if given.get("$resultFormat", "dataArray") != "dataArray":
        raise BadRequest("$resultFormat is dataArray or not given")
    return Options(
        given.get("$filter", "").strip(),
        tuple(name.strip() for name in given.get("$select", "").split(",") if name.strip()),
        _expand(given.get("$expand", ""), depth),
        tuple(_orders(given.get("$orderby", ""))),
        min(_whole(given, "$top", DEFAULT_TOP), MOST),
        _whole(given, "$skip", 0),
        counted == "true",
        "$resultFormat" in given,
    )


def _whole(given: Mapping[str, str], name: str, otherwise: int) -> int:
    text = given.get(name)
    if text is None:
        return otherwise
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise BadRequest("%(name)s is a whole number of at least 0", name=name)
    return int(text)


def _orders(text: str) -> Iterator[tuple[str, bool]]:
    for part in filter(None, (each.strip() for each in text.split(","))):
        found = _ORDER.fullmatch(part)
        if found is None:
            raise BadRequest("$orderby cannot be read: %(text)s", text=part)
        yield found["path"], found["way"] == "desc"


def _expand(text: str, depth: int) -> Mapping[str, Options]:
    """Return the relations of `A($top=1;$select=x),B/C`: a path is an expand inside an expand."""
    found: dict[str, dict[str, str]] = {}
    for part in _split(text, ","):
        head, bracket, rest = part.partition("(")
        if bracket and not rest.endswith(")"):
            raise BadRequest("$expand cannot be read: %(text)s", text=part)
        name, _, deeper = head.strip().partition("/")
        inner = dict(_pair(each) for each in _split(rest[:-1] if bracket else "", ";"))
        into = found.setdefault(name, {})
        if deeper:
            inside = f"{deeper}({rest[:-1]})" if bracket else deeper
            into["$expand"] = ",".join(filter(None, (into.get("$expand", ""), inside)))
        else:
            into.update(inner)
    return {name: options_of(given, depth + 1) for name, given in found.items()}


def _pair(text: str) -> tuple[str, str]:
    name, is_pair, value = text.partition("=")
    if not is_pair:
        raise BadRequest("$expand cannot be read: %(text)s", text=text)
    return name.strip(), value


def _split(text: str, mark: str) -> Iterator[str]:
    """Yield the parts of a text between marks that stand in no brackets and no quotes."""
    depth, is_quoted, part = 0, False, ""
    for sign in text:
        is_quoted ^= sign == "'"
        if not is_quoted:
            depth += (sign == "(") - (sign == ")")
        if sign == mark and depth == 0 and not is_quoted:
            yield part.strip()
            part = ""
        else:
            part += sign
    if depth or is_quoted:
        raise BadRequest("Brackets or quotes do not close: %(text)s", text=text)
    if part.strip():
        yield part.strip()
