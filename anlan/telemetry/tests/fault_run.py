"""A story told by devices while one part of the site after the other is killed, and what must hold at the end.

Accepted is what a device was answered for. All that was accepted is stored, in the quarantine, or was rejected by the
broker; nothing else is there; the alarms are those that the same readings raise where nothing goes wrong.
"""

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.test import Client
from django.utils.timezone import now

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import person
from anlan.places.tests.factories import load as load_divisions
from anlan.telemetry.core.rule_content import default_rules
from anlan.telemetry.core.rules import Kind
from anlan.telemetry.core.series import DAY, HOUR
from anlan.telemetry.models import Parcel, Quarantined, Reading
from anlan.telemetry.queries.alarms import ALARM_KIND
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.broker import Broker
from anlan.telemetry.tests.fault_cluster import Cluster
from anlan.telemetry.tests.fault_disk import filled
from anlan.telemetry.tests.fault_load import Busy, Gauge, Message, OpenPage, Reporter
from anlan.telemetry.tests.fault_site import Site
from anlan.telemetry.tests.gateway_process import wait_until
from anlan.telemetry.tests.judging import NOW, alarm_story, run_until_judged
from anlan.telemetry.tests.test_judging_order import START, Told, keep_all, parts, readings, register
from anlan.telemetry.tests.test_sl651_faults import STATION, report
from anlan.web.models import LiveEvent

Strike = tuple[tuple[str, ...], float]  # who is killed, and for how many seconds they stay away
DEVICES = ("D1", "D2", "D3", "D4", "G0", "G1", "G2")
STEADY, A_SECOND = "F1", 200
POISONED, FORBIDDEN = 50, 97  # each so manieth message of the steady gauge
PROMISES = 6  # that `broken_promises` looks at
HAZARDS = {rule.key for rule in default_rules().rules if rule.kind == Kind.HAZARD}


def story(seed: int) -> list[Told]:
    """Return what devices tell, shuffled by an hour: of the last days, as what is old is taken for a wrong clock."""
    rng, since = np.random.default_rng(seed), (now() - NOW).days * DAY
    some = [(device, element, at + since, value) for device, element, at, value in readings(rng)]
    return sorted(some, key=lambda each: each[2] + rng.uniform(0, HOUR))


def hazards() -> list[Any]:
    """Return the alarms but those of the devices: silence and wrong clocks go by the clock of the machine."""
    return [each for each in alarm_story() if each[0] in HAZARDS]


def undisturbed(cluster: Cluster, some: list[Told]) -> list[Any]:
    """Return the alarms of the story where nothing goes wrong."""
    cluster.new("undisturbed")
    with cluster.seen("undisturbed"):
        register()
        keep_all(some)
        run_until_judged()
        return hazards()


def message_of(told: Told) -> Message:
    """Return the message by which a device tells a reading."""
    device, element, at, value = told
    return f"anlan/up/{device}/readings", json.dumps({"t": at, "v": {element: value}}).encode()


def steady_message(number: int) -> Message:
    """Return what the steady gauge tells: a level; at times rubbish, or under the topic of another."""
    at = START + number
    if number % POISONED == 0:
        return f"anlan/up/{STEADY}/readings", b'{"t": %d, "v": {"level": Infinity}}' % at
    topic = f"anlan/up/{'D1' if number % FORBIDDEN == 0 else STEADY}/readings"
    return topic, b'{"t": %d, "v": {"level": %.2f}}' % (at, 50 + number % 7 / 100)


@dataclass(frozen=True, slots=True)
class Load:
    """The devices of the story, a gauge that never rests, a station and an open page."""

    gauges: dict[str, Gauge]
    steady: Gauge
    reporter: Reporter
    page: OpenPage

    @property
    def _all(self) -> tuple[Busy, ...]:
        return (self.page, self.steady, self.reporter, *self.gauges.values())

    def begin(self) -> None:
        for each in self._all:
            each.start()
        wait_until(lambda: self.page.first is not None)

    def tell(self, some: list[Told]) -> None:
        for each in some:
            self.gauges[each[0]].tell([message_of(each)])

    def finish(self) -> None:
        """Let each come to the end of what it has to tell."""
        self.steady.rest()
        self.reporter.end()
        wait_until(lambda: all(each.is_done for each in (self.steady, *self.gauges.values())))

    def end(self) -> None:
        for each in self._all:
            each.is_over.set()
        for each in self._all:
            each.end()


@contextmanager
def servers(disk: Path | None = None) -> Iterator[tuple[Cluster, Broker]]:
    """Make a PostgreSQL and a broker in a folder that their accounts may enter; remove them at the end.

    Args:
        disk: where the data of PostgreSQL lie, if it is to be another.
    """
    with tempfile.TemporaryDirectory(prefix="anlan-faults-") as made:
        home = Path(made)
        home.chmod(0o755)
        folder = (disk or home) / "pg"
        folder.mkdir()
        cluster, broker = Cluster(folder), Broker(home / "broker")
        try:
            cluster.make()
            broker.start()
            yield cluster, broker
        finally:
            broker.kill()
            cluster.kill()


