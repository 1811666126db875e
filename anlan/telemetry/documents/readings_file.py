"""Readings of one datastream as a text table, told while they are read from the store."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from math import isfinite

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from anlan.telemetry.core.quality import QUALITY_NAMES
from anlan.web.safety import safe_cell

MARK = b"\xef\xbb\xbf"  # without it Excel reads Chinese wrongly
ReadingRow = tuple[float, float, int, float | None, bool]  # time, raw, flags, what counts, is it put right


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def quality_words(flags: int | None) -> str:
    """Return what is wrong with a reading, nothing where nothing is."""
    return "; ".join(_(name) for flag, name in QUALITY_NAMES.items() if (flags or 0) & flag)


def readings_lines(rows: Iterable[ReadingRow], unit: str, language: str) -> Iterator[bytes]:
    """Yield the readings as lines of CSV in a language; text that a spreadsheet would run is quoted."""
    writer = csv.writer(_Echo())
    with override(language):  # the request has let go of its own by the time that the file runs
        heads = (_("Time"), _("Raw value"), _("Value that counts"), _("Unit"), _("Quality"), _("Put right"))
        yield MARK + writer.writerow([safe_cell(head) for head in heads]).encode()
        for time, raw, flags, value, is_corrected in rows:
            moment = localtime(datetime.fromtimestamp(time, UTC))
            told = [f"{moment:%Y-%m-%d %H:%M:%S}", _number(raw), _number(value), safe_cell(unit)]
            yield writer.writerow([*told, quality_words(flags), _("yes") if is_corrected else ""]).encode()


def _number(value: float | None) -> str:
    return "" if value is None or not isfinite(value) else f"{value:.10g}"
