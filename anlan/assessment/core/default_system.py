"""The default indicator system, read from the project's own files in `assessment/data`."""

import csv
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from anlan.assessment.core.system_content import system_from_content
from anlan.assessment.core.values import System

_NUMBERS = ("target", "weight", "unit_price_fen", "lead_days")


@cache
def default_system() -> System:
    """Return the 60 default leaves with their weights, targets, example prices, factors and rules.

    Source: docs/methods/default-system.md.

    >>> system = default_system()
    >>> len(system.leaves), sum(system.dimension_weights.values())
    (60, 1.0)
    """
    folder = files("anlan.assessment") / "data"
    content: dict[str, Any] = yaml.safe_load((folder / "default_system.yaml").read_text(encoding="utf-8"))
    rows = csv.DictReader((folder / "default_leaves.csv").read_text(encoding="utf-8").splitlines())
    content["leaves"] = [_leaf_content(row) for row in rows]
    content["dimension_comparisons"] = [
        [float(Fraction(cell)) for cell in row] for row in content["dimension_comparisons"]
    ]
    return system_from_content(content)


def _leaf_content(row: dict[str, str]) -> dict[str, Any]:
    numbers = {name: float(row[name]) for name in _NUMBERS}
    return {**row, **numbers, "maximum": float(row["maximum"]) if row["maximum"] else None}
