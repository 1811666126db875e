"""The editor of a draft: which page shows a version of each kind, and which form each part has."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpResponse

from anlan.allocation.measure_forms import MeasureForm
from anlan.allocation.queries import rule_pages, rules
from anlan.allocation.rule_forms import ClassesForm, RowForm, StrategyForm
from anlan.allocation.rule_tables import measures_table
from anlan.allocation.rule_words import name_of
from anlan.web.http import Request, page
from anlan.web.part_forms import PartForm

Version = Any  # a row of the rules, met through its door
Content = dict[str, Any]


def _table_page(request: Request, version: Version, context: Content) -> HttpResponse:
    return page(request, "allocation/decision_table.html", context | rule_pages.table_page(version))


def _measures_page(request: Request, version: Version, context: Content) -> HttpResponse:
    around = rule_pages.measures_page(version)
    table = measures_table(around["raised"], around["examples"])
    return table.respond(request, "allocation/measures.html", version.measures.all(), context | around)


def _strategy_page(request: Request, version: Version, context: Content) -> HttpResponse:
    return page(request, "allocation/strategy.html", context | rule_pages.strategy_page(version))


PAGES: Mapping[str, Callable[[Request, Version, Content], HttpResponse]] = {
    "classes": _table_page,
    "measures": _measures_page,
    "strategy": _strategy_page,
}


def form_for(version: Version, part: str, data: Any = None) -> PartForm:
    """Return the form of a part of a draft: classes, row, row.3, measure, measure.CODE or class.KEY.

    Raises:
        Http404: rules of this kind have no such part.
    """
    name, _dot, key = part.partition(".")
    build = _FORMS.get((version.kind, name))
    if build is None:
        raise Http404
    return build(version, key, data)


def _classes_form(version: Version, key: str, data: Any) -> PartForm:
    if key:
        raise Http404
    return ClassesForm(version.content, data)


def _row_form(version: Version, key: str, data: Any) -> PartForm:
    if not key:
        return RowForm(version.content, data)
    if not key.isdecimal() or not 1 <= int(key) <= len(version.content["rows"]):
        raise Http404
    return RowForm(version.content, data, number=int(key))


def _measure_form(version: Version, key: str, data: Any) -> PartForm:
    if key and key not in {each["code"] for each in version.content["measures"]}:
        raise Http404
    leaves = [(code, f"{code} {name}") for code, name in rule_pages.leaf_names().items()]
    return MeasureForm(version.content, data, code=key or None, leaves=leaves)


def _strategy_form(version: Version, key: str, data: Any) -> PartForm:
    table = rules.table_of(version.county_code)
    named = {each.key: name_of(each) for each in table.classes}
    if key not in named:
        raise Http404
    catalogue = rules.catalogue_of(version.county_code)
    return StrategyForm(version.content, data, class_key=key, name=named[key], catalogue=catalogue)


_FORMS: Mapping[tuple[str, str], Callable[[Version, str, Any], PartForm]] = {
    ("classes", "classes"): _classes_form,
    ("classes", "row"): _row_form,
    ("measures", "measure"): _measure_form,
    ("strategy", "class"): _strategy_form,
}


def arranged(content: Content, number: int, way: str) -> Content:
    """Return a decision table with a row, counted from 1, moved up, moved down or taken out.

    Raises:
        Http404: there is no such row.

    >>> arranged({"rows": ["a", "b"]}, 2, "up")
    {'rows': ['b', 'a']}
    """
    rows = list(content.get("rows") or ())
    if not 1 <= number <= len(rows):
        raise Http404
    row = rows.pop(number - 1)
    if way != "remove":
        rows.insert(max(number - 2, 0) if way == "up" else number, row)
    return {**content, "rows": rows}
