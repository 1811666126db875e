"""A rule book as JSON content and back; reading checks everything that evaluation relies on."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any, TypeVar

import yaml

from anlan.kernel.refusal import Refusal
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rules import Colour, Kind, Limits, Rule, RuleBook, Season, Side

Content = dict[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)
_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_FIELDS = {field.name for field in fields(Rule)}
_SEASON = {field.name for field in fields(Season)}
_NEEDED = {"key", "name_zh", "name_en", "kind", "quantity"}


class BadRules(Refusal):
    """The content is no rule book."""


def book_content(book: RuleBook) -> Content:
    """Return the book as JSON content: the same for the same book."""
    return {"rules": [_rule_content(rule) for rule in book.rules]}


def book_from_content(content: Mapping[str, Any]) -> RuleBook:
    """Return the book that the content describes.

    Raises:
        BadRules: a field is missing, unknown or of the wrong kind; a key stands twice; limits go the wrong way.
    """
    if not isinstance(content, Mapping) or not isinstance(content.get("rules"), list | tuple):
        raise BadRules("A rule book is a list of rules")
    rules = tuple(rule_from_content(each) for each in content["rules"])
    for key, count in Counter(rule.key for rule in rules).items():
        if count > 1:
            raise BadRules("The rule %(rule)s stands twice", rule=key)
    return RuleBook(rules)


def rule_from_content(content: Mapping[str, Any]) -> Rule:
    """Return the rule that the content describes; `book_from_content` tells what is refused."""
    if not isinstance(content, Mapping):
        raise BadRules("A rule is a mapping of fields")
    key = str(content.get("key", ""))
    for name in sorted(_NEEDED - {name for name, value in content.items() if value}):
        raise BadRules("Rule %(rule)s has no %(field)s", rule=key, field=name)
    for name in sorted(set(content) - _FIELDS):
        raise BadRules("Rule %(rule)s has the field %(field)s, which is not known", rule=key, field=name)
    rule = Rule(**{"limits": {}, **{name: _read(key, name, value) for name, value in content.items()}})
    _check(rule)
    return rule


@cache
def default_rules() -> RuleBook:
    """Return the project's own rules, which every county replaces by its own.

    >>> default_rules().of("rain").limits_at("any", 0.0)[Colour.RED]
    80.0
    """
    text = (files("anlan.telemetry") / "data" / "default_rules.yaml").read_text(encoding="utf-8")
    return book_from_content(yaml.safe_load(text))


def _rule_content(rule: Rule) -> Content:
    content = asdict(rule)
    content["limits"] = _limits_content(rule.limits)
    content["least_sensors"] = _limits_content(rule.least_sensors)
    content["station_limits"] = {code: _limits_content(each) for code, each in rule.station_limits.items()}
    content["seasons"] = [{**asdict(each), "limits": _limits_content(each.limits)} for each in rule.seasons]
    return content


def _limits_content(limits: Mapping[Colour, float]) -> dict[str, float]:
    return {colour.name.lower(): value for colour, value in sorted(limits.items())}


def _read(rule: str, name: str, value: Any) -> Any:
    reader = _READERS.get(name)
    return _text(rule, name, value) if reader is None else reader(rule, name, value)


def _text(rule: str, name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadRules("Rule %(rule)s: %(field)s is %(found)s, expected text", rule=rule, field=name, found=str(value))
    return value


def _number(rule: str, name: str, value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not isfinite(value):
        raise BadRules(
            "Rule %(rule)s: %(field)s is %(found)s, expected a number", rule=rule, field=name, found=str(value)
        )
    return float(value)


def _amount(rule: str, name: str, value: Any) -> float:
    number = _number(rule, name, value)
    if number < 0:
        raise BadRules("Rule %(rule)s: %(field)s is %(found)s, expected 0 or more", rule=rule, field=name, found=number)
    return number


def _count(rule: str, name: str, value: Any) -> int:
    number = _number(rule, name, value)
    if number < 1 or number != int(number):
        raise BadRules(
            "Rule %(rule)s: %(field)s is %(found)s, expected a whole number from 1 on",
            rule=rule,
            field=name,
            found=str(value),
        )
    return int(number)


def _yes_no(rule: str, name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadRules(
            "Rule %(rule)s: %(field)s is %(found)s, expected yes or no", rule=rule, field=name, found=str(value)
        )
    return value


def _choice(choices: type[Choice]) -> Callable[[str, str, Any], Choice]:
    def read(rule: str, name: str, value: Any) -> Choice:
        if value not in list(choices):
            raise BadRules(
                "Rule %(rule)s: %(field)s is %(found)s, expected one of %(expected)s",
                rule=rule,
                field=name,
                found=str(value),
                expected=", ".join(choices),
            )
        return choices(value)

    return read


def _by_colour(read: Callable[[str, str, Any], Any]) -> Callable[[str, str, Any], dict[Colour, Any]]:
    names = {colour.name.lower(): colour for colour in Colour}

    def read_all(rule: str, name: str, value: Any) -> dict[Colour, Any]:
        if not isinstance(value, Mapping) or not set(value) <= set(names):
            raise BadRules(
                "Rule %(rule)s: %(field)s is %(found)s, expected numbers by blue, yellow, orange, red",
                rule=rule,
                field=name,
                found=str(value),
            )
        return {names[colour]: read(rule, f"{name} {colour}", each) for colour, each in value.items()}

    return read_all


_limits = _by_colour(_number)


def _station_limits(rule: str, name: str, value: Any) -> dict[str, Limits]:
    if not isinstance(value, Mapping):
        raise BadRules("Rule %(rule)s: limits of stations are a mapping by station code", rule=rule)
    return {str(code): _limits(rule, f"{name} {code}", each) for code, each in value.items()}


def _seasons(rule: str, name: str, value: Any) -> tuple[Season, ...]:
    shape = {"starts_on", "ends_on", "limits"}
    if not isinstance(value, list | tuple) or any(
        not isinstance(each, Mapping) or set(each) != shape for each in value
    ):
        raise BadRules("Rule %(rule)s: a season has its first day, its last day and its limits", rule=rule)
    for day in (each[side] for each in value for side in ("starts_on", "ends_on")):
        if not _DAY.fullmatch(str(day)):
            raise BadRules("Rule %(rule)s: %(found)s is no day such as 05-01", rule=rule, found=str(day))
    return tuple(
        Season(str(each["starts_on"]), str(each["ends_on"]), _limits(rule, name, each["limits"])) for each in value
    )


def _check(rule: Rule) -> None:
    every = (rule.limits, *(each.limits for each in rule.seasons), *rule.station_limits.values())
    for limits in every:
        ordered = [rule.sign * limits[colour] for colour in sorted(limits)]
        if ordered != sorted(ordered):
            raise BadRules(
                "Rule %(rule)s: a graver colour has the nearer limit among %(found)s",
                rule=rule.key,
                found=str(_limits_content(limits)),
            )
    if rule.times > 1 and rule.within_s <= 0:
        raise BadRules("Rule %(rule)s asks for repetition and does not say within what time", rule=rule.key)


_READERS: Mapping[str, Callable[[str, str, Any], Any]] = {
    "kind": _choice(Kind),
    "quantity": _choice(Quantity),
    "side": _choice(Side),
    "limits": _limits,
    "station_limits": _station_limits,
    "seasons": _seasons,
    "least_sensors": _by_colour(_count),
    "lasts_s": _amount,
    "within_s": _amount,
    "margin_share": _amount,
    "margin": _amount,
    "rest_s": _amount,
    "times": _count,
    "is_on": _yes_no,
}
