"""Anlan 安澜: survey, score, support and command for county emergency management."""

__version__ = "0.1.0"
