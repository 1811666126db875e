"""Long work of the allocation, a module for each kind of it; the worker finds them here."""

from anlan.allocation.tasks import pairing, plans, siting

__all__ = ["pairing", "plans", "siting"]
