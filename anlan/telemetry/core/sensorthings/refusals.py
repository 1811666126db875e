"""What a request may be refused for; each is told to the asking program with its status."""

from anlan.kernel.refusal import Refusal


class BadRequest(Refusal):
    """The address, an option or the body cannot be read."""


class NotThere(Refusal):
    """The address names nothing that there is."""
