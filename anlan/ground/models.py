"""The audit trail: written with each change, sealed into a chain afterwards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.ground.fields import DivisionCodeField


class AuditEntry(models.Model):
    """Who did what to which thing. The actor is a snapshot: no key upward."""

    at = models.DateTimeField(verbose_name=_("time"))
    verb = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_name = models.CharField(max_length=200, default="")
    division_code = DivisionCodeField(default="")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=80, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id", "-id"], name="audit_object"),
            models.Index(fields=["division_code", "-id"], name="audit_division"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.object_kind} {self.object_id}"


class AuditSeal(models.Model):
    """An entry's place in the chain: hash of the entry and of the seal before."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="seal")
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.sha256[:12]}"
