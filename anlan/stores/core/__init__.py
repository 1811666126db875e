"""Reserve points and shelters as plain values."""