@contextmanager
def under_load(cluster: Cluster, broker: Broker, folder: Path) -> Iterator[tuple[Site, Load]]:
    """Register the devices, start a site and let them speak."""
    cluster.new("site")
    site = Site(folder, cluster, broker, "site")
    client = _registered(cluster)
    for code in (*DEVICES, STEADY):
        broker.add_account(code, f"key-{code}")
    load = Load(
        {code: Gauge(broker.port, code, f"key-{code}") for code in DEVICES},
        Gauge(broker.port, STEADY, f"key-{STEADY}", endless=steady_message, a_second=A_SECOND),
        Reporter(site.sl651, lambda number: report(minute=number)),
        OpenPage(site.live, client, ALARM_KIND),
    )
    try:
        site.start()
        load.begin()
        yield site, load
    finally:
        site.end()
        load.end()


def _registered(cluster: Cluster) -> Client:
    """Register all devices; return somebody of the county who is logged in."""
    with cluster.seen("site"):
        load_divisions()
        register()
        make.datastream(make.device(STEADY, at=make.station("RF1")), "level")
        make.device("S1", at=make.station("RS1"), protocol="sl651", address=STATION, password="1234")
        client = Client()
        client.force_login(person("fay", Role.COMMANDER), backend="django.contrib.auth.backends.ModelBackend")
    return client


def tell_through(site: Site, load: Load, some: list[Told], strikes: Sequence[Strike], rng: np.random.Generator) -> None:
    """Kill some after the others, each time in the middle of a part of the story, and tell it to the end."""
    for chapter, (names, away_s) in zip(parts(some, len(some) // len(strikes) + 1), strikes, strict=True):
        load.tell(chapter)
        time.sleep(rng.uniform(0.05, 0.5))
        site.strike(names, away_s=away_s)
    load.finish()


def tell_to_a_full_disk(site: Site, load: Load, some: list[Told], disk: Path, *, full_s: float) -> None:
    """Tell half of the story, fill the disk under PostgreSQL, tell the other half, and make room again."""
    first, second = parts(some, len(some) // 2 + 1)
    load.tell(first)
    time.sleep(1)
    with filled(disk):
        load.tell(second)
        wait_until(lambda: "No space left on device" in site.cluster.words(), site.words)
        time.sleep(full_s)
    if not site.cluster.is_running:  # it gives up where it cannot even write what happens
        site.cluster.start()
    site.wait()
    load.finish()


def broken_promises(site: Site, load: Load, some: list[Told], expected: list[Any]) -> list[str]:
    """Return what does not hold when all is told and judged, in words."""
    with site.cluster.seen(site.database):
        accepted = load.steady.accepted
        rubbish = {each for each in accepted if b"Infinity" in each[1]}
        told = _told(some, accepted - rubbish)
        with suppress(AssertionError):  # what the broker acknowledged last it may still hold
            wait_until(lambda: _stored() == told and _put_aside() == rubbish, patience_s=30)
        wait_until(lambda: not Parcel.objects.exists(), site.words)
        with suppress(AssertionError):
            wait_until(lambda: load.page.heard == _events(load.page.first), patience_s=10)
        stored = _stored()
        forbidden = {each for each in accepted | load.steady.rejected if STEADY not in each[0]}
        confirmed, reports = len(load.reporter.accepted), Reading.objects.filter(datastream__device__code="S1").count()
        checks = {
            f"accepted but not stored: {sorted(told - stored)[:5]}": told <= stored,
            f"stored but not accepted: {sorted(stored - told)[:5]}": stored <= told,
            "what cannot be read is not what lies in the quarantine": _put_aside() == rubbish,
            "the broker rejected other messages than the forbidden ones": forbidden == load.steady.rejected,
            f"{confirmed} reports are confirmed, {reports} stored": confirmed <= reports <= confirmed + 1,
            "the alarms are others": hazards() == expected,
            "the open page missed alarms or was told them twice": load.page.heard == _events(load.page.first),
        }
    return [words for words, holds in checks.items() if not holds]


def _events(since: int | None) -> list[int]:
    found = LiveEvent.objects.filter(kind=ALARM_KIND, number__gt=since)
    return list(found.order_by("number").values_list("number", flat=True))


def _stored() -> set[tuple[str, float, float]]:
    rows = Reading.objects.filter(datastream__device__code__in=[*DEVICES, STEADY])
    columns = rows.values_list("datastream__device__code", "time", "value")
    return {(code, at.timestamp(), value) for code, at, value in columns}


def _told(some: list[Told], accepted: set[Message]) -> set[tuple[str, float, float]]:
    steady = (json.loads(payload) for _, payload in accepted)
    return {(code, at, value) for code, _, at, value in some} | {
        (STEADY, float(each["t"]), each["v"]["level"]) for each in steady
    }


def _put_aside() -> set[Message]:
    return {(source, bytes(payload)) for source, payload in Quarantined.objects.values_list("source", "payload")}
