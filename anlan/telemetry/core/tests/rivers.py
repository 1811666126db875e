"""Rivers to foretell: one that a few lines make, and how the folder of real ones is read."""

import csv
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from anlan.telemetry.core.forecast.hours import Hours
from anlan.telemetry.core.series import HOUR, Floats

BASIN_DIGITS = 2  # of a code: stations of one river basin share them


def gauges_of(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the level stations of a folder, each with the gauges of its basin."""
    codes = {kind: sorted({path.name.split("_")[1] for path in folder.glob(f"{kind}_*.csv")}) for kind in ("wl", "rf")}
    return {
        level: tuple(gauge for gauge in codes["rf"] if gauge[:BASIN_DIGITS] == level[:BASIN_DIGITS])
        for level in codes["wl"]
    }


def years_of(folder: Path) -> tuple[int, ...]:
    """Return the years that a folder tells of, oldest first."""
    return tuple(sorted({int(path.name.split("_")[2][:4]) for path in folder.glob("wl_*.csv")}))


def made_river(days: int, *, seed: int = 7, gauges: int = 2) -> Hours:
    """Return a river fed by showers through two stores, one quick and one slow, with a gauge's noise."""
    rng = np.random.default_rng(seed)
    count = days * 24
    showers = np.convolve(rng.random(count) < 1 / 60, np.ones(5))[:count]
    rain = np.minimum(showers, 1.0) * rng.gamma(1.0, 4.0, count)
    level = np.empty(count)
    quick = slow = 0.0
    lagged = np.concatenate((np.zeros(2), rain[:-2]))
    for hour in range(count):
        quick, slow = 0.75 * quick + 0.03 * lagged[hour], 0.99 * slow + 0.002 * lagged[hour]
        level[hour] = 100.0 + quick + slow
    caught = np.array([rain * rng.uniform(0.8, 1.2, count) for _ in range(gauges)]).reshape(gauges, count)
    return Hours(count * HOUR, np.round(level + rng.normal(0.0, 0.004, count), 2), np.round(caught, 1))


def real_river(folder: Path, station: str, years: Iterable[int]) -> Hours:
    """Return years in a row of a real station with the gauges above it.

    Args:
        folder: of the files, `wl_…csv` and `rf_…csv`; their hours run 01–24, with gaps.
        station: of the level.
        years: in a row.
    """
    whole = tuple(years)
    level = _hourly(folder, "wl", station, whole)
    rain = np.array([_hourly(folder, "rf", gauge, whole) for gauge in gauges_of(folder)[station]])
    return Hours(datetime(whole[-1] + 1, 1, 1, tzinfo=UTC).timestamp(), level, rain)


def _hourly(folder: Path, kind: str, station: str, years: tuple[int, ...]) -> Floats:
    begins = datetime(years[0], 1, 1, tzinfo=UTC)
    hours = np.full(round((datetime(years[-1] + 1, 1, 1, tzinfo=UTC) - begins) / timedelta(hours=1)), np.nan)
    for year in years:
        for path in sorted(folder.glob(f"{kind}_{station}_{year}*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    at = datetime.strptime(row["ymdh"][:8], "%Y%m%d").replace(tzinfo=UTC)
                    place = round((at - begins) / timedelta(hours=1)) + int(row["ymdh"][8:]) - 1
                    hours[place] = float(row[kind]) if row[kind].strip() else np.nan
    return np.where(hours < -90, np.nan, hours)  # −99 and the like stand for no reading
