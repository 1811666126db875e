"""The report of one unit, 《基层应急能力评估报告》: for the office as .docx and for print as .pdf."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial

import django
from django.utils import translation

from anlan.assessment.core.values import Result
from anlan.assessment.documents.report_content import Issue, ReportContent, bureau_of, report_content
from anlan.assessment.documents.report_docx import docx
from anlan.assessment.documents.report_figures import Boundaries
from anlan.assessment.documents.report_pdf import pdf

PROCESSES = 2
WORTH_A_POOL = 4  # starting processes takes as long as making two reports


@dataclass(frozen=True, slots=True)
class Report:
    """A report as two files, and what stands in them."""

    content: ReportContent
    docx: bytes
    pdf: bytes


def make_report(
    result: Result,
    code: str,
    *,
    issued_on: date,
    issuer: str = "",
    previous: Result | None = None,
    boundaries: Boundaries | None = None,
) -> Report:
    """Return the report of the county or of a township in the language that is active.

    `issuer` is the county's emergency management bureau where none is named; `boundaries` are GeoJSON
    geometries in WGS 84 by division code; `previous` is the result of the last round. The same
    arguments give the same bytes.

    Raises:
        ValueError: the result holds no such unit.
    """
    content = report_content(
        result, code, previous=previous, boundaries=boundaries, issue=Issue(issuer or bureau_of(result), issued_on)
    )
    return Report(content, docx(content), pdf(content))


def make_reports(
    result: Result,
    codes: Sequence[str],
    *,
    issued_on: date,
    issuer: str = "",
    previous: Result | None = None,
    boundaries: Boundaries | None = None,
) -> Iterator[Report]:
    """Yield the reports of several units in the order of their codes, made by two processes where it pays."""
    make = partial(make_report, result, previous=previous, boundaries=boundaries, issued_on=issued_on, issuer=issuer)
    if len(codes) < WORTH_A_POOL:
        yield from map(make, codes)
        return
    with ProcessPoolExecutor(
        PROCESSES,
        # Forking a process that holds threads and database connections is not safe.
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(translation.get_language(), make),
    ) as pool:
        yield from pool.map(_make_one, codes)


_state: dict[str, partial[Report]] = {}


def _begin(language: str, make: "partial[Report]") -> None:
    """Ready a process: catalogues, language, and what all its reports are made from, sent once."""
    django.setup()
    translation.activate(language)
    _state["make"] = make


def _make_one(code: str) -> Report:
    return _state["make"](code)
