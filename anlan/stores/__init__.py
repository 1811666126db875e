"""Reserve points and shelters: where they stand, of what kind, how much they hold."""
