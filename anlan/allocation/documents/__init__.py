"""Files of the allocation."""
