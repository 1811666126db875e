"""Long work of the allocation, a module for each kind of it; the worker finds them here."""

from anlan.allocation.tasks import siting

__all__ = ["siting"]
