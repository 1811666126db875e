"""Server-sent events as bytes."""

from dataclasses import dataclass, field

HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx passes each event on at once
)


@dataclass(frozen=True, slots=True)
class Event:
    """A numbered event; its frame is made once for all who get it."""

    number: int
    kind: str
    division_code: str
    capability: str
    data: str
    frame: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "frame", framed(self.kind, self.number, self.data))


def framed(kind: str, number: int, data: str) -> bytes:
    r"""Return one event. JSON has no bare line breaks, so that its data is one line.

    >>> framed("telemetry.alarm", 7, '{"station": 3}')
    b'id: 7\nevent: telemetry.alarm\ndata: {"station": 3}\n\n'
    """
    return f"id: {number}\nevent: {kind}\ndata: {data}\n\n".encode()


def hello(number: int) -> bytes:
    """Return the first event of a page that names no number: from here on it is told everything."""
    return framed("hello", number, f'{{"number": {number}}}')


def reset(number: int) -> bytes:
    """Return what tells a page that events were missed for good, and from where it is told everything again."""
    return framed("reset", number, f'{{"number": {number}}}')


def beat(number: int) -> bytes:
    """Return a sign of life. As an event a page can miss it; with a number, so that a quiet page does not age."""
    return b": beat\n" + framed("beat", number, "{}")


def retry(milliseconds: int) -> bytes:
    """Return how long the browser waits before it comes back."""
    return f"retry: {milliseconds}\n\n".encode()
