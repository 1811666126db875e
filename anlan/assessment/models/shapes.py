"""Divisions are read without their shapes: those are most of a row's weight."""

SHAPES = ("boundary", "outline", "seat")
