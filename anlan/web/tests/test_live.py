"""The process `live`, for real: who is told what, at once and after they come back."""

import signal
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils.timezone import now

from anlan.web.live import is_sequenced, live_number, publish_live, publish_many
from anlan.web.live.publishing import LiveNews
from anlan.web.models import LiveCount, LiveEvent
from anlan.web.tests.cast import logged_in, person, post
from anlan.web.tests.live_process import Listening, LiveProcess, ask, eventually, lose_connections

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = (
    "web_liveevent", "web_livecount", "django_session", "records_notice", "accounts_login", "accounts_posting",
    "accounts_user",
)  # fmt: skip
COUNTY, TOWNSHIP, NEIGHBOUR, ELSEWHERE = "999901000000", "999901101000", "999901102000", "999902000000"
VILLAGE = "999901101201"
ALARM = "telemetry.alarm"


@pytest.fixture
def _django_db_helper(django_db_setup, django_db_blocker):
    """Commit as the mark says, but empty only what these tests write: to empty every table takes longer than a test."""
    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            for table in WRITTEN:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608  named above


@pytest.fixture
def alice(live):
    made = person("Alice")
    post(made, "analyst", COUNTY)
    return made


@pytest.fixture
def as_alice(alice):
    return logged_in(alice)


@pytest.fixture
def as_bob(live):
    bob = person("Bob")
    post(bob, "township_officer", TOWNSHIP)
    return logged_in(bob)


def tell(code=VILLAGE, *, capability="telemetry.read", kind=ALARM, keeps_for=timedelta(hours=1), **content):
    publish_live(kind=kind, division_code=code, content=content, capability=capability, at=now(), keeps_for=keeps_for)


def rest(page):
    """Return what was still on a line that is cut."""
    heard = []
    try:
        while True:
            heard += page.news(1)
    except (EOFError, OSError, ValueError):
        return heard


def numbered(count):
    """Wait until so many events have their numbers."""
    eventually(lambda: LiveEvent.objects.filter(number__isnull=False).count() >= count)


def test_an_open_page_is_greeted_with_the_number_and_told_what_comes(live, as_alice):
    with Listening(live.port, as_alice) as page:
        greeting = page.next()
        tell(station=7)
        event = page.next()

    assert (greeting.kind, greeting.content) == ("hello", {"number": greeting.number})
    assert (event.kind, event.content) == (ALARM, {"station": 7})
    assert event.number > greeting.number


def test_nobody_is_told_what_was_rolled_back(live, as_alice):
    with Listening(live.port, as_alice) as page:
        with transaction.atomic():
            tell(station=1)
            transaction.set_rollback(True)
        tell(station=2)

        assert page.news(1)[0].content == {"station": 2}


def test_everybody_is_told_of_their_own_divisions_only(live, as_alice, as_bob):
    carol = person("Carol")
    post(carol, "analyst", ELSEWHERE)
    pages = [Listening(live.port, client) for client in (as_alice, as_bob, logged_in(carol))]

    for place, code in enumerate((COUNTY, TOWNSHIP, VILLAGE, NEIGHBOUR, ELSEWHERE)):
        tell(code, place=place)
    for code in (ELSEWHERE, TOWNSHIP):
        tell(code, place="end")

    heard = []
    for page, count in zip(pages, (5, 3, 2), strict=True):
        with page:
            heard.append([event.content["place"] for event in page.news(count)])
    assert heard == [[0, 1, 2, 3, "end"], [1, 2, "end"], [4, "end"]]


def test_who_lacks_the_capability_is_not_told_and_what_needs_none_is_told_to_all_there(live, as_alice):
    worker = person("Gary")
    post(worker, "grid_worker", TOWNSHIP)
    with Listening(live.port, logged_in(worker)) as his, Listening(live.port, as_alice) as hers:
        tell(told="readers")
        tell(NEIGHBOUR, capability="", told="the neighbours")
        tell(capability="", told="all there")

        assert [event.content["told"] for event in his.news(1)] == ["all there"]
        assert [event.content["told"] for event in hers.news(3)] == ["readers", "the neighbours", "all there"]


