"""What stays of readings whose month was let go of: one row an hour."""

from django.db import models
from django.db.models import F, Q

from anlan.telemetry.models.registry import Datastream


class HourOfReadings(models.Model):
    """The believed readings of (ends_at − 1 h, ends_at], corrected where a person did so."""

    pk = models.CompositePrimaryKey("datastream_id", "ends_at")
    datastream = models.ForeignKey(
        Datastream, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    ends_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    lowest = models.FloatField()
    mean = models.FloatField()
    highest = models.FloatField()
    last = models.FloatField()  # what a counter stood at

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hour_of_readings_holds_some",
                condition=Q(count__gte=1) & Q(lowest__lte=F("highest")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.datastream_id} until {self.ends_at:%F %T}: {self.mean}"
