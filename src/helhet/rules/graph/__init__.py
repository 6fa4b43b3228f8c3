"""The walk of `rules.reach` over arrays: the same answers, for estates of millions of items."""

from helhet.rules.graph.arrays import NO_SETS, Arrays, Columns, Links, Sets, build
from helhet.rules.graph.found import Found
from helhet.rules.graph.laid import Graph
from helhet.rules.graph.overlay import Fact, Overlay, SetFact, lay_over
from helhet.rules.graph.strong import strong_sets
from helhet.rules.graph.walk import hit_by, needs_of, steps_down
from helhet.rules.graph.weak import Weak, cut_places, weak_points

__all__ = [
    "NO_SETS",
    "Arrays",
    "Columns",
    "Fact",
    "Found",
    "Graph",
    "Links",
    "Overlay",
    "SetFact",
    "Sets",
    "Weak",
    "build",
    "cut_places",
    "hit_by",
    "lay_over",
    "needs_of",
    "steps_down",
    "strong_sets",
    "weak_points",
]
