"""How much of the quarantine one address may fill."""

from dataclasses import dataclass

MOST_NAMES = 10_000


@dataclass(slots=True)
class _Spent:
    since: float
    amount: int = 0


class Allowance:
    """An amount for each name in each period; what is beyond is told."""

    def __init__(self, most: int, period_s: float) -> None:
        self._most, self._period_s = most, period_s
        self._spent: dict[str, _Spent] = {}

    def take(self, name: str, amount: int, now: float) -> bool:
        """Tell whether the name may still spend the amount, and note it."""
        spent = self._spent.get(name)
        if spent is None or now - spent.since > self._period_s:
            if len(self._spent) >= MOST_NAMES:
                self._spent.clear()
            spent = self._spent[name] = _Spent(now)
        spent.amount += amount
        return spent.amount <= self._most
