"""What stays of months of readings that were let go of."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0004_level_forecasts")]

    operations = [
        migrations.CreateModel(
            name="HourOfReadings",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "datastream_id", "ends_at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ends_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("lowest", models.FloatField()),
                ("mean", models.FloatField()),
                ("highest", models.FloatField()),
                ("last", models.FloatField()),
                (
                    "datastream",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="telemetry.datastream",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="hour_of_readings_holds_some",
                        condition=Q(count__gte=1) & Q(lowest__lte=F("highest")),
                    )
                ],
            },
        ),
    ]
