"""Who may ask for the stream, from which page; and where pages find it."""

import asyncio
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.template.loader import render_to_string
from django.test import Client

from anlan.web.live import live_number, publish_live, publish_many
from anlan.web.live.asking import Asked
from anlan.web.live.hub import MOST_BYTES_WAITING, Hub, Viewer
from anlan.web.live.serving import LiveApp
from anlan.web.live.tidying import tidy
from anlan.web.live.wire import Event
from anlan.web.models import LiveCount, LiveEvent
from anlan.web.tests.cast import NOON

VILLAGE = "999901101201"


class Areas(tuple):
    """A reach of fixed areas, whatever the capability."""

    def prefixes(self, capability):
        return tuple(self) if capability != "secret" else ()


def asked(query="", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Asked("GET", "/live/events", {"host": "127.0.0.1:8001", **named}, {"since": [query]} if query else {})


def event(number, *, code=VILLAGE, capability="telemetry.read", data="{}"):
    return Event(number, "telemetry.alarm", code, capability, data)


async def answer_to(app, path="/live/events", method="GET", **headers):
    """Return the status and the head of the answer."""
    sent = []
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": named}
    await app(scope, None, send)
    return sent[0]["status"], dict(sent[0]["headers"])


def status_of(path="/live/events", method="GET", **headers):
    return asyncio.run(answer_to(LiveApp(Hub()), path, method, **{"host": "127.0.0.1:8001", **headers}))[0]


def test_nobody_streams_without_logging_in():
    status, head = asyncio.run(answer_to(LiveApp(Hub()), host="127.0.0.1:8001", origin="http://127.0.0.1:8000"))

    assert status == 401
    assert head[b"access-control-allow-origin"] == b"http://127.0.0.1:8000"  # so that the page sees the 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example:8001"}, 400),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://[broken"}, 403),
        ({"origin": "http://127.0.0.1:8000"}, 401),
    ],
)
def test_pages_of_other_hosts_are_turned_away(headers, status):
    assert status_of(**headers) == status


def test_other_addresses_and_verbs_are_turned_away():
    assert status_of("/live/") == 404
    assert status_of("/") == 404
    assert status_of(method="POST") == 405
    assert status_of("/live/healthz", host="anything") == 200


def test_a_page_of_the_same_host_may_read_the_answer_with_its_cookie():
    assert asked(origin="https://127.0.0.1").permission == (
        (b"vary", b"Origin"),
        (b"access-control-allow-origin", b"https://127.0.0.1"),
        (b"access-control-allow-credentials", b"true"),
    )
    assert asked(origin="http://evil.example").permission == asked().permission == ((b"vary", b"Origin"),)


@pytest.mark.parametrize(
    ("request_", "since"),
    [
        (asked(), None),
        (asked("7"), 7),
        (asked("7", last_event_id="9"), 9),
        (asked("7", last_event_id=""), 7),
        (asked(last_event_id="-3"), -1),
        (asked(last_event_id="٣"), -1),
        (asked("1e3"), -1),
    ],
)
def test_the_browsers_number_goes_before_the_pages(request_, since):
    assert request_.since == since


def test_viewers_of_one_reach_get_the_same_bytes_and_what_they_had_is_left_out():
    async def told():
        hub = Hub()
        new, back, stranger = (
            Viewer("a", Areas(["9999"]), 4),
            Viewer("b", Areas(["9999"]), 6),
            Viewer("c", Areas(["31"]), 4),
        )
        for viewer in (new, back, stranger):
            hub.join(viewer)
        hub.tell([event(5), event(6), event(7), event(8, capability="secret")])
        return hub.number, [viewer.take() for viewer in (new, back, stranger)]

    number, taken = asyncio.run(told())

    assert number == 8
    assert taken == [b"".join(event(one).frame for one in (5, 6, 7)), event(7).frame, b""]


