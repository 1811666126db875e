"""The timer by which late work rises."""

from datetime import UTC, datetime

from django.utils.timezone import localdate, now
from procrastinate.contrib.django import app

from anlan.worklists import actions


# Times are UTC: at seven in China, and each hour until noon in case the worker was down; a task rises once a day.
@app.periodic(cron="0 23,0-4 * * *")
@app.task(name="worklists.escalate_late", queue="timers", pass_context=False)
def escalate_late(timestamp: int) -> None:
    actions.escalate_late(today=localdate(datetime.fromtimestamp(timestamp, UTC)), at=now())
