"""Pages of the survey and of what it found."""
