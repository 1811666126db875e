"""Timers and long work of the assessment."""

from datetime import UTC, datetime

from django.utils.timezone import localdate, now
from procrastinate.contrib.django import app

from anlan.assessment.actions import rounds
from anlan.assessment.queries import reminders


# At half past eight in China (times are UTC): whoever is outstanding in a round's last week is reminded once a day.
@app.periodic(cron="30 0 * * *")
@app.task(name="assessment.remind", queue="timers", pass_context=False)
def remind(timestamp: int) -> None:
    today = localdate(datetime.fromtimestamp(timestamp, UTC))
    for row in reminders.rounds_due(today):
        rounds.remind_round(actor=None, round_id=row.pk, today=today, at=now())
