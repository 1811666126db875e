"""The tables of the allocation."""

from anlan.allocation.models.rules import Measure, RuleKind, RuleVersion, UnitClass

__all__ = ["Measure", "RuleKind", "RuleVersion", "UnitClass"]
