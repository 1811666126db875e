"""What a person may ask a station to tell or to set (SL 651, 37–3A and 40–51): from JSON to the question, and back.

37 39 44 45 46 4A 50 51    {}                                   current values, by hand, pump motor, version, status,
                                                                set the clock, event log, read the clock
3A                         {"elements": ["39", "26"]}
38                         {"element": "26", "since": "2026-07-01T08:00+08:00", "until": "…", "minutes": 5}
40 42                      {"settings": [{"code": "20", "decimals": 0, "content": "08"}]}     bytes in hexadecimal
41 43                      {"settings": [{"code": "20", "definition": "08"}]}
47 48                      {}                                   clear the store, factory reset
49                         {"password": "1234"}                 the new one
4B 4F                      {"is_on": true}                      IC card, water quota
4C 4D                      {"states": [true, false]}            pumps, valves, the first first
4E                         {"states": [true], "openings": [25]} gates
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.core.sl651.codes import Function, Status
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.observed import observed
from anlan.telemetry.core.sl651.replies import Centre, wanted
from anlan.telemetry.core.sl651.values import (
    Asked,
    EventLog,
    Frame,
    PeriodAsked,
    Quota,
    Report,
    Setting,
    Settings,
    StatusWord,
    Step,
    Switched,
    Version,
    Wanted,
)

MOST_ELEMENTS, MOST_STATES, MOST_CONTENT = 60, 64, 31
LONGEST_PERIOD_DAYS = 366
PLAIN = (
    *(Function.ASK_NOW, Function.ASK_MANUAL, Function.PUMP_READINGS, Function.VERSION, Function.STATUS),
    *(Function.SET_CLOCK, Function.EVENTS, Function.READ_CLOCK),
)
# What moves water or power: such an order must not lie about and be carried out days later.
SWITCHING = (Function.IC_CARD, Function.PUMPS, Function.VALVES, Function.GATES, Function.QUOTA)
# They change what the station does or knows; the others only ask.
CHANGING = frozenset(
    {
        Function.WRITE_BASE, Function.WRITE_RUN, Function.CLEAR_STORE, Function.FACTORY_RESET, Function.PASSWORD,
        Function.SET_CLOCK, *SWITCHING,
    }
)  # fmt: skip
Content = Mapping[str, Any]
UNWRITTEN = mark("The question cannot be written: %(why)s")


class BadOrder(Refusal):
    """A question that cannot be put."""


def question(centre: Centre, function: int, content: Content, *, at: datetime, dialect: Dialect = STANDARD) -> Frame:
    """Return the frame that asks.

    Raises:
        BadOrder: the function is none that can be asked, or the content is not of its form.
    """
    if function in PLAIN:
        return centre.ask_plain(Function(function), at=at)
    build = _BUILDERS.get(function)
    if build is None:
        raise BadOrder(mark("Function %(function)s cannot be asked of a station"), function=f"{function:02X}")
    try:
        return build(centre, content, at, dialect)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise BadOrder(
            mark("What function %(function)s asks is not complete or not of its form"), function=f"{function:02X}"
        ) from None


def is_askable(function: int) -> bool:
    """Tell whether a person may ask for it."""
    return function in PLAIN or function in _BUILDERS


def _elements(centre: Centre, content: Content, at: datetime, dialect: Dialect) -> Frame:
    codes = [int(code, 16) for code in _list(content["elements"], MOST_ELEMENTS)]
    return centre.ask(Function.ASK_ELEMENTS, Asked(0, at, tuple(wanted(code, dialect) for code in codes)))


def _period(centre: Centre, content: Content, at: datetime, dialect: Dialect) -> Frame:
    since, until = (datetime.fromisoformat(content[key]) for key in ("since", "until"))
    minutes = int(content["minutes"])
    if since.tzinfo is None or until.tzinfo is None or not 0 <= (until - since).days <= LONGEST_PERIOD_DAYS:
        raise ValueError("the period is none")
    asked = wanted(int(content["element"], 16), dialect)
    return centre.ask(Function.ASK_PERIOD, PeriodAsked(0, at, since, until, step_of(minutes), asked))


def step_of(minutes: int) -> Step:
    """Return a time step: one of days, hours, minutes.

    Raises:
        ValueError: it is no whole number of one of them, up to 99 days.
    """
    for size, fields in ((1440, ("days",)), (60, ("hours",)), (1, ("minutes",))):
        count = minutes // size
        if minutes >= size and minutes % size == 0 and count <= (99 if size == 1440 else 23 if size == 60 else 59):
            return Step(*(count if name in fields else 0 for name in ("days", "hours", "minutes")))
    raise ValueError(f"step is {minutes} min, expected whole minutes, hours or days")


def _write(function: Function) -> "Builder":
    def build(centre: Centre, content: Content, at: datetime, _dialect: Dialect) -> Frame:
        settings = tuple(
            Setting(_code(one["code"]), int(one.get("decimals", 0)) & 7, _octets(one["content"], MOST_CONTENT))
            for one in _list(content["settings"], MOST_ELEMENTS)
        )
        return centre.ask(function, Settings(0, at, "", settings))

    return build


def _read(function: Function) -> "Builder":
    def build(centre: Centre, content: Content, at: datetime, _dialect: Dialect) -> Frame:
        asked = tuple(
            Wanted(_code(one["code"]), _octets(one["definition"], 1)[0])
            for one in _list(content["settings"], MOST_ELEMENTS)
        )
        return centre.ask(function, Asked(0, at, asked))

    return build


def _password(centre: Centre, content: Content, at: datetime, _dialect: Dialect) -> Frame:
    if not re.fullmatch(r"[0-9A-Fa-f]{4}", content["password"]):
        raise ValueError("a password has four hexadecimal digits")
    return centre.change_password(int(content["password"], 16), at=at)


def _switch(function: Function) -> "Builder":
    def build(centre: Centre, content: Content, at: datetime, _dialect: Dialect) -> Frame:
        states = tuple(bool(one) for one in _list(content["states"], MOST_STATES))
        openings = tuple(int(one) for one in content["openings"]) if function is Function.GATES else ()
        if function is Function.GATES and (
            len(openings) != len(states) or not all(0 <= one <= 0xFFFF for one in openings)
        ):
            raise ValueError("each gate has its opening")
        return centre.ask(function, Switched(0, at, "", states, openings))

    return build


def _card(centre: Centre, content: Content, at: datetime, _dialect: Dialect) -> Frame:
    word = StatusWord(int(Status.IC_CARD_ON) if content["is_on"] else 0)
    return centre.ask(Function.IC_CARD, Report(0, at, (word,)))


def _quota(centre: Centre, content: Content, at: datetime, _dialect: Dialect) -> Frame:
    return centre.ask(Function.QUOTA, Quota(0, at, "", bool(content["is_on"])))


Builder = Callable[[Centre, Content, datetime, Dialect], Frame]
_BUILDERS: Mapping[int, Builder] = {
    Function.ASK_ELEMENTS: _elements,
    Function.ASK_PERIOD: _period,
    Function.WRITE_BASE: _write(Function.WRITE_BASE),
    Function.WRITE_RUN: _write(Function.WRITE_RUN),
    Function.READ_BASE: _read(Function.READ_BASE),
    Function.READ_RUN: _read(Function.READ_RUN),
    Function.CLEAR_STORE: lambda centre, _content, at, _dialect: centre.clear_store(at=at),
    Function.FACTORY_RESET: lambda centre, _content, at, _dialect: centre.reset(at=at),
    Function.PASSWORD: _password,
    Function.PUMPS: _switch(Function.PUMPS),
    Function.VALVES: _switch(Function.VALVES),
    Function.GATES: _switch(Function.GATES),
    Function.IC_CARD: _card,
    Function.QUOTA: _quota,
}


def _list(content: object, most: int) -> Sequence[Any]:
    if not isinstance(content, list) or not 1 <= len(content) <= most:
        raise ValueError(f"expected a list of 1 to {most}")
    return content


def _code(text: str) -> int:
    if not re.fullmatch(r"[0-9A-Fa-f]{2}|[Ff]{2}[0-9A-Fa-f]{2}", text):
        raise ValueError("a code has two hexadecimal digits")
    return int(text, 16)


def _octets(text: str, most: int) -> bytes:
    octets = bytes.fromhex(text)
    if not 1 <= len(octets) <= most:
        raise ValueError(f"expected 1 to {most} bytes")
    return octets


def answer_of(frame: Frame) -> dict[str, Any]:
    """Return what a station answered, as JSON; times are those of the station, a new password is left out."""
    body = frame.body
    told: dict[str, Any] = {"function": f"{frame.function:02X}"}
    sent_at = getattr(body, "sent_at", None)
    if sent_at is not None:
        told["sent_at"] = sent_at.isoformat()
    if isinstance(body, Report):
        told["values"] = [
            {"element": f"{one.code:02X}", "at": one.observed_at.isoformat(), "value": one.value}
            for one in observed(frame)
        ]
    elif isinstance(body, Settings) and frame.function != Function.PASSWORD:
        told["settings"] = [
            {"code": f"{one.code:02X}", "decimals": one.decimals, "content": one.content.hex().upper()}
            for one in body.settings
        ]
    elif isinstance(body, Version):
        told["version"] = "".join(sign if sign.isprintable() else "·" for sign in body.text)
    elif isinstance(body, Switched):
        told |= {"states": list(body.states), "openings": list(body.openings)}
    elif isinstance(body, Quota):
        told["is_on"] = body.is_on
    elif isinstance(body, EventLog):
        told["counts"] = list(body.counts)
    return told
