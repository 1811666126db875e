"""The whole site loses one part after the other in mid-load: nothing accepted is lost, no alarm is another.

`python -m bench faults.long` does the same for longer: twenty kills, a minute without PostgreSQL.
"""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from anlan.telemetry.tests import broker, fault_cluster
from anlan.telemetry.tests.fault_disk import NoSmallDisk, small_disk
from anlan.telemetry.tests.fault_run import (
    broken_promises,
    servers,
    story,
    tell_through,
    tell_to_a_full_disk,
    under_load,
    undisturbed,
)

pytestmark = pytest.mark.django_db(transaction=True)
AWAY_S = 3.0
FULL_S = 2.0
STRIKES = ((("gateway", "live"), 0.0), (("PostgreSQL", "worker"), AWAY_S), (("mosquitto", "judge"), 0.0))


@pytest.fixture(autouse=True)
def what_is_needed():
    if reason := broker.missing() or fault_cluster.missing():
        pytest.skip(reason)


def test_killed_three_times_in_mid_load_the_site_tells_what_it_tells_undisturbed(tmp_path):
    some = story(1)
    with servers() as (cluster, mosquitto):
        expected = undisturbed(cluster, some)
        with under_load(cluster, mosquitto, tmp_path) as (site, load):
            tell_through(site, load, some, STRIKES, np.random.default_rng(1))

            broken = broken_promises(site, load, some, expected)

    assert expected
    assert broken == []


@pytest.fixture
def disk(tmp_path):
    """A small disk that the account of PostgreSQL may enter."""
    with tempfile.TemporaryDirectory(prefix="anlan-disk-") as made:
        Path(made).chmod(0o755)
        try:
            with small_disk(Path(made) / "disk", megabytes=320) as folder:
                yield folder
        except NoSmallDisk as reason:
            pytest.skip(str(reason))


def test_on_a_full_disk_nothing_is_accepted_that_is_not_kept_and_with_room_again_all_goes_on(tmp_path, disk):
    some = story(2)
    with servers(disk) as (cluster, mosquitto):
        expected = undisturbed(cluster, some)
        with under_load(cluster, mosquitto, tmp_path) as (site, load):
            tell_to_a_full_disk(site, load, some, disk, full_s=FULL_S)

            broken = broken_promises(site, load, some, expected)

    assert expected
    assert broken == []
