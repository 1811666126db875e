"""Answers: an address with its options → rows within reach → JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import FieldError
from django.db import DataError, ProgrammingError, connection, transaction
from django.db.models import QuerySet

from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.sensorthings.addresses import SETS, Address, next_link, quoted
from anlan.telemetry.core.sensorthings.options import Options
from anlan.telemetry.core.sensorthings.refusals import BadRequest, NotThere
from anlan.telemetry.core.sensorthings.times import iso
from anlan.telemetry.queries.sensorthings.filters import condition_of
from anlan.telemetry.queries.sensorthings.observation_pages import page_of
from anlan.telemetry.queries.sensorthings.reach import Reach
from anlan.telemetry.queries.sensorthings.sets import ENTITY_SETS, EntitySet, Row, number, observation

MOST_EXPANDED = 200  # rows in whose inside another set is shown: each costs a query
Corrected = Mapping[tuple[int, datetime], float | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: JSON content, or a bare text ($value)."""

    content: Any
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where the asker stands: root address, reach, and what the next page repeats."""

    root: str
    reach: Reach
    given: Mapping[str, str]


def roots(root: str) -> Answer:
    """Return the list of all sets."""
    value = [{"name": name, "url": f"{root}/{name}"} for name in sorted(SETS)]
    conformance = [
        "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel",
        "http://www.opengis.net/spec/iot_sensing/1.1/req/resource-path/resource-path-to-entities",
        "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data",
        "http://www.opengis.net/spec/iot_sensing/1.1/req/data-array/data-array",
    ]
    return Answer({"value": value, "serverSettings": {"conformance": conformance}})


def answer_to(address: Address, options: Options, reach: Reach, root: str, given: Mapping[str, str]) -> Answer:
    """Return the answer to a request.

    Args:
        address: asked for; it has steps.
        options: of the last step.
        reach: how far the asker may see.
        root: address of the service, without a slash at its end.
        given: the options as they came, for the address of the next page.

    Raises:
        BadRequest: an option names what is not offered.
        NotThere: the address leads nowhere, or beyond the reach.
    """
    page = page_of(address, options, reach, root, given)
    if page is not None:
        return Answer(page)
    asked = _Asked(root, reach, given)
    found, ties, is_one = _walk(address, asked)
    if not is_one:
        if address.field:
            raise NotThere("There is nothing at %(part)s", part=address.field)
        return Answer(_page(found, ties, options, asked, address))
    rows, _ = _rows(found, ties, replace(options, filter="", order=(), top=1, skip=0), asked)
    if not rows:
        raise NotThere("There is nothing at %(part)s", part=address.steps[-1].name)
    if address.is_ref:
        return Answer({"@iot.selfLink": _self_link(found, rows[0], asked)})
    shown = _shown(found, rows, options, asked)[0]
    return _field(shown, address) if address.field else Answer(shown)


def _walk(address: Address, asked: _Asked) -> tuple[EntitySet, Mapping[str, Any], bool]:
    """Return the last set of an address, the filter that leads into it, and whether one entity of it is meant."""
    first = address.steps[0]
    if first.name not in ENTITY_SETS:
        raise NotThere("There is nothing at %(part)s", part=first.name)
    current: EntitySet = ENTITY_SETS[first.name]
    ties: Mapping[str, Any] = current.key(first.id) if first.id else {}
    is_one = first.id is not None
    for step in address.steps[1:]:
        if not is_one or step.name not in current.relations:
            raise NotThere("There is nothing at %(part)s", part=step.name)
        rows, _ = _rows(replace(current, columns=current.tying), ties, Options(top=1), asked)
        if not rows:
            raise NotThere("There is nothing at %(part)s", part=step.name)
        relation = current.relations[step.name]
        current = ENTITY_SETS[relation.target]
        ties, is_one = dict(relation.filter(rows[0])), relation.is_one
        if step.id is not None:
            ties, is_one = {**ties, **current.key(step.id)}, True
    return current, ties, is_one


def _page(found: EntitySet, ties: Mapping[str, Any], options: Options, asked: _Asked, address: Address) -> Any:
    rows, total = _rows(found, ties, replace(options, top=options.top + 1), asked)
    page: dict[str, Any] = {} if total is None else {"@iot.count": total}
    if len(rows) > options.top:
        page["@iot.nextLink"] = next_link(asked.root, address, asked.given, options) if options.top else ""
        rows = rows[: options.top]
    if address.is_ref:
        page["value"] = [{"@iot.selfLink": _self_link(found, row, asked)} for row in rows]
    elif options.is_data_array and found.name == "Observations":
        page["value"] = _data_arrays(rows, asked)
    else:
        page["value"] = _shown(found, rows, options, asked)
    return page


def _rows(found: EntitySet, ties: Mapping[str, Any], options: Options, asked: _Asked) -> tuple[list[Row], int | None]:
    """Return the rows of a set within reach, and how many there are in all where that is asked."""
    if found.model is None:
        listed = [{"property": each.value} for each in Property if ties.get("property", each.value) == each.value]
        if options.filter or options.order:
            raise BadRequest("%(name)s takes no $filter and no $orderby", name=found.name)
        return list(listed[options.skip : options.skip + options.top]), len(listed) if options.is_counted else None
    query: QuerySet[Any] = found.model._default_manager.filter(**ties)
    # A reading that is asked for by its datastream was reached through the datastream's own door.
    if "datastream_id" not in ties or "time" in ties:
        query = query.filter(asked.reach.of(found.to_station))
    if not options.filter:
        return _fetched(found, query, options)
    try:
        # What the database cannot compare ends here, and not the whole of the caller's transaction.
        with transaction.atomic():
            return _fetched(found, query.filter(condition_of(options.filter, found.model, found.paths)), options)
    except (FieldError, DataError, ProgrammingError, ValueError, TypeError, OverflowError) as fault:
        raise BadRequest("$filter cannot be read: %(text)s", text=options.filter[:200]) from fault


def _fetched(found: EntitySet, query: QuerySet[Any], options: Options) -> tuple[list[Row], int | None]:
    total = query.count() if options.is_counted else None
    ordered = query.order_by(*_order(found, options))
    return list(ordered.values(*found.columns)[options.skip : options.skip + options.top]), total


def _order(found: EntitySet, options: Options) -> Iterable[str]:
    for path, is_descending in options.order:
        column = found.paths.get(path.replace("@iot.id", "id"))
        if column is None:
            raise BadRequest("$orderby cannot ask for %(path)s", path=path)
        yield f"-{column}" if is_descending else column
    yield from found.order


def _shown(found: EntitySet, rows: Sequence[Row], options: Options, asked: _Asked) -> list[dict[str, Any]]:
    """Return rows as entities with their links, chosen properties, and what is to be shown inside."""
    if unknown := set(options.expand) - set(found.relations):
        raise BadRequest("%(name)s has nothing to expand named %(path)s", name=found.name, path=min(unknown))
    if options.expand and len(rows) > MOST_EXPANDED:
        raise BadRequest("$expand goes with a $top of at most %(most)d", most=MOST_EXPANDED)
    corrected = _corrections(rows) if found.name == "Observations" else {}
    wanted = set(options.select)
    ties = [(f"{name}@iot.navigationLink", f"/{name}") for name in found.relations]
    answers = []
    for row in rows:
        own = observation(row, corrected) if found.name == "Observations" else found.shown(row)
        key = found.id_of(row)
        link = f"{asked.root}/{found.name}({quoted(key)})"
        shown = {"@iot.id": key, "@iot.selfLink": link, **own}
        for name, end in ties:
            shown[name] = link + end
        if wanted:
            shown = _selected(shown, wanted, found)
        for name, inner in options.expand.items():
            shown.pop(f"{name}@iot.navigationLink", None)
            shown |= _inside(found, row, name, inner, asked)
        answers.append(shown)
    return answers


def _selected(shown: dict[str, Any], wanted: set[str], found: EntitySet) -> dict[str, Any]:
    names = {"@iot.id", "@iot.selfLink"} | wanted | {f"{name}@iot.navigationLink" for name in wanted}
    if unknown := wanted - set(shown) - set(found.relations) - {"id", "resultQuality", "parameters", "validTime"}:
        raise BadRequest("%(name)s has nothing to select named %(path)s", name=found.name, path=min(unknown))
    return {name: value for name, value in shown.items() if name in names}


def _inside(found: EntitySet, row: Row, name: str, options: Options, asked: _Asked) -> dict[str, Any]:
    relation = found.relations[name]
    target = ENTITY_SETS[relation.target]
    if relation.is_one:
        rows, _ = _rows(target, relation.filter(row), replace(options, top=1, skip=0), asked)
        return {name: _shown(target, rows, options, asked)[0] if rows else None}
    rows, total = _rows(target, relation.filter(row), replace(options, top=options.top + 1), asked)
    answer: dict[str, Any] = {name: _shown(target, rows[: options.top], options, asked)}
    if total is not None:
        answer[f"{name}@iot.count"] = total
    if len(rows) > options.top:
        further = urlencode({"$top": options.top, "$skip": options.skip + options.top})
        answer[f"{name}@iot.nextLink"] = f"{_self_link(found, row, asked)}/{name}?{further}"
    return answer


def _data_arrays(rows: Sequence[Row], asked: _Asked) -> list[dict[str, Any]]:
    """Return observations as one data array a datastream."""
    corrected = _corrections(rows)
    arrays: dict[int, list[list[Any]]] = {}
    for row in rows:
        key = (row["datastream_id"], row["time"])
        result = number(corrected[key] if key in corrected else row["value"])
        arrays.setdefault(row["datastream_id"], []).append([iso(row["time"]), result])
    return [
        {
            "Datastream@iot.navigationLink": f"{asked.root}/Datastreams({datastream})",
            "components": ["phenomenonTime", "result"],
            "dataArray@iot.count": len(array),
            "dataArray": array,
        }
        for datastream, array in arrays.items()
    ]


# Asked for with every page of observations, so nothing is put together anew.
_CORRECTED = """
SELECT datastream_id, "time", value FROM telemetry_correction
WHERE is_current AND datastream_id = ANY(%s::integer[]) AND "time" BETWEEN %s AND %s
"""


def _corrections(rows: Sequence[Row]) -> Corrected:
    if not rows:
        return {}
    times = [row["time"] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTED, [list({row["datastream_id"] for row in rows}), min(times), max(times)])
        return {(stream, time): value for stream, time, value in cursor.fetchall()}


def _field(shown: Mapping[str, Any], address: Address) -> Answer:
    if address.field not in shown or "@" in address.field:
        raise NotThere("There is nothing at %(part)s", part=address.field)
    value = shown[address.field]
    return Answer(str(value), True) if address.is_value else Answer({address.field: value})


def _self_link(found: EntitySet, row: Row, asked: _Asked) -> str:
    return f"{asked.root}/{found.name}({quoted(found.id_of(row))})"
