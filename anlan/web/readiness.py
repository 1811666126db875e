"""Whether the site can work: the database answers and its tables are those of this version."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def migrations_applied() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def readiness() -> dict[str, bool]:
    """Return each thing that must hold, and whether it does."""
    answers = database_answers()
    return {"database": answers, "migrations": answers and migrations_applied()}
