"""Water level 1–6 h ahead with an interval, learnt from the station's own past and the rain above it.

Source: docs/methods/level-forecast.md.
"""
