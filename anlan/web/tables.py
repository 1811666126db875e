"""One declaration for every list: columns, sort, filter, page, choice of columns, export, bulk actions.

    UNITS = Table("units", (Column("name", mark("Unit"), attrgetter("name"), sort="name"), …), order=("code",))

    def unit_list(request):
        return UNITS.respond(request, "places/units.html", queries.units_for(request.user), {"title": …})

The page says `{% include "web/table.html" %}`. The whole state stands in the address, so that a list can be sent to a
colleague; an export holds exactly what is shown, all pages of it. Two statements serve a page of any size.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.kernel.refusal import Refusal
from anlan.web import exports
from anlan.web.http import page, wants_part
from anlan.web.templatetags import shown

RESERVED = frozenset({"sort", "page", "columns", "export", "chosen"})
Rows = QuerySet[Any, Any]


class NothingChosen(Refusal):
    """A bulk action without a row."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value comes from and how it reads."""

    key: str
    title: str
    value: Callable[[Any], Any]
    cell: str = ""
    sort: str = ""
    is_number: bool = False
    unit: str = ""
    is_shown: bool = True
    shown: Callable[[Any], str] | None = None

    def text(self, value: Any) -> str:
        """Return the value as it reads in a cell."""
        if self.shown:
            return self.shown(value)
        if self.is_number and not isinstance(value, str):
            return shown.number(value)
        return plain_text(value)


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the filter row: a choice, or free text."""

    key: str
    title: str
    lookup: str
    choices: tuple[tuple[str, str], ...] = ()
    narrow: Callable[[Rows, str], Rows] | None = None


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What can be done with the chosen rows: a POST of their ids, as `chosen`, to the named address."""

    title: str
    url_name: str
    args: tuple[Any, ...] = ()
    confirm: str = ""
    is_dangerous: bool = False

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=self.args)


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head as the page shows it."""

    column: Column
    title: str
    sort: str  # the value of `sort` that a click asks for, "" when not sortable
    direction: str  # ascending, descending or ""


@dataclass(frozen=True, slots=True)
class Field:
    """A filter with what the reader chose."""

    key: str
    title: str
    choices: tuple[tuple[str, str], ...]
    value: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one row, as text or as a template's words."""

    column: Column
    content: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row: where it leads and its cells."""

    pk: Any
    url: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """What a list can do; bound to a request by `respond`."""

    key: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    order: tuple[str, ...] = ("pk",)
    page_size: int = 50
    row_url: Callable[[Any], str] | None = None
    file_name: str = ""
    bulk: tuple[BulkAction, ...] = field(default=())
    is_stacked: bool = False  # on a phone each row is a card, its values one below the other
    keeps: tuple[str, ...] = ()  # what else of the address the filters carry along, such as the page's tab

    def __post_init__(self) -> None:
        if taken := RESERVED & {one.key for one in self.filters}:
            raise ValueError(f"filters of {self.key} use reserved names: {', '.join(sorted(taken))}")

    def respond(
        self, request: HttpRequest, template: str, rows: Rows, context: Mapping[str, Any] | None = None
    ) -> HttpResponse:
        """Return the page with the table in it, only the table for htmx, or the export that the reader asks for."""
        bound = BoundTable(self, request, rows)
        kind = request.GET.get("export", "")
        if kind in exports.WRITERS:
            return exports.download(kind, self.file_name or self.key, bound.export())
        if wants_part(request) and request.htmx.target == bound.html_id:  # type: ignore[attr-defined]
            template = "web/table.html"
        return page(request, template, {**(context or {}), "table": bound})


class BoundTable:
    """A table's rows as one reader sees them."""

    def __init__(self, table: Table, request: HttpRequest, rows: Rows) -> None:
        self.table = table
        self.request = request
        self.query = request.GET
        self.html_id = f"table-{table.key}"
        self.fields: list[Field] = []
        self._rows = self._sorted(self._filtered(rows))

    def _filtered(self, rows: Rows) -> Rows:
        for one in self.table.filters:
            value = self.query.get(one.key, "").replace("\x00", "").strip()
            narrowed = self._narrowed(one, rows, value) if value else rows
            self.fields.append(
                Field(
                    one.key,
                    _(one.title),
                    tuple((key, _(name)) for key, name in one.choices),
                    value,
                    is_bad=narrowed is None,
                )
            )
            rows = rows if narrowed is None else narrowed
        return rows

    def _narrowed(self, one: Filter, rows: Rows, value: str) -> Rows | None:
        """Return the rows that fit; None when the value can be none of the field's."""
        if one.choices and value not in {key for key, _name in one.choices}:
            return None
        try:
            return one.narrow(rows, value) if one.narrow else rows.filter(**{one.lookup: value})
        except (ValueError, TypeError, ValidationError):
            return None

    @cached_property
    def _sort(self) -> tuple[Column | None, bool]:
        asked = self.query.get("sort", "")
        column = next((one for one in self.table.columns if one.sort and one.key == asked.removeprefix("-")), None)
        return column, asked.startswith("-")

    def _sorted(self, rows: Rows) -> Rows:
        column, is_descending = self._sort
        order: list[Any] = [*self.table.order]
        if column:
            way = F(column.sort)
            order.insert(0, way.desc(nulls_last=True) if is_descending else way.asc(nulls_last=True))
        return rows.order_by(*order, *([] if self.table.order[-1:] in {("pk",), ("-pk",)} else ["pk"]))

    @cached_property
    def columns(self) -> list[Column]:
        """Return the columns that the reader chose, or those shown at first."""
        asked = set(",".join(self.query.getlist("columns")).split(","))
        chosen = [one for one in self.table.columns if one.key in asked]
        return chosen or [one for one in self.table.columns if one.is_shown]

    @cached_property
    def heads(self) -> list[Head]:
        sorted_by, is_descending = self._sort
        heads = []
        for one in self.columns:
            is_it = one is sorted_by
            direction = ("descending" if is_descending else "ascending") if is_it else ""
            sort = f"-{one.key}" if is_it and not is_descending else one.key
            heads.append(Head(one, title_of(one), sort if one.sort else "", direction))
        return heads

    @property
    def choices(self) -> list[tuple[Column, str, bool]]:
        """Return every column with its title and whether it is shown."""
        return [(one, title_of(one), one in self.columns) for one in self.table.columns]

    @cached_property
    def page(self) -> Page:  # type: ignore[type-arg]
        return Paginator(self._rows, self.table.page_size).get_page(self.query.get("page"))

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def pages(self) -> list[int | str]:
        """Return the page numbers to offer, with gaps as `…`."""
        return list(self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1))

    @property
    def is_narrowed(self) -> bool:
        """Tell whether a filter holds rows back."""
        return any(one.value for one in self.fields)

    @cached_property
    def lines(self) -> list[Line]:
        """Return the rows of this page."""
        row_url = self.table.row_url
        return [
            Line(
                getattr(row, "pk", None),
                row_url(row) if row_url else "",
                [self._cell(one, row) for one in self.columns],
            )
            for row in self.page
        ]

    def _cell(self, column: Column, row: Any) -> Cell:
        value = column.value(row)
        if column.cell:
            return Cell(column, render_to_string(column.cell, {"row": row, "value": value}))
        return Cell(column, column.text(value))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return what the filter row's form carries along: the order, the choice of columns, the page's own."""
        return self._carried({"sort", "columns", *self.table.keeps})

    @property
    def kept_for_columns(self) -> list[tuple[str, str]]:
        """Return what the choice of columns carries along: everything but the page."""
        return self._carried(set(self.query) - {"columns", "page", "export"})

    def _carried(self, keys: set[str]) -> list[tuple[str, str]]:
        return [(key, value) for key, values in self.query.lists() if key in keys for value in values if value]

    @property
    def all_url(self) -> str:
        """Return the address of this list without filters."""
        return f"?{urlencode(self.kept)}"

    def export(self) -> exports.Sheet:
        """Return every row that the filters let through, in the shown order and columns, as plain values."""
        heads = [title_of(one) for one in self.columns]
        values = ([one.value(row) for one in self.columns] for row in self._rows.iterator(chunk_size=2000))
        return exports.Sheet(heads, values)


def title_of(column: Column) -> str:
    """Return the head's words with the unit."""
    title = _(column.title)
    return f"{title} ({_(column.unit)})" if column.unit else title


def plain_text(value: Any) -> str:
    """Return a value as text: days, times, yes and no in the reader's language."""
    if value is None or value == "":
        return shown.NONE
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return shown.moment(value)
    return shown.day(value) if isinstance(value, date) else str(value)


def chosen_in(request: HttpRequest) -> list[int]:
    """Return the ids of the rows chosen for a bulk action.

    Raises:
        NothingChosen: there are none.
    """
    chosen = [int(text) for text in request.POST.getlist("chosen") if text.isdecimal()]
    if not chosen:
        raise NothingChosen("Choose at least one row first")
    return chosen
