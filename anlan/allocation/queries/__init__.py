"""Every read of the allocation."""
