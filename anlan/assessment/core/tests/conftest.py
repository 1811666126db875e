"""Laws are held whatever else the machine does meanwhile: no deadline for one example."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
