"""Tasks: what is to be done, by which unit or person, until when, and how it ended."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.ground.fields import DivisionCodeField
from anlan.ground.versions import Versioned
from anlan.worklists.core.lifecycle import FINISHED, STATE_NAMES, WAITING, TaskState

STATE_CHOICES = [(state.value, _(name)) for state, name in STATE_NAMES.items()]
ALL_WAITING = sorted(state.value for state in WAITING)
ALL_FINISHED = sorted(state.value for state in FINISHED)
CODE = r"^[0-9]{12}$"


class TaskQuerySet(models.QuerySet["Task"]):
    def waiting(self) -> "TaskQuerySet":
        return self.filter(state__in=ALL_WAITING)

    def late(self, today: date) -> "TaskQuerySet":
        return self.waiting().filter(due_on__lt=today)

    def within(self, prefix: str) -> "TaskQuerySet":
        return self.filter(division_code__startswith=prefix)

    def meant(self) -> "TaskQuerySet":
        """Leave out what nobody had to do in the end."""
        return self.exclude(state=TaskState.WITHDRAWN)


class Task(Versioned):
    """One piece of work. `division_code` is whose work it is, `list_code` whose list it has risen to."""

    key = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    division_code = DivisionCodeField()
    list_code = DivisionCodeField()
    unit_name = models.CharField(max_length=80, default="", verbose_name=_("unit"))
    department = models.CharField(max_length=30, default="", verbose_name=_("department"))
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=80, default="", verbose_name=_("person"))
    url = models.CharField(max_length=300, default="")
    due_on = models.DateField(verbose_name=_("due on"))
    state = models.CharField(max_length=12, choices=STATE_CHOICES, default=TaskState.OPEN, verbose_name=_("state"))
    put_at = models.DateTimeField()
    put_by_name = models.CharField(max_length=80, default="")
    escalation = models.PositiveSmallIntegerField(default=0)
    escalated_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by_id = models.BigIntegerField(null=True)
    done_by_name = models.CharField(max_length=80, default="")
    remark = models.CharField(max_length=500, default="", verbose_name=_("remark"))
    return_reason = models.CharField(max_length=500, default="")
    returned_by_name = models.CharField(max_length=80, default="")
    signed_off_at = models.DateTimeField(null=True)
    signed_off_by_id = models.BigIntegerField(null=True)
    signed_off_by_name = models.CharField(max_length=80, default="")

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["division_code", "due_on"], opclasses=["varchar_pattern_ops", "date_ops"], name="task_of_unit"
            ),
            models.Index(fields=["list_code"], name="task_on_list", condition=Q(state__in=ALL_WAITING)),
            models.Index(fields=["person_id", "due_on"], name="task_of_person", condition=Q(person_id__isnull=False)),
            models.Index(fields=["due_on", "id"], name="task_waiting", condition=Q(state__in=ALL_WAITING)),
        ]
        constraints = [
            models.CheckConstraint(name="task_state_is_known", condition=Q(state__in=list(TaskState))),
            models.CheckConstraint(
                name="task_unit_and_list_are_codes", condition=Q(division_code__regex=CODE, list_code__regex=CODE)
            ),
            models.CheckConstraint(name="task_leads_nowhere_else", condition=Q(url="") | Q(url__regex=r"^/([^/\\]|$)")),
            models.CheckConstraint(
                name="task_done_has_its_time",
                condition=Q(state__in=ALL_FINISHED, done_at__isnull=False)
                | (~Q(state__in=ALL_FINISHED) & Q(done_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="task_returned_says_why", condition=~Q(state=TaskState.RETURNED) | ~Q(return_reason="")
            ),
            models.CheckConstraint(
                name="task_signed_off_has_its_signer",
                condition=Q(state=TaskState.SIGNED_OFF, signed_off_at__isnull=False, signed_off_by_id__isnull=False)
                | (~Q(state=TaskState.SIGNED_OFF) & Q(signed_off_at__isnull=True, signed_off_by_id__isnull=True)),
            ),
            models.CheckConstraint(
                name="task_signed_off_by_another",
                condition=Q(signed_off_by_id__isnull=True)
                | Q(done_by_id__isnull=True)
                | ~Q(signed_off_by_id=F("done_by_id")),
            ),
            models.CheckConstraint(
                name="task_escalated_has_its_day",
                condition=Q(escalation=0, escalated_on__isnull=True) | Q(escalation__gt=0, escalated_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.heading[:200]

    @property
    def heading(self) -> str:
        """Return the title with its values in the reader's language."""
        return gettext(self.title) % self.values if self.values else gettext(self.title)

    @property
    def is_waiting(self) -> bool:
        """Tell whether somebody still has to do it."""
        return self.state in WAITING
