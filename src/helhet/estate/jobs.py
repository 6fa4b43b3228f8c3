"""The jobs of this room, in one place where every worker finds them."""

from helhet.estate.bulk import apply_bulk
from helhet.estate.graph.building import build_if_due
from helhet.estate.weak import look_if_due

__all__ = ["apply_bulk", "build_if_due", "look_if_due"]