def test_what_waits_for_a_slow_page_is_bounded():
    async def is_cut():
        viewer = Viewer("a", Areas(["9999"]), 0)
        async with asyncio.timeout(None) as viewer.deadline:
            for number in range(10_000):
                viewer.put(event(number, data='"' + "x" * 1000 + '"').frame)
            held = sum(map(len, viewer.pieces))
            assert viewer.is_over
            assert held <= MOST_BYTES_WAITING
            await asyncio.sleep(5)  # as if the line were stuck

    with pytest.raises(TimeoutError):
        asyncio.run(is_cut())


def test_a_quiet_stream_gives_signs_of_life_that_carry_the_number():
    async def heard():
        hub, sent = Hub(), []
        hub.number = 41
        viewer = Viewer("a", Areas(["9999"]), 12)
        hub.join(viewer)

        async def send(message):
            sent.append(message["body"])
            if len(sent) == 2:
                viewer.end()

        await LiveApp(hub, beat_s=0.01).go_on(viewer, send)
        return sent

    assert asyncio.run(heard())[:2] == [b": beat\nid: 41\nevent: beat\ndata: {}\n\n"] * 2


def test_the_audience_goes_with_its_last_viewer():
    async def left():
        hub = Hub()
        viewers = [Viewer("a", Areas(["9999"]), 0) for _ in range(3)]
        for viewer in viewers:
            hub.join(viewer)
        for viewer in viewers:
            hub.leave(viewer)
        return list(hub), hub._audiences

    assert asyncio.run(left()) == ([], {})


def tell(**changes):
    given = {"kind": "telemetry.alarm", "division_code": VILLAGE, "content": {"at": NOON}, "at": NOON, **changes}
    publish_live(**given)


@pytest.mark.django_db
def test_an_event_is_kept_a_day_unless_told_otherwise():
    tell()
    tell(keeps_for=timedelta(minutes=5))
    publish_many([], at=NOON)

    day, short = LiveEvent.objects.order_by("pk")
    assert (day.keeps_until, short.keeps_until) == (NOON + timedelta(days=1), NOON + timedelta(minutes=5))
    assert (day.number, day.capability, day.content) == (None, "", {"at": "2026-11-23T04:00:00Z"})
    assert live_number() == 0


@pytest.mark.django_db
def test_without_a_stream_old_events_go_and_leave_their_highest_number():
    tell(keeps_for=timedelta(minutes=5))
    tell(keeps_for=timedelta(days=3650))

    tidy()

    kept, count = LiveEvent.objects.get(), LiveCount.objects.get()
    assert (count.forgotten, count.numbered) == (kept.number - 1, kept.number)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "reset"}, "live_event_has_a_kind"),
        ({"kind": "error"}, "live_event_has_a_kind"),
        ({"kind": "an.\nevent"}, "live_event_has_a_kind"),
        ({"division_code": "9999"}, "live_event_division_is_a_code"),
        ({"keeps_for": timedelta(0)}, "live_event_is_kept_a_while"),
    ],
)
def test_the_database_keeps_events_in_order(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        tell(**changes)


@pytest.mark.django_db
def test_pages_of_the_logged_in_name_the_stream_and_may_reach_it(as_alice, settings):
    same = as_alice.get("/")
    settings.LIVE_PORT = 8311
    other = as_alice.get("/", headers={"host": "localhost:8310"})

    assert '<meta name="live" content="/live/events">' in same.content.decode()
    assert "connect-src 'self';" in same.headers["Content-Security-Policy"]
    assert '<meta name="live" content="http://localhost:8311/live/events">' in other.content.decode()
    assert "connect-src 'self' http://localhost:8311;" in other.headers["Content-Security-Policy"]


def test_a_page_says_from_which_number_it_streams_if_its_view_asked():
    told = render_to_string("web/skeleton.html", {"live_url": "/live/events", "live_since": 0})
    silent = render_to_string("web/skeleton.html", {"live_url": "/live/events"})

    assert '<meta name="live" content="/live/events" data-since="0">' in told
    assert "data-since" not in silent


@pytest.mark.django_db
def test_strangers_are_not_told_of_the_stream(settings):
    settings.LIVE_PORT = 8311

    assert 'name="live"' not in Client().get("/nowhere/").content.decode()
