"""What the one map asks of the contexts below it."""

from anlan.onemap.queries.pictures import map_settings

__all__ = ["map_settings"]
