"""Where everything is: divisions valid in time, their boundaries and facts, rivers and roads; the map's layers.

Owns the twelve-digit code as a thing with a history; other contexts point at divisions and never at codes alone.
"""
