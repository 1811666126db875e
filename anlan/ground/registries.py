"""Ordered registries that contexts fill in `apps.ready()`."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Things of one kind, kept in the order of a key; registering an equal thing twice keeps one."""

    def __init__(self, key: Callable[[T], int | str | tuple[int | str, ...]]) -> None:
        self._key = key
        self._entries: list[T] = []

    def register(self, *entries: T) -> None:
        """Add what is not there yet."""
        for entry in entries:
            if entry not in self._entries:
                self._entries.append(entry)
        self._entries.sort(key=self._key)

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)
