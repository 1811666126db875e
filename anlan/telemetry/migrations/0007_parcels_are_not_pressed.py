"""Parcels live for seconds: pressing their columns of numbers costs more than the room that it saves."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0006_parcels_put_aside")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE telemetry_parcel ALTER COLUMN content SET STORAGE EXTERNAL",
            "ALTER TABLE telemetry_parcel ALTER COLUMN content SET STORAGE EXTENDED",
        ),
    ]
