"""What money may be spent on, as plain values."""
