"""Phone forms: a county's own XLSForms, what phones sent, and notes beside the leaves."""

from django.db import models

from anlan.assessment.models.rounds import Round
from anlan.assessment.models.systems import IndicatorSystem


class OwnForm(models.Model):
    """An imported XLSForm; each question maps to a leaf or stays a note."""

    system = models.ForeignKey(IndicatorSystem, on_delete=models.PROTECT, related_name="own_forms")
    form_id = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    level = models.CharField(max_length=12)
    xlsform = models.BinaryField()
    xform = models.TextField()
    questions = models.JSONField()
    imported_at = models.DateTimeField()
    is_offered = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="own_form_id_once", fields=["system", "form_id"])]

    def __str__(self) -> str:
        return self.title


class Submission(models.Model):
    """What a phone sent, kept as it came; the instance id makes sending twice harmless."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="submissions")
    instance_id = models.CharField(max_length=120, unique=True)
    form_id = models.CharField(max_length=80)
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, null=True, related_name="+")
    content = models.TextField()
    received_at = models.DateTimeField()
    sender_id = models.BigIntegerField()
    sender_name = models.CharField(max_length=80)
    answers_saved = models.PositiveIntegerField()
    problems = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.instance_id


class Note(models.Model):
    """An answer to a question that no leaf scores."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="notes")
    division = models.ForeignKey("places.Division", on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(OwnForm, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=120)
    text = models.TextField()
    author_name = models.CharField(max_length=80)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="note_once", fields=["round", "division", "form", "question"]),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.text[:20]}"
