"""The accounts at the broker are those of the register."""

from io import StringIO

import pytest
from django.core.management import call_command

from anlan.telemetry.actions.mqtt_accounts import publish_mqtt_accounts
from anlan.telemetry.core.mqtt_passwords import entries_in, entry, matches
from anlan.telemetry.models import Device
from anlan.telemetry.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings):
    settings.MQTT = {**settings.MQTT, "URL": "mqtt://gateway:p%40ss@127.0.0.1:1", "ACCOUNTS": str(tmp_path)}
    return tmp_path


def accounts(folder):
    return entries_in((folder / "passwords").read_text(encoding="utf-8"))


def with_key(code, key, **fields):
    return make.device(code, at=make.station(f"R{code}"), mqtt_entry=entry(key, salt=bytes(12)), **fields)


def test_each_device_with_a_key_and_the_gateway_have_an_account(folder):
    with_key("D1", "key-1")
    make.device("D2", at=make.station("RD2"))

    assert publish_mqtt_accounts()

    found = accounts(folder)
    assert set(found) == {"D1", "gateway"}
    assert matches("key-1", found["D1"])
    assert matches("p@ss", found["gateway"])
    assert (folder / "passwords").stat().st_mode & 0o007 == 0


def test_what_has_not_changed_is_not_written_again(folder):
    with_key("D1", "key-1")
    publish_mqtt_accounts()
    before = (folder / "passwords").read_bytes()

    assert not publish_mqtt_accounts()
    assert (folder / "passwords").read_bytes() == before


def test_a_device_out_of_use_is_let_in_no_more(folder):
    with_key("D1", "key-1")
    publish_mqtt_accounts()
    Device.objects.update(is_in_use=False)

    publish_mqtt_accounts()

    assert set(accounts(folder)) == {"gateway"}


def test_no_device_takes_the_place_of_the_gateway(folder):
    with_key("gateway", "key-1")

    publish_mqtt_accounts()

    assert matches("p@ss", accounts(folder)["gateway"])


def test_without_a_folder_nothing_is_written(settings):
    settings.MQTT = {**settings.MQTT, "ACCOUNTS": ""}

    assert not publish_mqtt_accounts()


def test_the_command_says_whether_anything_was_new(folder):
    said = StringIO()

    call_command("publish_mqtt_accounts", stdout=said)
    call_command("publish_mqtt_accounts", stdout=said)

    assert len(set(said.getvalue().splitlines())) == 2
