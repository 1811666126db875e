"""Tables of telemetry, one module a subject."""

from anlan.telemetry.models.alarms import Alarm as Alarm
from anlan.telemetry.models.alarms import AlarmNews as AlarmNews
from anlan.telemetry.models.alarms import Judged as Judged
from anlan.telemetry.models.alarms import RuleBookVersion as RuleBookVersion
from anlan.telemetry.models.alarms import StationState as StationState
from anlan.telemetry.models.alarms import WatchState as WatchState
from anlan.telemetry.models.forecasts import ForecastModel as ForecastModel
from anlan.telemetry.models.forecasts import LevelForecast as LevelForecast
from anlan.telemetry.models.long_term import HourOfReadings as HourOfReadings
from anlan.telemetry.models.readings import Correction as Correction
from anlan.telemetry.models.readings import DeviceState as DeviceState
from anlan.telemetry.models.readings import Latest as Latest
from anlan.telemetry.models.readings import Order as Order
from anlan.telemetry.models.readings import OrderState as OrderState
from anlan.telemetry.models.readings import Parcel as Parcel
from anlan.telemetry.models.readings import Picture as Picture
from anlan.telemetry.models.readings import Quarantined as Quarantined
from anlan.telemetry.models.readings import QuarantineState as QuarantineState
from anlan.telemetry.models.readings import Reading as Reading
from anlan.telemetry.models.registry import Datastream as Datastream
from anlan.telemetry.models.registry import Device as Device
from anlan.telemetry.models.registry import Station as Station
from anlan.telemetry.models.registry import Threshold as Threshold
