"""Two people, one thing: whoever saves second is told, and loses nothing."""

from collections.abc import Iterable

from django.db import models

from anlan.kernel.refusal import Refusal


class Conflict(Refusal):
    """Somebody changed the thing since it was read."""


class Versioned(models.Model):
    """Counts its changes; actions take `expected_version` and compare."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


def check_version(row: Versioned, expected: int) -> None:
    """Refuse when the row is not the one that the person saw.

    Raises:
        Conflict: it was changed meanwhile.
    """
    if row.version != expected:
        raise Conflict(
            "Somebody changed this meanwhile (version %(found)d, you saw %(expected)d). "
            "What you typed is kept below: compare and save again.",
            found=row.version,
            expected=expected,
        )


def save_version(row: Versioned, fields: Iterable[str]) -> None:
    """Write the named fields and count one version up. The caller holds the row's lock."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])
