"""Long work of the allocation, a module for each kind of it; the worker finds them here."""

from anlan.allocation.tasks import pairing, siting

__all__ = ["pairing", "siting"]
