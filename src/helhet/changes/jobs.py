"""The jobs of this room."""

from helhet.changes.rounds import change_round

__all__ = ["change_round"]
