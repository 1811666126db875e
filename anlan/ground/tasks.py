"""The sealer's timer."""

from procrastinate.contrib.django import app

from anlan.ground.audit import seal


@app.periodic(cron="* * * * * */10")
@app.task(name="ground.seal_audit", queue="timers", pass_context=False)
def seal_audit(timestamp: int) -> None:
    """Chain what was committed since the last time."""
    seal()
