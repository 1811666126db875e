"""Levels are learnt at night and foretold every ten minutes."""

from django.utils.timezone import now
from procrastinate.contrib.django import app

from anlan.telemetry.actions import forecasts


# At twenty to three in China (times are UTC), when nobody waits for the queue.
@app.periodic(cron="40 18 * * *")
@app.task(name="telemetry.train_forecasts", queue="timers", queueing_lock="telemetry.train_forecasts")
def train_forecasts(timestamp: int) -> None:
    forecasts.train_forecasts()


@app.task(name=forecasts.TRAIN, queue="jobs")
def train_forecast(datastream_id: int) -> None:
    """Learn one level."""
    forecasts.train_forecast(datastream_id=datastream_id, at=now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="telemetry.forecast_levels", queue="timers", queueing_lock="telemetry.forecast_levels")
def forecast_levels(timestamp: int) -> None:
    at = now()
    forecasts.forecast_levels(at=at)
    forecasts.train_new_levels(at=at)
