"""What was learnt of a level, how good it proved, and the forecast that stands now."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.telemetry.core.forecast.intervals import STATE_NAMES
from anlan.telemetry.core.forecast.model import BASIS_NAMES
from anlan.telemetry.models.registry import Datastream

BASIS_CHOICES = [(basis.value, _(name)) for basis, name in BASIS_NAMES.items()]
STATE_CHOICES = [(state.value, _(name)) for state, name in STATE_NAMES.items()]
AHEAD = 6  # hours


class ForecastModel(models.Model):
    """What was learnt of one level; `core.forecast.stored` reads the content, which holds numbers only."""

    datastream = models.OneToOneField(Datastream, primary_key=True, on_delete=models.CASCADE, related_name="+")
    gauges = ArrayField(models.IntegerField())  # ids of the datastreams of rain, in the order learnt
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    basis = models.PositiveSmallIntegerField(choices=BASIS_CHOICES)
    hours = models.PositiveIntegerField()  # of levels in the history
    since = models.DateTimeField()
    until = models.DateTimeField()
    skill = models.JSONField(null=True)  # core.forecast.skill.Skill, None while the history is too short for a trial
    learnt_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="forecast_model_span_is_one", condition=Q(since__lt=F("until"))),
            models.CheckConstraint(name="forecast_model_hash_is_one", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"model of {self.datastream_id}"


class LevelForecast(models.Model):
    """The newest forecast of a level: the value h hours after `origin_at` stands at place h − 1."""

    datastream = models.OneToOneField(Datastream, primary_key=True, on_delete=models.CASCADE, related_name="forecast")
    issued_at = models.DateTimeField()
    origin_at = models.DateTimeField()
    level_m = ArrayField(models.FloatField(), size=AHEAD)
    low_m = ArrayField(models.FloatField(), size=AHEAD)
    high_m = ArrayField(models.FloatField(), size=AHEAD)
    basis = models.PositiveSmallIntegerField(choices=BASIS_CHOICES)
    state = models.PositiveSmallIntegerField(choices=STATE_CHOICES)
    is_fallback = models.BooleanField()  # it only says that the level stays as it is
    skill = models.JSONField(null=True)  # of the model when this was issued
    model_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="level_forecast_has_six_hours",
                condition=Q(level_m__len=AHEAD) & Q(low_m__len=AHEAD) & Q(high_m__len=AHEAD),
            ),
            models.CheckConstraint(
                name="level_forecast_fallback_is_told",
                condition=Q(basis=0, is_fallback=False) | Q(basis__gt=0, is_fallback=True),
            ),
            models.CheckConstraint(
                name="level_forecast_is_not_from_the_future", condition=Q(origin_at__lte=F("issued_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.datastream_id} from {self.origin_at:%F %T}"
