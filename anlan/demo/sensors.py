"""The demo county's sensors brought into the register, with their past, by the same ways as a real county's."""

from datetime import datetime

from django.db import connection, transaction

from anlan.accounts import queries as accounts
from anlan.demo.core.county import make_county
from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.core.past import UNIFORM_MM_D, make_past
from anlan.demo.core.sensor_net import Network, make_network
from anlan.demo.core.values import County
from anlan.demo.core.zones import make_zones
from anlan.demo.keys import demo_key
from anlan.places.actions import hazards as places
from anlan.telemetry.actions.datastreams import confirm_uniform_rate
from anlan.telemetry.actions.devices import give_keys
from anlan.telemetry.actions.forecasts import train_forecasts
from anlan.telemetry.actions.keeping import Intake, keep
from anlan.telemetry.actions.register import load_register
from anlan.telemetry.actions.rule_books import load_default_rules
from anlan.telemetry.queries.stations import has_stations
from anlan.telemetry.queries.wire import wire_now

CREEPS_MM = 1.0  # from here on a point is one of the slope that the storm sets moving


@transaction.atomic
def load_sensors(county: County | None = None, *, at: datetime) -> bool:
    """Bring in what of it is not there yet; return whether there was anything to do."""
    if has_stations(COUNTY_CODE):
        return False
    county = county or make_county()
    network = make_network(county)
    places.load_hazard_zones(actor=None, county_code=COUNTY_CODE, rows=make_zones(county, network), at=at)
    register = network.register
    load_register(
        actor=None,
        stations=register.stations,
        devices=register.devices,
        datastreams=register.datastreams,
        thresholds=register.thresholds,
        at=at,
    )
    give_keys(actor=None, keys={row.code: demo_key(row.code) for row in register.devices}, at=at)
    load_default_rules(county_code=COUNTY_CODE, at=at)
    load_past(network, at=at)
    train_forecasts()  # by the worker, as each night
    return True


def load_past(network: Network, *, at: datetime) -> None:
    """Bring in what the sensors told before; no alarm is raised for what is past."""
    connection.ensure_connection()
    raw = connection.connection
    wire = wire_now(raw)
    intake = Intake(wire)
    for told in make_past(network, at.timestamp()):
        device = wire.by_code[told.sensed.device]
        stream = wire.streams[device.id, told.sensed.element]
        for time, value in zip(told.times.tolist(), told.values.tolist(), strict=True):
            intake.put(stream, time, value, time)
    keep(raw, intake, at=at, is_judged=False)
    analyst = accounts.person_called("analyst")
    for sensed in network.sensed:
        if analyst and sensed.creeps_mm >= CREEPS_MM:
            stream = wire.streams[wire.by_code[sensed.device].id, sensed.element]
            confirm_uniform_rate(
                actor=analyst, datastream_id=stream.id, expected_version=1, uniform_mm_d=UNIFORM_MM_D, at=at
            )
