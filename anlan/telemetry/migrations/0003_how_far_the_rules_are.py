"""How far the rules have got with each datastream; published rules stay as they are."""

import django.db.models.deletion
from django.db import migrations, models

from anlan.ground.publishing import immutable_when_published


class Migration(migrations.Migration):
    dependencies = [
        ("telemetry", "0002_readings_by_month"),
    ]

    operations = [
        migrations.CreateModel(
            name="Judged",
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
                ("until", models.DateTimeField(null=True)),
                ("spoke_at", models.DateTimeField()),
            ],
        ),
        immutable_when_published("telemetry_rulebookversion"),
    ]
