"""The jobs of this room, in one place where every worker finds them."""

from helhet.estate.bulk import apply_bulk

__all__ = ["apply_bulk"]
