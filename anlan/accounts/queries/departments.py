"""What departments are called."""

from anlan.accounts.models import Department


def department_names() -> dict[str, str]:
    """Return every department's key with its name in the reader's language, in their order."""
    return {row.key: row.name for row in Department.objects.order_by("order", "key")}
