"""What was just found out and is good for some seconds: kept in this process, bounded."""

import time
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Brief(Generic[K, V]):
    """Values by key, each for as long as it was put for.

    Args:
        most: values kept; beyond them what has run out goes, and nothing more is taken until there is room.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> V | None:
        """Return the value, None where there is none or it has run out."""
        until, value = self._kept.get(key, (0.0, None))
        return value if time.monotonic() < until else None

    def put(self, key: K, value: V, seconds: float) -> None:
        """Keep a value for so long."""
        now = time.monotonic()
        if len(self._kept) >= self._most:
            self._kept = {key: each for key, each in tuple(self._kept.items()) if now < each[0]}
        if len(self._kept) < self._most:
            self._kept[key] = (now + seconds, value)

    def clear(self) -> None:
        """Forget everything."""
        self._kept = {}
