"""Files of the money."""
