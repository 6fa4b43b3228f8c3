"""Helhet: proves that everything in an IT environment is under a living group, and steers its upkeep."""

__version__ = "0.1.0"
