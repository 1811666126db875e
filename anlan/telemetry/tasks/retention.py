"""Old months of readings are thinned and let go of at night."""

from django.conf import settings
from django.utils.timezone import now
from procrastinate.contrib.django import app

from anlan.telemetry.actions import retention


# At twenty past three in China (times are UTC).
@app.periodic(cron="20 19 * * *")
@app.task(name="telemetry.retain_readings", queue="timers", queueing_lock="telemetry.retain_readings")
def retain_readings(timestamp: int) -> None:
    retention.retain_readings(kept_months=settings.READINGS_KEPT_MONTHS, at=now())
