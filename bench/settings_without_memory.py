"""The settings of the site, but nothing just found out is used again: beside what caches nothing either."""

from anlan.config.settings import *  # noqa: F403

QUICK_PASS_S = TILE_STAMP_S = 0.0
