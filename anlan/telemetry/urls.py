"""Addresses of telemetry."""

from django.urls import URLPattern, path

from anlan.telemetry.views import datastreams, devices, quarantine, readings, register, sensorthings, stations, wire

SENSORTHINGS = "telemetry/sensorthings/v1.1"
STATION = "telemetry/stations/<int:station_id>/"
DEVICE = "telemetry/devices/<int:device_id>/"
REGISTER = "telemetry/register/file/<int:upload_id>/"
DATASTREAM = "telemetry/datastreams/<int:datastream_id>/"

urlpatterns: list[URLPattern] = [
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
    path("telemetry/readings", wire.readings, name="readings-post"),
    path(f"{SENSORTHINGS}/CreateObservations", sensorthings.create_observations, name="sensorthings-create"),
    path(SENSORTHINGS, sensorthings.service, name="sensorthings-root"),
    path(f"{SENSORTHINGS}/", sensorthings.service, name="sensorthings"),
    path(f"{SENSORTHINGS}/<path:path>", sensorthings.service, name="sensorthings-path"),
]
