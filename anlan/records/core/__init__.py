"""What a panel belongs to, and which files are taken."""
