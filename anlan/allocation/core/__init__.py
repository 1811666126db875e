"""Rules and numbers of the allocation: plain Python and numpy."""
