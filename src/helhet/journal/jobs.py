"""The jobs of this room."""

from helhet.journal.sealing import seal

__all__ = ["seal"]
