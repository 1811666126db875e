"""What waits for its day."""

from django.utils.timezone import localdate
from procrastinate.contrib.django import app

from anlan.accounts.actions import posts


@app.task(name="accounts.tell_post_ended", queue="timers", pass_context=False)
def tell_post_ended(posting_id: int, successor_id: int | None) -> None:
    """Tell the others that a post has ended, on the day that it does."""
    posts.tell_post_ended(posting_id=posting_id, successor_id=successor_id, today=localdate())
