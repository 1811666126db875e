"""How to empty a database without the right to make it anew: drop what is there, extensions aside."""

import psycopg

_OF_AN_EXTENSION = "EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')"
_KINDS = (
    ("r", "TABLE"),
    ("p", "TABLE"),
    ("v", "VIEW"),
    ("m", "MATERIALIZED VIEW"),
    ("S", "SEQUENCE"),
)


def statements(connection: "psycopg.Connection[tuple[object, ...]]") -> list[str]:
    """Return the DROP statements for everything in the schema `public` that no extension owns."""
    found: list[str] = []
    for kind, word in _KINDS:
        rows = connection.execute(
            f"SELECT format('DROP {word} IF EXISTS %%s CASCADE', o.oid::regclass) FROM pg_class o "  # noqa: S608
            f"WHERE relnamespace = 'public'::regnamespace AND relkind = %s AND NOT {_OF_AN_EXTENSION} ORDER BY 1",
            [kind],
        )
        found += [str(row[0]) for row in rows]
    functions = connection.execute(
        "SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', o.oid::regprocedure) FROM pg_proc o "  # noqa: S608
        f"WHERE pronamespace = 'public'::regnamespace AND NOT {_OF_AN_EXTENSION} ORDER BY 1"
    )
    types = connection.execute(
        "SELECT format('DROP TYPE IF EXISTS %s CASCADE', o.oid::regtype) FROM pg_type o "  # noqa: S608
        "LEFT JOIN pg_class c ON c.oid = o.typrelid WHERE typnamespace = 'public'::regnamespace "
        "AND (typtype IN ('e', 'd') OR c.relkind = 'c') "
        f"AND NOT {_OF_AN_EXTENSION} ORDER BY 1"
    )
    return found + [str(row[0]) for row in functions] + [str(row[0]) for row in types]
