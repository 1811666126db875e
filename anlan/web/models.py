"""Long work that somebody waits for, files that wait for a decision, and what open pages are told at once."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.ground.fields import DivisionCodeField
from anlan.kernel.refusal import Refusal


class LenientEncoder(DjangoJSONEncoder):
    """Writes what JSON has no word for as text: values only fill sentences."""

    def default(self, value: Any) -> Any:
        try:
            return super().default(value)
        except TypeError:
            return str(value)


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting to begin")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("not done")


class Job(models.Model):
    """One piece of long work: what it is, how far it is, what came of it. The person is a snapshot: no key upward."""

    title = models.CharField(max_length=200)
    values = models.JSONField(default=dict, encoder=LenientEncoder)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=200, default="", blank=True)
    doing_values = models.JSONField(default=dict, encoder=LenientEncoder)
    result_url = models.CharField(max_length=500, default="", blank=True)
    trouble = models.TextField(default="", blank=True)
    trouble_values = models.JSONField(default=dict, encoder=LenientEncoder)
    attempts = models.PositiveSmallIntegerField(default=0)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=80, default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["actor_id", "-id"], name="job_of_person")]
        constraints = [
            models.CheckConstraint(name="job_done_within_total", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="job_ends_with_a_result_or_a_reason",
                condition=Q(state__in=["queued", "running"], ended_at__isnull=True)
                | Q(state="done", ended_at__isnull=False, trouble="")
                | (Q(state="failed", ended_at__isnull=False) & ~Q(trouble="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will come."""
        return self.state in {JobState.DONE, JobState.FAILED}

    @property
    def refusal(self) -> Refusal:
        """Return why it failed, for a page to translate."""
        return Refusal(self.trouble, **self.trouble_values)


class UploadState(models.TextChoices):
    PENDING = "pending", _("not taken over yet")
    COMMITTED = "committed", _("taken over")
    DISCARDED = "discarded", _("discarded")


class Upload(models.Model):
    """A file that somebody sent and has not decided on yet: previewed, mended, then taken over whole or dropped."""

    purpose = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    about = models.JSONField(default=dict, encoder=LenientEncoder)
    accepted = models.JSONField(default=dict, encoder=LenientEncoder)
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.PENDING)
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="upload_by_age")]
        constraints = [
            models.CheckConstraint(name="upload_is_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="upload_is_settled_once_decided",
                condition=Q(state="pending", settled_at__isnull=True)
                | Q(state__in=["committed", "discarded"], settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LiveEvent(models.Model):
    """One thing that open pages are told at once. It gets its number after the commit, and streams go by the number.

    No capability: whoever covers the division is told. The kind has a dot, as in `telemetry.alarm`: single words are
    the stream's own, and the browser's.
    """

    number = models.BigIntegerField(null=True, unique=True)
    kind = models.CharField(max_length=60)
    division_code = DivisionCodeField()
    capability = models.CharField(max_length=60, default="", blank=True)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()
    keeps_until = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(number__isnull=True), name="live_event_waiting"),
            models.Index(
                fields=["division_code", "number"],
                opclasses=["varchar_pattern_ops", "int8_ops"],
                name="live_event_of_division",
            ),
            models.Index(fields=["keeps_until"], name="live_event_by_age"),
        ]
        constraints = [
            models.CheckConstraint(name="live_event_has_a_kind", condition=Q(kind__regex=r"^[a-z_]+\.[a-z_.]+$")),
            models.CheckConstraint(
                name="live_event_division_is_a_code", condition=Q(division_code__regex=r"^[0-9]{12}$")
            ),
            models.CheckConstraint(name="live_event_is_kept_a_while", condition=Q(keeps_until__gt=F("created_at"))),
            models.CheckConstraint(name="live_event_number_is_positive", condition=Q(number__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class LiveCount(models.Model):
    """The one row that outlives the events: the last number given, and the highest that was deleted."""

    numbered = models.BigIntegerField(default=0)
    forgotten = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="live_count_is_one_row", condition=Q(pk=1)),
            models.CheckConstraint(
                name="live_count_forgets_what_was_numbered", condition=Q(forgotten__lte=F("numbered"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.numbered)
