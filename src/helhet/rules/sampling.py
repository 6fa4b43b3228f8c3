"""What a sample proves about the whole that it was drawn from."""

from __future__ import annotations

import math

CERTAIN = 1e-9
"""How seldom a sample may prove what is not so: once in a thousand million."""


def proves_more(met: int, drawn: int, population: int, limit: int) -> bool:
    """Whether more than `limit` of `population` things meet a condition, when `met` of `drawn` that were drawn at
    random, without putting back, do. False where the sample does not prove it, which says nothing against it.

    By Chernoff's bound on the tail of the hypergeometric distribution (Hoeffding 1963, theorem 1 and section 6): were
    only `limit` of all such, at least `met` among the drawn would be rarer than CERTAIN.
    """
    if population <= 0 or drawn <= 0 or limit >= population:
        return False
    usual, seen = limit / population, met / drawn
    if seen <= usual:
        return False
    surprise = seen * math.log(seen / usual) if usual else math.inf
    if seen < 1:
        surprise += (1 - seen) * math.log((1 - seen) / (1 - usual))
    return drawn * surprise > -math.log(CERTAIN)
