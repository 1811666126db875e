"""A parcel over which judging falls is put aside with the fault."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telemetry", "0005_hours_of_readings"),
    ]

    operations = [
        migrations.AddField(
            model_name="parcel",
            name="fault",
            field=models.CharField(db_default="", default="", max_length=300),
        ),
    ]
