"""Reading one answer as a person wrote it: the one validation of web form, workbook and phone form.

A refused entry carries the text that would have been accepted where it can be guessed, so that a
person can take it with one click; nothing is ever changed silently.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any

from anlan.assessment.core.values import Kind, Leaf
from anlan.kernel.refusal import Refusal

CLEAR = "清空"
YES = {"是", "有", "√", "✓", "y", "yes", "true", "1", "1.0"}
NO = {"否", "无", "没有", "×", "✗", "n", "no", "false", "0", "0.0"}
COUNTED = {"person", "set", "time/year"}  # units of which there is no half
SPREADSHEET_EPOCH = date(1899, 12, 30)
EARLIEST = date(1980, 1, 1)
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$")
_CHINESE_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Entered:
    """What was read: a number (booleans 0 or 1, ratios 0–1) or a day; neither means cleared."""

    value: float | None = None
    day: date | None = None


class BadEntry(Refusal):
    """The text is no answer to this leaf. `suggestion` is the text that would be, where it can be guessed."""

    def __init__(self, message: str, *, suggestion: str | None = None, **values: Any) -> None:
        super().__init__(message, **values)
        self.suggestion = suggestion


def read_entry(leaf: Leaf, raw: object, *, closes_on: date) -> Entered | None:
    """Return what was entered, None for blank (leave as it is).

    Args:
        leaf: what is asked.
        raw: text, or the number, truth or date that a spreadsheet holds.
        closes_on: the round's closing date; later days are refused.

    Raises:
        BadEntry: the text does not answer the leaf.
    """
    text = _plain(raw)
    if not text:
        return None
    if text == CLEAR:
        return Entered()
    if text.startswith("="):
        raise BadEntry("%(text)s is a formula; enter its value", text=text)
    return READERS[leaf.kind](leaf, raw, text, closes_on)


def entry_text(leaf: Leaf, entered: Entered) -> str | None:
    """Return the text that reads as the entry, None for none."""
    if entered.day:
        return entered.day.isoformat()
    if entered.value is None:
        return None
    if leaf.kind is Kind.BOOLEAN:
        return "是" if entered.value else "否"
    return f"{entered.value:.15g}"


def chinese_number(text: str) -> int | None:
    """Return the number that Chinese numerals write (十二 is 12), None when they write none."""
    total, digit = 0, 0
    if not text or any(c not in _CHINESE_DIGITS and c not in _CHINESE_UNITS for c in text):
        return None
    for character in text:
        if character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
        else:
            total += (digit or 1) * _CHINESE_UNITS[character]
            digit = 0
    return total + digit


def _plain(raw: object) -> str:
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return unicodedata.normalize("NFKC", str(raw)).strip()


def _boolean(leaf: Leaf, raw: object, text: str, closes_on: date) -> Entered:
    if text.lower() in YES:
        return Entered(value=1.0)
    if text.lower() in NO:
        return Entered(value=0.0)
    guess = "否" if text[0] in "否无没未不" else "是" if text[0] in "是有已" else None
    raise BadEntry("%(text)s is neither yes nor no", suggestion=guess, text=text)


def _as_number(text: str) -> float | None:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return None
    return number if isfinite(number) else None


def _number_inside(text: str) -> str | None:
    found = _NUMBER.findall(text)
    if len(found) == 1:
        return str(found[0]).replace(",", "")
    numeral = chinese_number(re.sub(r"[^零〇一二两三四五六七八九十百千]", "", text))
    return str(numeral) if numeral is not None and not found else None


def _number(leaf: Leaf, raw: object, text: str, closes_on: date) -> Entered:
    number = _as_number(text)
    if number is None:
        raise BadEntry("%(text)s is no number", suggestion=_number_inside(text), text=text)
    if leaf.unit in COUNTED and not number.is_integer():
        raise BadEntry("%(text)s is no whole number", suggestion=str(round(number)), text=text)
    return Entered(value=_within(leaf, number, text))


def _ratio(leaf: Leaf, raw: object, text: str, closes_on: date) -> Entered:
    percent = text.endswith("%")
    number = _as_number(text.removesuffix("%").strip())
    if number is None:
        inside = _number_inside(text)
        guess = inside and (f"{inside}%" if float(inside) > 1 else inside)
        raise BadEntry("%(text)s is no ratio; write 0.37 or 37%%", suggestion=guess, text=text)
    if percent:
        return Entered(value=_within(leaf, number / 100, text))
    top = 1.0 if leaf.maximum is None else leaf.maximum
    if number > top:
        guess = f"{text}%" if number <= 100 * top else None
        raise BadEntry(
            "%(text)s is more than %(most)g; a ratio of 37%% is written 0.37", suggestion=guess, text=text, most=top
        )
    return Entered(value=_within(leaf, number, text))


def _within(leaf: Leaf, number: float, text: str) -> float:
    top = 1.0 if leaf.maximum is None and leaf.kind is Kind.RATIO else leaf.maximum
    if leaf.minimum is not None and number < leaf.minimum:
        guess = text.lstrip("-") if number < 0 <= leaf.minimum <= -number else None
        raise BadEntry("%(text)s is less than %(least)g", suggestion=guess, text=text, least=leaf.minimum)
    if top is not None and number > top:
        raise BadEntry("%(text)s is more than %(most)g", text=text, most=top)
    return number


def _date(leaf: Leaf, raw: object, text: str, closes_on: date) -> Entered:
    day = _day(raw, text)
    if day is None:
        raise BadEntry("%(text)s is no date; write 2026-03-01", suggestion=_day_inside(text), text=text)
    if day > closes_on:
        raise BadEntry(
            "%(text)s is after the closing date %(closes)s of the round",
            text=day.isoformat(),
            closes=closes_on.isoformat(),
        )
    if day < EARLIEST:
        raise BadEntry("%(text)s is before %(earliest)s", text=day.isoformat(), earliest=EARLIEST.isoformat())
    return Entered(day=day)


def _day(raw: object, text: str) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    number = _as_number(text)
    if number is not None and 20_000 < number < 80_000:  # the day's number in a spreadsheet
        return SPREADSHEET_EPOCH + timedelta(days=int(number))
    if number is not None and re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    match = _DAY.match(text)
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def _day_inside(text: str) -> str | None:
    match = re.search(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$", text)
    try:
        return date(int(match[1]), int(match[2]), 1).isoformat() if match else None
    except ValueError:
        return None


READERS: dict[Kind, Callable[[Leaf, object, str, date], Entered]] = {
    Kind.BOOLEAN: _boolean,
    Kind.NUMBER: _number,
    Kind.RATIO: _ratio,
    Kind.DATE: _date,
}
