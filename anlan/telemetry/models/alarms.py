"""Rules as versioned data, what watching remembers, and the alarms."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.ground.fields import DivisionCodeField
from anlan.ground.publishing import Publishable, PublishStatus
from anlan.ground.versions import Versioned
from anlan.telemetry.core.alarm_life import ALARM_STATE_NAMES
from anlan.telemetry.core.rules import KIND_NAMES
from anlan.telemetry.core.watch import NEWS_NAMES
from anlan.telemetry.models.registry import COLOUR_CHOICES, QUANTITY_CHOICES, Datastream, Station

STATE_CHOICES = [(state.value, _(name)) for state, name in ALARM_STATE_NAMES.items()]
KIND_CHOICES = [(kind.value, _(name)) for kind, name in KIND_NAMES.items()]
NEWS_CHOICES = [(news.value, _(name)) for news, name in NEWS_NAMES.items()]


class RuleBookVersion(Publishable, Versioned):
    """One version of a county's alarm rules; `core.rule_content` reads it."""

    county_code = DivisionCodeField()
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rule_book_number_once", fields=["county_code", "number"]),
            models.UniqueConstraint(
                name="rule_book_one_draft", fields=["county_code"], condition=Q(status=PublishStatus.DRAFT)
            ),
            models.UniqueConstraint(
                name="rule_book_one_published", fields=["county_code"], condition=Q(status=PublishStatus.PUBLISHED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county_code} v{self.number}"

    @property
    def division_code(self) -> str:
        """The division by which the audit trail files it."""
        return self.county_code  # type: ignore[no-any-return]


class WatchState(models.Model):
    """What watching one place by one rule remembers (`core.watch_content`), committed with the alarms it told."""

    rule_key = models.CharField(max_length=60)
    place_key = models.CharField(max_length=120)
    content = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="watch_state_once", fields=["rule_key", "place_key"])]

    def __str__(self) -> str:
        return f"{self.rule_key} at {self.place_key}"


class Judged(models.Model):
    """How far the rules have got with a datastream: readings after `until` wait in parcels."""

    datastream = models.OneToOneField(Datastream, primary_key=True, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField(null=True)
    spoke_at = models.DateTimeField()  # by the clock of the system where the device's own is wrong; else as `until`

    def __str__(self) -> str:
        return f"{self.datastream_id} until {self.until}"


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def within(self, prefix: str) -> "AlarmQuerySet":
        return self.filter(division_code__startswith=prefix)

    def standing(self) -> "AlarmQuerySet":
        return self.filter(state__in=["raised", "acknowledged"])


class Alarm(Versioned):
    """One alarm of one rule at one place, from its raising to its clearing."""

    rule_key = models.CharField(max_length=60)
    rule_name_zh = models.CharField(max_length=80)
    rule_name_en = models.CharField(max_length=80)
    rule_book = models.ForeignKey(RuleBookVersion, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=KIND_CHOICES)
    place_key = models.CharField(max_length=120)
    division_code = DivisionCodeField()
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="alarms")  # whose sensor tipped it
    datastream = models.ForeignKey(Datastream, null=True, on_delete=models.PROTECT, related_name="+")
    quantity = models.CharField(max_length=16, choices=QUANTITY_CHOICES)
    colour = models.PositiveSmallIntegerField(choices=COLOUR_CHOICES)
    highest = models.PositiveSmallIntegerField(choices=COLOUR_CHOICES)
    value = models.FloatField()  # shown when its colour last changed
    limit = models.FloatField()
    state = models.CharField(max_length=14, choices=STATE_CHOICES)
    raised_at = models.DateTimeField()  # of the reading
    known_at = models.DateTimeField()  # when the system knew
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_id = models.BigIntegerField(null=True)
    acknowledged_by_name = models.CharField(max_length=80, default="")
    cleared_at = models.DateTimeField(null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division_code"], opclasses=["varchar_pattern_ops"], name="alarm_of_unit"),
            models.Index(fields=["-raised_at", "-id"], name="alarm_newest"),
            models.Index(fields=["station"], condition=Q(state__in=["raised", "acknowledged"]), name="alarm_standing"),
        ]
        constraints = [
            models.UniqueConstraint(name="alarm_once", fields=["rule_key", "place_key", "raised_at"]),
            models.CheckConstraint(name="alarm_colour_is_known", condition=Q(colour__gte=1, colour__lte=4)),
            models.CheckConstraint(
                name="alarm_acknowledged_by_somebody",
                condition=~Q(state="acknowledged") | Q(acknowledged_at__isnull=False, acknowledged_by_id__isnull=False),
            ),
            models.CheckConstraint(
                name="alarm_cleared_at_a_time", condition=~Q(state="cleared") | Q(cleared_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station.name} {self.rule_name_zh}"


class AlarmNews(models.Model):
    """One piece of news of an alarm: from the readings (`at`), told by the system at `told_at`."""

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="news")
    at = models.DateTimeField()
    told_at = models.DateTimeField()
    news = models.CharField(max_length=10, choices=NEWS_CHOICES)
    colour = models.PositiveSmallIntegerField(choices=COLOUR_CHOICES)
    datastream = models.ForeignKey(Datastream, null=True, on_delete=models.PROTECT, related_name="+")
    value = models.FloatField()
    limit = models.FloatField()
    is_withdrawn = models.BooleanField(default=False)  # later readings showed that it was not so

    class Meta:
        constraints = [models.UniqueConstraint(name="alarm_news_once", fields=["alarm", "at", "news", "colour"])]

    def __str__(self) -> str:
        return f"{self.news} at {self.at:%F %T}"


class StationState(models.Model):
    """The colours in which a station stands on the map: 0 is calm."""

    station = models.OneToOneField(Station, primary_key=True, on_delete=models.CASCADE, related_name="state")
    hazard = models.PositiveSmallIntegerField(default=0)
    device = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"station {self.station_id}: {self.hazard}"
