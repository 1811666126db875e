"""What was learnt of levels, and the forecasts that stand now."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telemetry", "0003_how_far_the_rules_are"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForecastModel",
            fields=[
                (
                    "datastream",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="telemetry.datastream",
                    ),
                ),
                ("gauges", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "basis",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "learnt from the station's past and the rain above it"),
                            (1, "the level stays as it is: there is too little history to learn from"),
                            (2, "the level stays as it is: what was learnt foretells no better"),
                            (3, "the level stays as it is: readings of level or rain are missing"),
                        ]
                    ),
                ),
                ("hours", models.PositiveIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("skill", models.JSONField(null=True)),
                ("learnt_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("since__lt", models.F("until"))), name="forecast_model_span_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="forecast_model_hash_is_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LevelForecast",
            fields=[
                (
                    "datastream",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="forecast",
                        serialize=False,
                        to="telemetry.datastream",
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("origin_at", models.DateTimeField()),
                ("level_m", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=6)),
                ("low_m", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=6)),
                ("high_m", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=6)),
                (
                    "basis",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "learnt from the station's past and the rain above it"),
                            (1, "the level stays as it is: there is too little history to learn from"),
                            (2, "the level stays as it is: what was learnt foretells no better"),
                            (3, "the level stays as it is: readings of level or rain are missing"),
                        ]
                    ),
                ),
                ("state", models.PositiveSmallIntegerField(choices=[(0, "calm"), (1, "rain"), (2, "rising")])),
                ("is_fallback", models.BooleanField()),
                ("skill", models.JSONField(null=True)),
                ("model_sha256", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level_m__len", 6), ("low_m__len", 6), ("high_m__len", 6)),
                        name="level_forecast_has_six_hours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", 0), ("is_fallback", False)),
                            models.Q(("basis__gt", 0), ("is_fallback", True)),
                            _connector="OR",
                        ),
                        name="level_forecast_fallback_is_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin_at__lte", models.F("issued_at"))),
                        name="level_forecast_is_not_from_the_future",
                    ),
                ],
            },
        ),
    ]
