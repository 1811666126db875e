"""Pages of divisions, of their changes and of files brought in."""
