"""What is kept beside an object: comments, files; and notices to people."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.ground.fields import DivisionCodeField


class CommentQuerySet(models.QuerySet["Comment"]):
    def on(self, kind: str, object_id: int) -> "CommentQuerySet":
        return self.filter(kind=kind, object_id=object_id)


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def on(self, kind: str, object_id: int) -> "StoredFileQuerySet":
        return self.filter(kind=kind, object_id=object_id)

    def present(self) -> "StoredFileQuerySet":
        return self.filter(removed_at__isnull=True)


class OnSubject(models.Model):
    """Something on an object's side panel; who put it there is a snapshot, as in the audit trail."""

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    division_code = DivisionCodeField(default="")
    at = models.DateTimeField(verbose_name=_("time"))
    author_id = models.BigIntegerField()
    author_name = models.CharField(max_length=80)

    class Meta:
        abstract = True


class Comment(OnSubject):
    """What somebody said about an object. Never edited; its author may withdraw it, and that it was said stays."""

    text = models.CharField(max_length=2000, verbose_name=_("comment"))
    withdrawn_at = models.DateTimeField(null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "id"], name="comment_on_subject")]
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class StoredFile(OnSubject):
    """A file on an object. Its content lies in the file store under its hash; removing it leaves this row."""

    name = models.CharField(max_length=120, verbose_name=_("file"))
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by_id = models.BigIntegerField(null=True)
    removed_by_name = models.CharField(max_length=80, default="")

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id", "id"], name="file_on_subject")]
        constraints = [
            models.CheckConstraint(name="file_is_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(name="file_is_named_by_its_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="file_removal_names_who_and_when",
                condition=Q(removed_at__isnull=True, removed_by_id__isnull=True)
                | Q(removed_at__isnull=False, removed_by_id__isnull=False),
            ),
            models.CheckConstraint(
                name="file_place_is_whole_and_on_earth",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(
                    longitude__isnull=False,
                    latitude__isnull=False,
                    longitude__range=(-180, 180),
                    latitude__range=(-90, 90),
                ),
            ),
            models.UniqueConstraint(
                name="file_once_on_a_subject",
                fields=["kind", "object_id", "sha256"],
                condition=Q(removed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Tell whether it is a picture."""
        return self.media_type.startswith("image/")

    @property
    def is_video(self) -> bool:
        """Tell whether it is a film."""
        return self.media_type.startswith("video/")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """News for one person: a message id with its values, and where it leads."""

    to_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    message = models.CharField(max_length=300)
    values = models.JSONField(default=dict)
    url = models.CharField(max_length=300, default="")
    key = models.CharField(max_length=120, default="")
    at = models.DateTimeField(verbose_name=_("time"))
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["to_person", "-id"], name="notice_newest_first"),
            models.Index(fields=["to_person"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_leads_nowhere_else", condition=Q(url="") | Q(url__regex=r"^/([^/\\]|$)")
            ),
            # News that a receiver may tell twice carries a key, and arrives once.
            models.UniqueConstraint(name="notice_of_a_key_once", fields=["to_person", "key"], condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return self.message
