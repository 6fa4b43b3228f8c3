"""The parts of service documentation: how complete they are, which gaps weigh most, and whether they are enough to
run the service.

Completeness counts what holds: a part that is valid, or that does not apply. A part with weight 0 is left out. A part
that must be checked is written but not done, so that its share falls until somebody has looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PARTS: Final = ("description", "tasks", "levels", "orders", "changes", "support", "suppliers")
"""The keys of the seven, in their order."""
WEIGHT = 10
"""What a part counts that nobody has given a weight."""


class PartState(StrEnum):
    """How a part stands."""

    MISSING = "missing"
    DRAFT = "draft"
    VALID = "valid"
    CHECK = "check"
    NOT_APPLICABLE = "not_applicable"


DONE = frozenset({PartState.VALID, PartState.NOT_APPLICABLE})


def state_of(*, is_ruled_out: bool, is_published: bool, has_draft: bool, is_doubtful: bool, is_due: bool) -> PartState:
    """How a part stands, by what is known of it. Where it does not apply nothing else counts; a draft beside a
    published text alters nothing.
    """
    if is_ruled_out:
        return PartState.NOT_APPLICABLE
    if is_published:
        return PartState.CHECK if is_doubtful or is_due else PartState.VALID
    return PartState.DRAFT if has_draft else PartState.MISSING


@dataclass(frozen=True, slots=True)
class Share:
    """So much is done of so much, in weights."""

    done: int = 0
    whole: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.done + other.done, self.whole + other.whole)

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where nothing is counted."""
        return self.done / self.whole if self.whole else None


def share_of(states: Mapping[str, PartState], weights: Mapping[str, int]) -> Share:
    """How complete one service is: the weights of the parts that are done, of all that count."""
    counted = {part: weights.get(part, WEIGHT) for part in states}
    return Share(
        sum(weight for part, weight in counted.items() if states[part] in DONE), sum(counted.values())
    )  # fmt: skip


def shares_by_part(services: Iterable[Mapping[str, PartState]], parts: Sequence[str]) -> dict[str, Share]:
    """For each part how many services have it done, of all that have it."""
    found = dict.fromkeys(parts, Share())
    for states in services:
        for part in parts:
            if part in states:
                found[part] += Share(int(states[part] in DONE), 1)
    return found


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that is not done: how much it weighs, and the sum that gives that."""

    part: str
    state: PartState
    weight: int
    factor: int

    @property
    def size(self) -> int:
        """The part's weight times what the service's criticality counts."""
        return self.weight * self.factor


UNSET_COUNTS = 2


def factor_of(criticality: int) -> int:
    """What a criticality counts: low 1, medium 2, high 3, critical 4; not set as medium, so that nobody wins by not
    saying it.
    """
    return criticality or UNSET_COUNTS


def gaps_of(states: Mapping[str, PartState], weights: Mapping[str, int], criticality: int) -> list[Gap]:
    """What is not done in one service, heaviest first, then in the order of the parts."""
    factor = factor_of(criticality)
    found = [
        Gap(part, state, weights.get(part, WEIGHT), factor)
        for part, state in states.items()
        if state not in DONE and weights.get(part, WEIGHT)
    ]
    return sorted(found, key=lambda gap: -gap.size)


class Ready(StrEnum):
    """Whether operations can run the service from what is written."""

    YES = "yes"
    DOUBTFUL = "doubtful"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks against: `state` of a part, a `routine` that is not published, or a `contradiction`.

    `about` is the state's word, the routine's name or the contradiction's number.
    """

    sort: str
    part: str
    about: str


def readiness(
    states: Mapping[str, PartState],
    *,
    needed: Sequence[str],
    weights: Mapping[str, int],
    unpublished: Sequence[tuple[str, str]] = (),
    contradictions: Sequence[tuple[str, int]] = (),
) -> tuple[Ready, list[Reason]]:
    """Whether the service can be run from what is written, with everything that speaks against it.

    No, when a needed part is not written, when operations has contradicted it, or when a part leans on a routine that
    is not published (part, name); doubtful, when a needed part must be checked. Parts with weight 0 are not asked for.
    """
    asked = [part for part in needed if part in states and weights.get(part, WEIGHT)]
    reasons = [Reason("contradiction", part, str(number)) for part, number in contradictions]
    reasons += [
        Reason("state", part, states[part]) for part in asked if states[part] in {PartState.MISSING, PartState.DRAFT}
    ]
    reasons += [Reason("routine", part, name) for part, name in unpublished]
    no = bool(reasons)
    doubts = [Reason("state", part, states[part]) for part in asked if states[part] == PartState.CHECK]
    answer = Ready.NO if no else Ready.DOUBTFUL if doubts else Ready.YES
    return answer, reasons + doubts
