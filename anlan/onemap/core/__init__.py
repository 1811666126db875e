"""The one map's own rules, plain Python."""
