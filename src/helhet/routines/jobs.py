"""The jobs of this room."""

from helhet.routines.occurring import make_occurrences

__all__ = ["make_occurrences"]
