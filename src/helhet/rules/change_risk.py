"""The risk of a change: the highest of impact times the chance that it fails (decision 0007)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SHRINK = 10
"""So many changes of the whole's own kind are thought beside those that a part has had: few say little."""
UNKNOWN_CHANCE = 0.1
"""The chance where nothing has been carried out yet: one in ten, of two thought changes in twenty."""
UNKNOWN_WEIGHT = 20
CRITICALITY_IMPACT = {0: 2, 1: 1, 2: 2, 3: 3, 4: 4}
"""Impact of a service by its stated criticality (0: not stated); what hits no service has the impact 1."""
MEDIUM_FROM, HIGH_FROM = 0.2, 0.6
LOW, MEDIUM, HIGH = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Tried:
    """How many changes were carried out, and how many of them failed or were reverted."""

    bad: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Assessed:
    """The risk (1 to 3) with its figures: the impact (1 to 4) and the service that gives it, the chance (0 to 1) and
    the part (a key of what was given, empty: the whole) that gives it.
    """

    risk: int
    impact: int
    service: int | None
    chance: float
    part: str

    @property
    def score(self) -> float:
        """Impact times chance."""
        return self.impact * self.chance


def whole_chance(whole: Tried) -> float:
    """The chance over everything, drawn towards one in ten while little has been done."""
    return (whole.bad + UNKNOWN_CHANCE * UNKNOWN_WEIGHT) / (whole.count + UNKNOWN_WEIGHT)


def chance_of(part: Tried, whole: Tried) -> float:
    """The chance of a part, drawn towards that of the whole while the part has done little."""
    return (part.bad + whole_chance(whole) * SHRINK) / (part.count + SHRINK)


def assess(services: Iterable[tuple[int, int]], parts: Mapping[str, Tried], whole: Tried) -> Assessed:
    """`services` are (id, stated criticality 0 to 4) of all that are altered or hit; `parts` what the group and the
    kinds of its items have done. Of equals the lowest id and the first part are named.
    """
    impact, service = 1, None
    for pk, criticality in sorted(services):
        if service is None or CRITICALITY_IMPACT[criticality] > impact:
            impact, service = max(impact, CRITICALITY_IMPACT[criticality]), pk
    chance, named = whole_chance(whole), ""
    for name, tried in parts.items():
        if tried.count and (found := chance_of(tried, whole)) > chance:
            chance, named = found, name
    score = impact * chance
    risk = HIGH if score >= HIGH_FROM else MEDIUM if score >= MEDIUM_FROM else LOW
    return Assessed(risk, impact, service, chance, named)
