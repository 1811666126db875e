"""Every change of the allocation."""
