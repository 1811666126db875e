"""Addresses of telemetry."""

from django.urls import URLPattern, path

from anlan.telemetry.views import (
    alarms,
    datastreams,
    devices,
    orders,
    quarantine,
    readings,
    register,
    rules,
    sensorthings,
    stations,
    wire,
)

SENSORTHINGS = "telemetry/sensorthings/v1.1"
STATION = "telemetry/stations/<int:station_id>/"
DEVICE = "telemetry/devices/<int:device_id>/"
REGISTER = "telemetry/register/file/<int:upload_id>/"
DATASTREAM = "telemetry/datastreams/<int:datastream_id>/"

RULES = "telemetry/rules/"

urlpatterns: list[URLPattern] = [
    # What programs ask for stands first: each address is tried in turn, and they ask far more often than people.
    path("telemetry/readings", wire.readings, name="readings-post"),
    path(f"{SENSORTHINGS}/CreateObservations", sensorthings.create_observations, name="sensorthings-create"),
    path(SENSORTHINGS, sensorthings.service, name="sensorthings-root"),
    path(f"{SENSORTHINGS}/", sensorthings.service, name="sensorthings"),
    path(f"{SENSORTHINGS}/<path:path>", sensorthings.service, name="sensorthings-path"),
    path("telemetry/alarms/", alarms.alarm_list, name="alarms"),
    path("telemetry/alarms/<int:alarm_id>/", alarms.alarm, name="alarm"),
    path("telemetry/alarms/<int:alarm_id>/acknowledge/", alarms.acknowledge, name="alarm-acknowledge"),
    path(RULES, rules.rules, name="alarm-rules"),
    path(f"{RULES}new/", rules.add, name="alarm-rule-new"),
    path(f"{RULES}try/", rules.rehearse, name="alarm-rule-try"),
    path(f"{RULES}draft/", rules.start, name="alarm-rules-start"),
    path(f"{RULES}draft/publish/", rules.publish, name="alarm-rules-publish"),
    path(f"{RULES}draft/discard/", rules.discard, name="alarm-rules-discard"),
    path(f"{RULES}v<int:number>/", rules.version, name="alarm-rules-version"),
    path(f"{RULES}rule/<str:key>/", rules.rule, name="alarm-rule"),
    path(f"{RULES}rule/<str:key>/delete/", rules.delete, name="alarm-rule-delete"),
    path("telemetry/stations/", stations.station_list, name="stations"),
    path("telemetry/stations/new/", stations.add, name="station-new"),
    path(STATION, stations.station, name="station"),
    path(f"{STATION}card/", stations.card, name="station-card"),
    path(f"{STATION}edit/", stations.edit, name="station-edit"),
    path(f"{STATION}close/", stations.close, name="station-close"),
    path(f"{STATION}open/", stations.reopen, name="station-open"),
    path(f"{STATION}strike/", stations.strike, name="station-strike"),
    path(f"{STATION}phone/", stations.phone, name="station-phone"),
    path(f"{STATION}devices/new/", devices.add, name="device-new"),
    path("telemetry/register.xlsx", register.workbook, name="register-workbook"),
    path("telemetry/register/file/", register.send, name="register-file"),
    path(REGISTER, register.preview, name="register-preview"),
    path(f"{REGISTER}marked.xlsx", register.marked, name="register-marked"),
    path(f"{REGISTER}commit/", register.commit, name="register-commit"),
    path(f"{REGISTER}discard/", register.discard, name="register-discard"),
    path("telemetry/quarantine/", quarantine.quarantine, name="quarantine"),
    path("telemetry/quarantine/replay/", quarantine.replay_chosen, name="quarantine-replay"),
    path("telemetry/quarantine/replay-reason/", quarantine.replay_reason, name="quarantine-replay-reason"),
    path("telemetry/quarantine/put-aside/", quarantine.drop, name="quarantine-drop"),
    path("telemetry/quarantine/<int:quarantined_id>/", quarantine.quarantined, name="quarantined"),
    path("telemetry/quarantine/<int:quarantined_id>/replay/", quarantine.replay, name="quarantined-replay"),
    path("telemetry/devices/", devices.device_list, name="devices"),
    path(DEVICE, devices.device, name="device"),
    path(f"{DEVICE}edit/", devices.edit, name="device-edit"),
    path(f"{DEVICE}key/", devices.key, name="device-key"),
    path(f"{DEVICE}key/withdraw/", devices.withdraw_key, name="device-key-withdraw"),
    path(f"{DEVICE}strike/", devices.strike, name="device-strike"),
    path(f"{DEVICE}orders/", orders.orders, name="device-orders"),
    path(f"{DEVICE}orders/<int:order_id>/withdraw/", orders.withdraw, name="order-withdraw"),
    path(f"{DEVICE}datastreams/new/", datastreams.add, name="datastream-new"),
    path(DATASTREAM, readings.datastream, name="datastream"),
    path(f"{DATASTREAM}edit/", datastreams.edit, name="datastream-edit"),
    path(f"{DATASTREAM}limits/", datastreams.limits, name="datastream-limits"),
    path(f"{DATASTREAM}uniform/", datastreams.uniform, name="datastream-uniform"),
    path(f"{DATASTREAM}series.json", readings.series, name="datastream-series"),
    path(f"{DATASTREAM}readings.csv", readings.download, name="datastream-file"),
    path(f"{DATASTREAM}put-right/", readings.put_right, name="reading-put-right"),
    path(f"{DATASTREAM}withdraw/", readings.withdraw, name="reading-withdraw"),
    path("telemetry/pictures/<int:picture_id>/", readings.picture, name="station-picture"),
]