def test_who_comes_back_is_told_what_they_missed_as_far_as_they_may_see_it(live, as_bob):
    with Listening(live.port, as_bob) as page:
        tell(step=0)
        seen = page.news(1)[0].number
    for step in (1, 2, 3):
        tell(VILLAGE if step != 2 else NEIGHBOUR, step=step)
    numbered(4)

    for asking in ({"last": seen}, {"since": seen}, {"last": seen, "since": 0}):
        with Listening(live.port, as_bob, **asking) as page:
            assert [event.content["step"] for event in page.news(2)] == [1, 3]


def test_a_page_that_knows_the_number_before_its_picture_misses_nothing_in_between(live, as_alice):
    tell(step=0)
    numbered(1)
    since = live_number()
    tell(step=1)

    with Listening(live.port, as_alice, since=since) as page:
        assert page.news(1)[0].content == {"step": 1}


def test_much_is_told_in_order(live, as_alice):
    with Listening(live.port, as_alice, since=0) as page:
        publish_many([LiveNews(ALARM, VILLAGE, {"step": step}, "telemetry.read") for step in range(3000)], at=now())

        assert [event.content["step"] for event in page.news(3000)] == list(range(3000))
    with Listening(live.port, as_alice, since=0) as page:
        assert [event.content["step"] for event in page.news(3000)] == list(range(3000))


def test_long_transactions_that_commit_out_of_order_are_told_once_each_across_reconnections(live, as_alice):
    rounds, hands = 12, 6

    def work(hand):
        for step in range(rounds):
            with transaction.atomic():
                tell(hand=hand, step=step)
                time.sleep(0.003 * ((hand * 7 + step * 5) % 11))
                tell(hand=hand, step=step + rounds)
        connection.close()

    threads = [threading.Thread(target=work, args=[hand]) for hand in range(hands)]
    for thread in threads:
        thread.start()
    heard, last = [], 0
    while len(heard) < 2 * rounds * hands:
        with Listening(live.port, as_alice, last=last) as page:
            heard += page.news(min(9, 2 * rounds * hands - len(heard)))
            last = page.last
    for thread in threads:
        thread.join()

    numbers = [event.number for event in heard]
    assert numbers == sorted(set(numbers))
    assert {(event.content["hand"], event.content["step"]) for event in heard} == {
        (hand, step) for hand in range(hands) for step in range(2 * rounds)
    }


def test_a_transaction_begun_first_and_committed_last_reaches_who_has_read_past_it(live, as_alice):
    late = connection.copy()
    late.set_autocommit(False)
    with late.cursor() as cursor:
        cursor.execute(
            "INSERT INTO web_liveevent (kind, division_code, capability, content, created_at, keeps_until) "
            "VALUES (%s, %s, '', '{\"who\": \"late\"}', now(), now() + interval '1 hour')",
            [ALARM, VILLAGE],
        )
    with Listening(live.port, as_alice, since=0) as page:
        tell(who="early")
        first = page.news(1)[0]
    late.commit()
    late.close()

    with Listening(live.port, as_alice, last=first.number) as page:
        second = page.news(1)[0]
    assert (first.content, second.content) == ({"who": "early"}, {"who": "late"})
    assert second.number == first.number + 1


def test_who_stood_below_what_is_no_longer_kept_loads_the_picture_anew(live, as_alice):
    tell(step="short", keeps_for=timedelta(milliseconds=1))
    tell(step="kept")
    eventually(lambda: LiveCount.objects.filter(forgotten__gt=0).exists())

    assert [event.content for event in LiveEvent.objects.all()] == [{"step": "kept"}]
    forgotten = LiveCount.objects.get().forgotten
    with Listening(live.port, as_alice, last=forgotten - 1) as page:
        told = page.next()
        tell(step="next")
        assert (told.kind, told.number) == ("reset", forgotten + 1)
        assert page.next().content == {"step": "next"}
    with Listening(live.port, as_alice, last=forgotten) as page:
        assert [event.content["step"] for event in page.news(2)] == ["kept", "next"]


