"""Readings of one datastream as a text table, told while it is read from the store."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from math import isfinite

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from anlan.telemetry.models import Datastream
from anlan.telemetry.queries.series import Row, rows_between
from anlan.telemetry.templatetags.sensors import quality_words
from anlan.web.safety import safe_cell

MARK = b"\xef\xbb\xbf"  # without it Excel reads Chinese wrongly


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def readings_file(stream: Datastream, since: datetime, until: datetime) -> StreamingHttpResponse:
    """Return the readings of [since, until) as CSV: raw, what counts, flags."""
    rows = rows_between(stream.pk, since.timestamp() - 1e-3, until.timestamp() - 1e-3)
    response = StreamingHttpResponse(
        _lines(stream, rows, get_language() or "en"), content_type="text/csv; charset=utf-8"
    )
    name = f"{stream.station.code}-{stream.element}-{localtime(since):%Y%m%d}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def _lines(stream: Datastream, rows: Iterator[Row], language: str) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    with override(language):  # the middleware has let go of it by the time that the file runs
        heads = (_("Time"), _("Raw value"), _("Value that counts"), _("Unit"), _("Quality"), _("Put right"))
        yield MARK + writer.writerow([safe_cell(head) for head in heads]).encode()
        for time, raw, flags, value, is_corrected in rows:
            moment = localtime(datetime.fromtimestamp(time, UTC))
            told = [f"{moment:%Y-%m-%d %H:%M:%S}", _number(raw), _number(value), safe_cell(stream.unit)]
            yield writer.writerow([*told, quality_words(flags), _("yes") if is_corrected else ""]).encode()


def _number(value: float | None) -> str:
    return "" if value is None or not isfinite(value) else f"{value:.10g}"
