"""Notes as JSON content: messages with values, among them other notes and names in both languages."""

from collections.abc import Callable, Mapping
from typing import Any

from anlan.assessment.core.values import Note

Named = Callable[[str], Mapping[str, str] | None]  # a measure's code → its names by language, None where there is none


def note_content(note: Note) -> list[Any]:
    """Return a note as JSON content; a note among its values too."""
    return [note.message, {key: _content(value) for key, value in note.values.items()}]


def _content(value: Any) -> Any:
    return {"note": note_content(value)} if isinstance(value, Note) else value


def note_from(content: Any) -> Note:
    """Return the note of its JSON content."""
    message, values = content
    return Note(message, {key: _value(value) for key, value in values.items()})


def _value(value: Any) -> Any:
    return note_from(value["note"]) if isinstance(value, Mapping) and "note" in value else value


def with_names(note: Note, named: Named) -> Note:
    """Return the note with the names of measures in place of their codes."""
    return Note(note.message, {key: _named(key, value, named) for key, value in note.values.items()})


def _named(key: str, value: Any, named: Named) -> Any:
    if isinstance(value, Note):
        return with_names(value, named)
    return named(value) or value if key in {"measure", "other"} and isinstance(value, str) else value
