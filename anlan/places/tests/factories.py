"""A county, two townships and four villages on a square grid, as rows."""

from datetime import date
from typing import Any

from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE
from anlan.places import actions
from anlan.places.core.values import DivisionRow, Loaded

SINCE = date(2020, 1, 1)
TODAY = date(2026, 11, 24)
OTHER_TOWNSHIP = "999901102000"
OTHER_VILLAGE = "999901101202"
VILLAGES = (VILLAGE, OTHER_VILLAGE, "999901102201", "999901102202")


def square(x: float, y: float, width: float = 0.1, height: float = 0.1) -> dict[str, Any]:
    """Return a rectangle whose lower left corner lies that far from the county's."""
    west, south, east, north = 109.0 + x, 28.0 + y, 109.0 + x + width, 28.0 + y + height
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [ring]}


def small_county() -> list[DivisionRow]:
    return [
        DivisionRow(COUNTY, "青岚县", 4000, 1200, 400.0, region_type="mountain", boundary=square(0, 0, 0.2, 0.2)),
        DivisionRow(TOWNSHIP, "柳溪镇", 2500, 800, 200.0, "hill", boundary=square(0, 0, 0.1, 0.2), seat=(109.05, 28.1)),
        DivisionRow(OTHER_TOWNSHIP, "枫渡镇", 1500, 400, 200.0, "plain", boundary=square(0.1, 0, 0.1, 0.2)),
        DivisionRow(VILLAGE, "柳溪村", 1500, 500, 100.0, "hill", "220", boundary=square(0, 0)),
        DivisionRow(OTHER_VILLAGE, "竹坞村", 1000, 300, 100.0, "mountain", "220", boundary=square(0, 0.1)),
        DivisionRow("999901102201", "枫渡村", 900, 250, 100.0, "plain", "210", boundary=square(0.1, 0)),
        DivisionRow("999901102202", "芦塘村", 600, 150, 100.0, "plain", "220", boundary=square(0.1, 0.1)),
    ]


def load(rows: list[DivisionRow] | None = None, *, since: date = SINCE) -> Loaded:
    return actions.load_divisions(actor=None, rows=small_county() if rows is None else rows, valid_from=since, at=NOON)
