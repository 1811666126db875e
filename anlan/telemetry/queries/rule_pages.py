"""What the pages of alarm rules show: rules in force beside those of the draft, and a trial on what was stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from anlan.telemetry.core.rule_content import book_content
from anlan.telemetry.core.rules import Colour, Rule, RuleBook
from anlan.telemetry.core.watching import Alarm
from anlan.telemetry.models import RuleBookVersion
from anlan.telemetry.queries.books import book_versions, draft_book, rules_of
from anlan.telemetry.queries.rehearsal import rehearse_on_history
from anlan.telemetry.queries.watched import Aim

SPANS_DAYS = (1, 7, 30)
MOST_PLACES = 50
MOST_ALARMS = 5  # told one by one of each place


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as the list shows it: as it is now, and what the draft does to it ("", "new", "changed", "deleted")."""

    rule: Rule
    change: str

    @property
    def limits(self) -> list[tuple[int, float]]:
        """Its limits by colour, the mildest first."""
        return [(int(colour), limit) for colour, limit in sorted(self.rule.limits.items())]


@dataclass(frozen=True, slots=True)
class Book:
    """A county's rules: the version in force, the draft, and the lines of both."""

    published: RuleBookVersion | None
    draft: RuleBookVersion | None
    lines: Sequence[RuleLine]
    versions: Sequence[RuleBookVersion]

    def rule(self, key: str) -> Rule | None:
        """Return the rule as the draft has it, else as it is in force."""
        return next((line.rule for line in self.lines if line.rule.key == key), None)


def book_of(county_code: str) -> Book:
    """Return the rules of a county."""
    versions = list(book_versions(county_code))
    published = next((each for each in versions if each.status == "published"), None)
    draft = draft_book(county_code)
    now = rules_of(published) if published else RuleBook(())
    return Book(published, draft, _lines(now, rules_of(draft) if draft else now), versions)


def version_of(county_code: str, number: int) -> RuleBookVersion | None:
    """Return a version of a county's rules, None where there is none."""
    return book_versions(county_code).filter(number=number).first()


def lines_of(version: RuleBookVersion) -> list[RuleLine]:
    """Return the rules of one version."""
    return [RuleLine(rule, "") for rule in rules_of(version).rules]


def _lines(now: RuleBook, then: RuleBook) -> list[RuleLine]:
    lines = [RuleLine(rule, _change(now.of(rule.key), rule)) for rule in then.rules]
    return lines + [RuleLine(rule, "deleted") for rule in now.rules if then.of(rule.key) is None]


def _change(before: Rule | None, after: Rule) -> str:
    if before is None:
        return "new"
    return "" if book_content(RuleBook((before,))) == book_content(RuleBook((after,))) else "changed"


@dataclass(frozen=True, slots=True)
class TriedAlarm:
    """An alarm that a rule would have raised."""

    raised_at: datetime
    cleared_at: datetime | None
    highest: int


@dataclass(frozen=True, slots=True)
class TriedPlace:
    """A place at which a rule would have fired: its name, a station of it, how often, and the latest alarms."""

    name: str
    station_id: int
    count: int
    highest: int
    latest: Sequence[TriedAlarm]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done in the last days."""

    days: int
    count: int
    places: Sequence[TriedPlace]
    hidden: int  # places that are not listed


def try_rule(county_code: str, rule: Rule, days: int, at: datetime) -> Trial:
    """Return what the rule would have done with the readings of the last days."""
    since = (at - timedelta(days=days)).timestamp()
    tried = replace(rule, is_on=True)
    found = [_place(aim, alarms) for aim, alarms in rehearse_on_history(county_code, tried, since, at.timestamp())]
    found.sort(key=lambda place: (-place.highest, -place.count, place.name))
    return Trial(days, sum(place.count for place in found), found[:MOST_PLACES], max(len(found) - MOST_PLACES, 0))


def _place(aim: Aim, alarms: Sequence[Alarm]) -> TriedPlace:
    station = min(aim.stations.values(), key=lambda each: each.code)
    latest = [
        TriedAlarm(_moment(each.raised_at), None if each.cleared_at is None else _moment(each.cleared_at), each.highest)
        for each in alarms[-MOST_ALARMS:][::-1]
    ]
    highest = max((alarm.highest for alarm in alarms), default=Colour.BLUE)
    return TriedPlace(station.site or station.name, station.id, len(alarms), int(highest), latest)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
