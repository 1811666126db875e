"""Long work of places, watched on the page of its job."""

from typing import Any

from django.urls import reverse
from django.utils.timezone import now
from procrastinate.contrib.django import app

from anlan.accounts import queries as accounts
from anlan.kernel.refusal import mark
from anlan.places.actions.road_files import ROADS, take_road_file
from anlan.web.jobs import Progress, run_job
from anlan.web.uploads import upload_for


@app.task(name="places.load_road_file", queue="jobs")
def load_road_file(job_id: int, upload_id: int, county_code: str, actor_id: int) -> None:
    """Take a file of roads over."""

    def work(progress: Progress) -> str:
        progress(0, 1, mark("Reading the roads and joining them"))
        actor: Any = accounts.person_of(actor_id)  # people are disabled, never deleted
        upload = upload_for(actor, upload_id, ROADS)
        take_road_file(actor=actor, county_code=county_code, upload=upload, at=now())
        return reverse("roads", args=[county_code])

    run_job(job_id, work)
