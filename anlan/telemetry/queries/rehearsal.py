"""Trying a rule against what the store holds: as often would it have fired, and where."""

from django.db import connection

from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rules import Rule
from anlan.telemetry.core.watching import Alarm, rehearse
from anlan.telemetry.queries.figures import readings_of, stored_figures
from anlan.telemetry.queries.watched import Aim, aims_of, of_county, streams_now, thresholds_now

NO_BOOK = 0


def rehearse_on_history(county_code: str, rule: Rule, since: float, until: float) -> list[tuple[Aim, list[Alarm]]]:
    """Return the places of a county at which the rule would have raised alarms, with the alarms.

    The errors of clocks are not kept: a rule about them has no history.

    Args:
        county_code: whose stations.
        rule: as it is or as it might become.
        since: seconds since 1970; what had begun before is told as begun then.
        until: seconds since 1970.
    """
    if rule.quantity is Quantity.CLOCK_ERROR:
        return []
    connection.ensure_connection()
    raw = connection.connection
    found = []
    for aim in aims_of(rule, NO_BOOK, of_county(streams_now(raw), county_code), thresholds_now(raw)):
        figures = stored_figures(raw, aim, since, dict.fromkeys(aim.by_sensor, until))
        readings = {key: readings_of(each) for key, each in figures.items()}
        alarms = rehearse(aim.target, readings, until=until if rule.quantity is Quantity.SILENCE else None)
        if alarms:
            found.append((aim, alarms))
    return sorted(found, key=lambda each: each[0].key)
