"""A made-up country's options: what each township could be given, its cost and gain; and its provinces' money."""

import numpy as np

from anlan.allocation.core.country import Choices, Provinces

UNITS, OPTIONS, PROVINCES = 40_000, 690_000, 34
BUDGET_FEN = 60_000_000_000  # 600 million yuan
SEED = 690


def options() -> Choices:
    """Return bundles of measures of each unit: dearer ones gain more, with falling returns, and none gains for sure."""
    rng = np.random.default_rng(SEED)
    unit = np.concatenate([np.arange(UNITS), rng.integers(0, UNITS, OPTIONS - UNITS)])
    unit.sort()
    cost = np.round(rng.lognormal(12.0, 1.2, OPTIONS)).astype(np.int64) * 10  # about 16 000 yuan, up to millions
    need = rng.gamma(2.0, 0.5, UNITS)[unit]
    value = need * (1.0 - np.exp(-cost / rng.uniform(2e6, 2e7, OPTIONS))) * rng.uniform(0.5, 1.0, OPTIONS)
    return Choices(UNITS, unit.astype(np.int64), cost, value)


def provinces(choices: Choices) -> Provinces:
    """Return 34 provinces with half the money of their own, a pot with the rest, shares and floors that bind some."""
    rng = np.random.default_rng(SEED + 1)
    province = rng.choice(PROVINCES, UNITS, p=rng.dirichlet(np.full(PROVINCES, 4.0)))
    own = np.round(rng.dirichlet(np.full(PROVINCES, 2.0)) * BUDGET_FEN / 2).astype(np.int64)
    pot = BUDGET_FEN // 2
    most_gain = np.zeros(UNITS)
    np.maximum.at(most_gain, choices.unit, choices.value)
    reachable = np.bincount(province, weights=most_gain, minlength=PROVINCES)
    return Provinces(
        names=tuple(f"Province {place + 1}" for place in range(PROVINCES)),
        province_of_unit=province.astype(np.int64),
        own_fen=own,
        pot_fen=pot,
        least_fen=np.full(PROVINCES, pot // 200, dtype=np.int64),
        most_fen=np.full(PROVINCES, pot // 8, dtype=np.int64),
        least_gain=np.asarray(reachable * np.where(np.arange(PROVINCES) % 3 == 0, 0.58, 0.45), dtype=np.float64),
    )
