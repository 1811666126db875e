"""Pages of the allocation."""
