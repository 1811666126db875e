"""How far back the time slider looks, and how finely. Source: docs/one-map.md."""

from dataclasses import dataclass

MOST_HOURS = 72
LEAST_STEP_S, MOST_STEP_S = 60, 3600
MOST_STEPS = 300
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Span:
    """Hours to look back, in steps of seconds."""

    hours: int = 24
    step_s: int = 600


def span_asked(hours: str, step: str) -> Span:
    """Return the span that the address asks for, brought within bounds; what is no number is as usual.

    >>> span_asked("24", "600"), span_asked("999", "1"), span_asked("x", "")
    (Span(hours=24, step_s=600), Span(hours=72, step_s=864), Span(hours=24, step_s=600))
    """
    usual = Span()
    wanted = _number(hours, usual.hours)
    within = min(max(wanted, 1), MOST_HOURS)
    finest = -(-within * HOUR // MOST_STEPS)
    step_s = min(max(_number(step, usual.step_s), LEAST_STEP_S, finest), MOST_STEP_S)
    return Span(within, step_s)


def _number(text: str, usual: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else usual
