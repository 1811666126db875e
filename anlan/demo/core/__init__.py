"""The generator: pure functions from a seed to a county. No framework, no files, no clock."""
