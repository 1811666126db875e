"""Readings, partitioned by month; and the call by which the gateways learn that the register changed."""

from django.db import migrations

TABLE = """
CREATE TABLE telemetry_reading (
    datastream_id integer NOT NULL,
    "time" timestamptz NOT NULL,
    value double precision NOT NULL,
    flags smallint NOT NULL DEFAULT 0,
    arrived_at timestamptz NOT NULL,
    PRIMARY KEY (datastream_id, "time")
) PARTITION BY RANGE ("time");
CREATE TABLE telemetry_reading_beyond PARTITION OF telemetry_reading DEFAULT;
COMMENT ON TABLE telemetry_reading_beyond IS 'clocks gone wrong: what lies outside the months that are kept';
"""

CALL = """
CREATE FUNCTION telemetry_tell_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('telemetry_register', '');
    RETURN NULL;
END $$;
"""
WATCHED = ("station", "device", "datastream", "threshold", "rulebookversion")


def _trigger(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_tells AFTER INSERT OR UPDATE OR DELETE ON telemetry_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION telemetry_tell_register();"
    )


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0001_register")]

    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE telemetry_reading;"),
        migrations.RunSQL(
            CALL + "".join(_trigger(table) for table in WATCHED),
            "DROP FUNCTION telemetry_tell_register() CASCADE;",
        ),
    ]