@pytest.mark.parametrize("last", [10**12, "nonsense", "9" * 40])
def test_a_number_that_nobody_gave_begins_anew(live, as_alice, last):
    with Listening(live.port, as_alice, last=last) as page:
        assert page.next().kind == "reset"


def test_numbers_go_on_when_every_row_is_gone(live, as_alice):
    tell(keeps_for=timedelta(milliseconds=1))
    eventually(lambda: not LiveEvent.objects.exists())
    before = live_number()

    tell()
    numbered(1)

    assert LiveEvent.objects.get().number == before + 1


def test_the_stream_ends_when_its_person_logs_out_and_is_closed_to_them(live, as_alice):
    with Listening(live.port, as_alice) as page:
        page.next()
        cookie = {"Cookie": f"anlan_session={as_alice.cookies['anlan_session'].value}"}
        as_alice.logout()

        with pytest.raises(EOFError):
            page.next()
    assert ask(live.port, "/live/events", headers=cookie)[0].status == 401


def test_the_stream_ends_when_the_posts_change_and_comes_back_with_the_new_ones(live, alice, as_alice):
    with Listening(live.port, as_alice) as page:
        seen = page.next().number
        alice.postings.update(area_code=ELSEWHERE)

        with pytest.raises(EOFError):
            page.next()
    tell(VILLAGE, where="before")
    tell(ELSEWHERE, where="now")
    with Listening(live.port, as_alice, last=seen) as page:
        assert page.news(1)[0].content == {"where": "now"}


def test_a_lost_database_ends_no_stream_and_loses_nothing(live, as_alice):
    with Listening(live.port, as_alice) as page:
        page.next()
        tell(step=0)
        assert page.news(1)[0].content == {"step": 0}

        for step in (1, 2, 3):
            assert lose_connections() >= 2
            tell(step=step)
            assert page.news(1)[0].content == {"step": step}
            eventually(live.is_well)


def test_the_operator_can_ask_whether_a_process_is_at_work(live):
    eventually(is_sequenced)

    live.kill()

    eventually(lambda: not is_sequenced())


def test_when_the_sequencer_is_killed_another_goes_on_and_nothing_is_missed_or_told_twice(live, running, as_alice):
    steps = 60
    second = LiveProcess()

    def work():
        for step in range(steps):
            tell(step=step)
            time.sleep(0.02)
        connection.close()

    publisher = threading.Thread(target=work)
    with Listening(live.port, as_alice) as page:
        publisher.start()
        heard = page.news(steps // 4)
        live.kill()
        heard += rest(page)
        last = page.last
    running.process = second
    with Listening(second.port, as_alice, last=last) as page:
        heard += page.news(steps - len(heard))
    publisher.join()

    assert [event.content["step"] for event in heard] == list(range(steps))
    assert [event.number for event in heard] == list(range(heard[0].number, heard[0].number + steps))


def test_a_page_that_does_not_keep_up_is_cut_off_and_comes_back_for_the_rest(live, as_alice):
    count, much = 300, "水" * 20_000
    with Listening(live.port, as_alice) as slow, Listening(live.port, as_alice) as quick:
        for step in range(count):
            tell(step=step, much=much)
            assert quick.news(1)[0].content["step"] == step
        heard = rest(slow)
    assert len(heard) < count

    with Listening(live.port, as_alice, last=slow.last) as page:
        heard += page.news(count - len(heard))
    assert [event.content["step"] for event in heard] == list(range(count))


def test_a_system_that_ends_the_process_ends_the_streams_first(live, as_alice):
    with Listening(live.port, as_alice) as page:
        page.next()

        began = time.monotonic()
        code = live.stop()

        with pytest.raises(EOFError):
            page.next()
        assert code in {0, -signal.SIGTERM}
        assert time.monotonic() - began < 5
