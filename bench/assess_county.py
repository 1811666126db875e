"""`assess.county`: a county assessed with all its documents, and the pages of results with many units loaded."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from anlan.assessment.core.assess import assess
from anlan.assessment.core.default_system import default_system
from anlan.config.environment import point_at
from bench.county_data import CLOSES, COUNTY, PREFIX, stored_county, survey
from bench.frame import Measure, seconds_of

if TYPE_CHECKING:
    from django.test import Client

TOWNSHIPS, VILLAGES = 30, 600
REPORTED = 12  # townships of the county whose documents are made
REPEATS = 15
PAGES = {
    "ranking of townships": "",
    "ranking of villages": "?level=village&sort=-change",
    "map": "map/?level=village",
    "village's page": f"units/{PREFIX}101201/",
    "township's page": f"units/{PREFIX}101000/",
    "county's page": f"units/{COUNTY}/",
    "needs": "needs/",
    "data quality": "quality/",
    "documents": "reports/",
    "methods": "methods/",
    "map data of villages": "map/village.geojson",
}


def measures() -> Iterator[Measure]:
    """Yield the figures: the whole job with its documents, then the median of each page at the server."""
    yield Measure(
        f"assess, county report, {REPORTED} township reports, needs, s",
        ours=lambda: seconds_of(whole_job, repeats=1),
        limit="one numpy pass over 10 million numbers",
        probe=_pass,
        at_most=30.0,
    )
    for name, path in PAGES.items():
        yield Measure(
            f"{name}, {TOWNSHIPS} townships and {VILLAGES} villages, ms",
            ours=partial(_milliseconds, path),
            limit="the page of health: one statement, no template",
            probe=lambda: _median(lambda: _site()[0].get("/readyz")),
            at_most=100.0,
        )


def whole_job() -> int:
    """Assess a county and make every document; return how many."""
    point_at("anlan.config.test_settings")
    import django

    django.setup()
    from anlan.assessment.documents.offline import documents_of

    result = assess(survey(REPORTED, 8 * REPORTED), default_system(), rng=np.random.default_rng(1))
    return sum(1 for _ in documents_of(result, issued_on=CLOSES, progress=lambda *_: None))


def _pass() -> float:
    numbers = np.ones(10_000_000)
    return seconds_of(numbers.sum)


@cache
def _site() -> "tuple[Client, int]":
    return stored_county(TOWNSHIPS, VILLAGES)


def _milliseconds(path: str) -> float:
    client, assessment_id = _site()
    address = f"/assessments/{assessment_id}/{path}"
    answer = client.get(address)
    if answer.status_code != 200:
        raise ValueError(f"{address} answered {answer.status_code}")
    return _median(lambda: client.get(address))


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        began = perf_counter()
        work()
        times.append((perf_counter() - began) * 1000)
    return median(times)
