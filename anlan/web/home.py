"""The start page: cards that contexts register; and hooks that the shell asks, filled the same way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anlan.ground.registries import Registry
from anlan.web.http import Person


@dataclass(frozen=True, slots=True)
class HomeCard:
    """One card: its template gets what `context_for` returns; None hides the card."""

    key: str
    template: str
    context_for: Callable[[Person], dict[str, Any] | None]
    order: int = 0


@dataclass(frozen=True, slots=True)
class ShellHook:
    """A figure of the shell: `unread` notices, `closed_modules`, the `county_name`, a person's `reach` for streams."""

    key: str
    ask: Callable[[Person], Any]


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card with its values, as the start page includes it."""

    key: str
    template: str
    values: dict[str, Any]


HOME_CARDS: Registry[HomeCard] = Registry(key=lambda card: (card.order, card.key))
SHELL_HOOKS: Registry[ShellHook] = Registry(key=lambda hook: hook.key)


def ask_shell(key: str, person: Person, default: Any) -> Any:
    """Return the hook's answer, the default where no context filled it."""
    return next((hook.ask(person) for hook in SHELL_HOOKS if hook.key == key), default)


def cards_for(person: Person) -> list[ShownCard]:
    """Return the cards that have something for the person."""
    return [
        ShownCard(card.key, card.template, values)
        for card in HOME_CARDS
        if (values := card.context_for(person)) is not None
    ]
