"""`assess.upload`: the filled-in workbook of six hundred villages sent, previewed and taken over on the pages."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import count
from time import perf_counter
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.values import Kind
from bench.county_data import COUNTY, empty_county, opened_round, survey
from bench.frame import Measure, seconds_of

if TYPE_CHECKING:
    from django.test import Client

TOWNSHIPS, VILLAGES = 30, 600
HEADER_WITHIN = 15
ROUNDS = count(1)


def measures() -> Iterator[Measure]:
    """Yield the figure: from sending the file to the page after it was taken over."""
    yield Measure(
        f"workbook of {VILLAGES} villages: send, preview, take over, s",
        ours=_send_and_take_over,
        limit="openpyxl reads the same file",
        probe=lambda: seconds_of(_read, repeats=1),
        at_most=5.0,
    )


@cache
def _site() -> "tuple[Client, Any]":
    return empty_county(TOWNSHIPS, VILLAGES)


def _send_and_take_over() -> float:
    """Return the seconds that the pages take; making and filling in the workbook does not count."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, _analyst = _site()
    round_id = opened_round(f"Round {next(ROUNDS)}")
    address = f"/survey/{round_id}/workbook/{COUNTY}/"
    content = filled(client.get(f"{address}file/").content)
    began = perf_counter()
    sent = client.post(f"{address}upload/", {"file": SimpleUploadedFile("filled.xlsx", content)})
    preview = client.get(sent.url)  # type: ignore[attr-defined]
    taken = client.post(f"{sent.url}commit/")  # type: ignore[attr-defined]
    seconds = perf_counter() - began
    if (preview.status_code, taken.status_code) != (200, 302):
        raise ValueError(f"the pages answered {preview.status_code} and {taken.status_code}")
    _expect_saved(round_id)
    return seconds


def _expect_saved(round_id: int) -> None:
    """Refuse to count a run that saved something else than what was filled in."""
    from anlan.assessment.models import Answer

    found, wanted = Answer.objects.filter(round_id=round_id).count(), len(survey(TOWNSHIPS, VILLAGES).answers)
    if found != wanted:
        raise ValueError(f"{found} answers were saved, expected {wanted}")


def filled(content: bytes) -> bytes:
    """Return the workbook with the county's answers typed into it."""
    book = load_workbook(BytesIO(content))
    answers = survey(TOWNSHIPS, VILLAGES).answers
    kinds = {leaf.code: leaf.kind for leaf in default_system().leaves}
    for sheet in book.worksheets:
        head, columns = _header(sheet, kinds)
        for row in range(head + 1, sheet.max_row + 1) if columns else ():
            for code, column in columns.items():
                answer = answers.get((str(sheet.cell(row, 1).value), code))
                if answer is not None:
                    typed = ("是" if answer.value else "否") if kinds[code] is Kind.BOOLEAN else answer.value
                    sheet.cell(row, column).value = answer.day or typed
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _header(sheet: Any, kinds: dict[str, Kind]) -> tuple[int, dict[str, int]]:
    for row in range(1, HEADER_WITHIN):
        columns = {sheet.cell(row, column).value: column for column in range(1, sheet.max_column + 1)}
        if found := {code: columns[code] for code in kinds.keys() & columns.keys()}:
            return row, found
    return 0, {}


@cache
def _file() -> bytes:
    client, _analyst = _site()
    address = f"/survey/{opened_round(f'Round {next(ROUNDS)}')}/workbook/{COUNTY}/"
    return filled(client.get(f"{address}file/").content)


def _read() -> int:
    book = load_workbook(BytesIO(_file()), read_only=True)
    return sum(1 for sheet in book.worksheets for _row in sheet.iter_rows(values_only=True))
