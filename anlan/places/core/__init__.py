"""Facts of divisions, reading files of them, and what becomes of them when they are merged or split."""
