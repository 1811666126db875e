"""Roles, areas and passwords as plain values."""
