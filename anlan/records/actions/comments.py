"""Saying something about an object, and taking it back."""

from datetime import datetime

from django.db import transaction

from anlan.ground.audit import audit
from anlan.kernel.refusal import Refusal
from anlan.records.core.panels import Subject
from anlan.records.models import Comment
from anlan.web.http import Person

LONGEST = 2000


class BadComment(Refusal):
    """The comment is empty or too long."""


class NotYourComment(Refusal):
    """Only its author takes a comment back, and only once."""


@transaction.atomic
def add_comment(*, actor: Person, subject: Subject, text: str, at: datetime) -> Comment:
    """Say something about an object; nobody edits it afterwards.

    Raises:
        BadComment: there is no text, or too much.
    """
    said = text.strip()
    if not said:
        raise BadComment("Write something first")
    if len(said) > LONGEST:
        raise BadComment("The comment has %(found)d characters; at most %(most)d fit", found=len(said), most=LONGEST)
    comment = Comment.objects.create(
        kind=subject.kind,
        object_id=subject.pk,
        division_code=subject.division_code,
        text=said,
        author_id=actor.pk,
        author_name=actor.name,
        at=at,
    )
    audit(actor, "comment added", comment, at=at, detail={"on": f"{subject.kind} {subject.pk}"})
    return comment


@transaction.atomic
def withdraw_comment(*, actor: Person, comment_id: int, at: datetime) -> Comment:
    """Take back what one said; that something was said, by whom and when, stays to be seen.

    Raises:
        NotYourComment: somebody else said it, or it was withdrawn already.
    """
    comment = Comment.objects.select_for_update().get(pk=comment_id)
    if comment.author_id != actor.pk:
        raise NotYourComment("Only %(author)s can withdraw this comment", author=comment.author_name)
    if comment.withdrawn_at:
        raise NotYourComment("This comment was withdrawn already")
    comment.withdrawn_at = at
    comment.save(update_fields=["withdrawn_at"])
    audit(actor, "comment withdrawn", comment, at=at, detail={"on": f"{comment.kind} {comment.object_id}"})
    return comment
