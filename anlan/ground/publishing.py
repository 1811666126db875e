"""Versioned data: draft → published (immutable, held by a trigger) → superseded."""

from django.db import models
from django.db.migrations import RunSQL
from django.utils.translation import gettext_lazy as _


class PublishStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")


class Publishable(models.Model):
    """Content as canonical JSON with its hash; every result stores the hashes that it came from."""

    status = models.CharField(
        max_length=12, choices=PublishStatus.choices, default=PublishStatus.DRAFT, verbose_name=_("status")
    )
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True)
    published_by_id = models.BigIntegerField(null=True)
    published_by_name = models.CharField(max_length=80, default="")

    class Meta:
        abstract = True


_FUNCTION = """
CREATE OR REPLACE FUNCTION anlan_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'published content is never deleted' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.content IS DISTINCT FROM OLD.content OR NEW.sha256 <> OLD.sha256
       OR NEW.published_at IS DISTINCT FROM OLD.published_at
       OR (OLD.status, NEW.status) NOT IN
          (('published', 'published'), ('published', 'superseded'), ('superseded', 'superseded')) THEN
        RAISE EXCEPTION 'published content is never changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def immutable_when_published(table: str) -> RunSQL:
    """Return the migration step that lets nobody edit or delete published rows of the table."""
    trigger = f"""
    CREATE TRIGGER {table}_keep_published BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION anlan_keep_published();
    """
    return RunSQL(_FUNCTION + trigger, f"DROP TRIGGER {table}_keep_published ON {table};")
