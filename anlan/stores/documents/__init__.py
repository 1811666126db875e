"""Files of sites."""
