"""What a device says beyond the standards, as the register keeps it: checked before it is kept."""

from collections.abc import Mapping

from anlan.kernel.refusal import mark
from anlan.telemetry.core.geo_elements import check_geo_table
from anlan.telemetry.core.sl651.dialect_content import BadDialect, dialect_from_json

KEYS = {"elements", "functions", "stays", "geo"}


def check_extensions(content: object) -> None:
    """Refuse what no gateway could use.

    Raises:
        BadDialect: a part of SL 651 is not of its form, or a part is of neither.
        BadGeoTable: the table of geological sensors is not of its form.
    """
    dialect_from_json(content)
    if not isinstance(content, Mapping):
        return
    unknown = sorted(str(key) for key in content if key not in KEYS)
    if unknown:
        raise BadDialect(mark("Extensions have no part %(part)s"), part=unknown[0])
    check_geo_table(content.get("geo", {}))
