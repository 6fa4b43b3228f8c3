"""The graph of the estate in arrays: kept as a file that all processes map, with what changed since laid over it."""

from helhet.estate.graph import files
from helhet.estate.graph.building import build_graph, build_if_due
from helhet.estate.graph.current import current

__all__ = ["build_graph", "build_if_due", "current", "files"]
