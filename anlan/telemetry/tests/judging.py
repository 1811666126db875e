"""Judging in tests: until nothing waits, and the story that the alarms tell."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from anlan.accounts.tests.factories import COUNTY
from anlan.ground.publishing import PublishStatus
from anlan.kernel.canonical import sha256_of
from anlan.telemetry.actions.keeping import Intake, Kept, keep
from anlan.telemetry.core.rule_content import book_content, default_rules
from anlan.telemetry.core.rules import Rule, RuleBook
from anlan.telemetry.judging.rounds import Judge
from anlan.telemetry.models import Alarm, AlarmNews, RuleBookVersion
from anlan.telemetry.queries.wire import wire_now
from anlan.web.models import LiveEvent

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
T = NOW.timestamp()


def raw() -> Any:
    connection.ensure_connection()
    return connection.connection


def book(*rules: Rule, county_code: str = COUNTY) -> RuleBookVersion:
    """Publish rules for a county: these, or the default ones."""
    content = book_content(RuleBook(rules or default_rules().rules))
    RuleBookVersion.objects.filter(county_code=county_code, status=PublishStatus.PUBLISHED).update(
        status=PublishStatus.SUPERSEDED
    )
    return RuleBookVersion.objects.create(
        county_code=county_code,
        number=RuleBookVersion.objects.filter(county_code=county_code).count() + 1,
        status=PublishStatus.PUBLISHED,
        content=content,
        sha256=sha256_of(content),
        published_at=NOW,
    )


def told(
    device: str, element: str, readings: Iterable[tuple[float, float]], *, arrived: float = T, at: datetime = NOW
) -> Kept:
    """Keep readings of a device, as a gateway does."""
    wire = wire_now(raw())
    intake = Intake(wire)
    for time, value in readings:
        assert intake.take(wire.by_code[device], element, time, value, max(arrived, time)) == ""
    intake.hear(wire.by_code[device], arrived)
    with transaction.atomic():
        return keep(raw(), intake, at=at)


def run_until_judged(judge: Judge | None = None, *, at: datetime = NOW) -> Judge:
    """Judge all parcels that wait; return the judge, with whom a test may go on."""
    judge = judge or Judge(at=at)
    while judge.judge(at=at):
        pass
    return judge


def alarm_story() -> list[tuple[Any, ...]]:
    """Return what the alarms tell, the same for two runs that tell the same: without the moments of telling."""
    return [
        (
            alarm.rule_key,
            alarm.place_key,
            alarm.raised_at,
            alarm.highest,
            alarm.colour,
            alarm.cleared_at,
            news_story(alarm),
        )
        for alarm in Alarm.objects.exclude(state="withdrawn").order_by("rule_key", "place_key", "raised_at")
    ]


def news_story(alarm: Alarm) -> tuple[Any, ...]:
    """Return the news of an alarm that hold, oldest first."""
    news = AlarmNews.objects.filter(alarm=alarm, is_withdrawn=False).order_by("at", "colour")
    return tuple((each.at, each.news, each.colour, each.value, each.limit) for each in news)


def hazards() -> list[tuple[Any, ...]]:
    """Return the story without silence, which is told by the clock of the machine."""
    return [each for each in alarm_story() if each[0] != "silent"]


def forget_story() -> None:
    """Forget all readings and all that was told of them."""
    for model in (AlarmNews, Alarm, LiveEvent):
        model.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE telemetry_reading, telemetry_judged, telemetry_watchstate, telemetry_latest")
