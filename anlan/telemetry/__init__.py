"""Sensors: stations, the protocols they speak, and what they measured.

Owns the way from the bytes on the wire to a value with its time and its unit.
"""
