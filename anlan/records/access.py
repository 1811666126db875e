"""The doors of records: each leads through the door of the object that the record stands on."""

from django.http import Http404

from anlan.records.core.panels import Subject, panel_of
from anlan.records.models import Comment, Notice, StoredFile
from anlan.web.http import Person


def subject_for(person: Person, kind: str, pk: int) -> Subject:
    """Return the object of a panel, through its own context's door.

    Raises:
        Http404: no kind of that name has a panel, or the object is not the person's to see.
    """
    panel = panel_of(kind)
    if panel is None:
        raise Http404
    return panel.open(person, pk)


def writable_subject_for(person: Person, kind: str, pk: int) -> Subject:
    """Return the object of a panel that the person may add to.

    Raises:
        Http404: as `subject_for`, or the person may only read.
    """
    subject = subject_for(person, kind, pk)
    if not subject.may_write:
        raise Http404
    return subject


def subject_of_comment(person: Person, comment_id: int) -> Subject:
    """Return the object that a comment stands on, if the person may add to it."""
    found = Comment.objects.filter(pk=comment_id).first()
    if found is None:
        raise Http404
    return writable_subject_for(person, found.kind, found.object_id)


def file_for(person: Person, file_id: int) -> StoredFile:
    """Return a file that is still on an object which the person may see."""
    found = StoredFile.objects.present().filter(pk=file_id).first()
    if found is None:
        raise Http404
    subject_for(person, found.kind, found.object_id)
    return found


def subject_of_file(person: Person, file_id: int) -> Subject:
    """Return the object that a file is or was on, if the person may add to it."""
    found = StoredFile.objects.filter(pk=file_id).first()
    if found is None:
        raise Http404
    return writable_subject_for(person, found.kind, found.object_id)


def notice_for(person: Person, notice_id: int) -> Notice:
    """Return one's own notice."""
    found = Notice.objects.filter(pk=notice_id, to_person_id=person.pk).first()
    if found is None:
        raise Http404
    return found
