"""What SensorThings shows of the register and the readings: entity sets as data, and the answers to requests."""

from anlan.telemetry.queries.sensorthings.answers import Answer as Answer
from anlan.telemetry.queries.sensorthings.answers import answer_to as answer_to
from anlan.telemetry.queries.sensorthings.answers import roots as roots
from anlan.telemetry.queries.sensorthings.reach import Reach as Reach
from anlan.telemetry.queries.sensorthings.reach import streams_to_fill as streams_to_fill
