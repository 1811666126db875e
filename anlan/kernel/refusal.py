"""The one way to say no to a person."""

from typing import Any


def mark(message: str) -> str:
    """Return the message unchanged; the catalogue collects every literal passed through here."""
    return message


class Refusal(Exception):
    """What is expected to fail, in words for the person who asked.

    The message is an English catalogue id with named placeholders. It is translated and
    formatted where it is shown, so that the core can refuse in Chinese without a framework.
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message
