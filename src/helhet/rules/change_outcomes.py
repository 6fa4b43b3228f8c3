"""How changes went: how many, how long they took, and how many were taken back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Ended:
    """One closed change that was carried out. `outcome` is done, faults, failed or reverted; `lead` and `working` are
    seconds from submission to end, None when not known, below 0 when the times contradict each other. `month` is the
    one in which it ended, such as 2026-03. `takes_back` says that it reverts another, `is_undone` that it was reverted
    itself and nobody reverted that.
    """

    outcome: str
    lead: float | None
    working: float | None
    month: str
    takes_back: bool
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some changes. `good` are done without faults and not undone; `failed` failed, or were reverted by their own
    outcome; `undone` are those that another change took back for good. Lead times are in seconds, of those changes
    whose end comes after their submission; `contradictory` are those whose end comes before it.
    """

    count: int
    good: int
    faults: int
    failed: int
    undone: int
    reverts: int
    lead_median: float | None
    lead_p90: float | None
    working_median: float | None
    working_p90: float | None
    contradictory: int

    @property
    def success(self) -> float | None:
        """The share that went well; None of nothing."""
        return self.good / self.count if self.count else None

    @property
    def revert_share(self) -> float | None:
        """The share that takes another back; None of nothing."""
        return self.reverts / self.count if self.count else None

    @property
    def undone_share(self) -> float | None:
        """The share that was taken back for good; None of nothing."""
        return self.undone / self.count if self.count else None


def figures(changes: Iterable[Ended]) -> Figures:
    """Count, and take the middle of the lead times."""
    listed = list(changes)
    undone = [one for one in listed if one.is_undone]
    standing = [one for one in listed if not one.is_undone]
    leads = sorted(one.lead for one in listed if one.lead is not None and one.lead >= 0)
    working = sorted(
        one.working for one in listed if one.lead is not None and one.lead >= 0 and one.working is not None
    )
    return Figures(
        count=len(listed),
        good=sum(one.outcome == "done" for one in standing),
        faults=sum(one.outcome == "faults" for one in standing),
        failed=sum(one.outcome in {"failed", "reverted"} for one in standing),
        undone=len(undone),
        reverts=sum(one.takes_back for one in listed),
        lead_median=ranked(leads, 0.5),
        lead_p90=ranked(leads, 0.9),
        working_median=ranked(working, 0.5),
        working_p90=ranked(working, 0.9),
        contradictory=sum(one.lead is not None and one.lead < 0 for one in listed),
    )


def ranked(values: Sequence[float], share: float) -> float | None:
    """The least of these rising values that at least such a share of them does not exceed (nearest rank)."""
    return values[max(0, ceil(share * len(values)) - 1)] if values else None


def undone_by(reverts: Mapping[int, int]) -> set[int]:
    """Of changes, each with the one that it takes back, those that are undone in the end.

    A change stands unless a change that stands takes it back; so one whose revert was itself reverted stands again.
    Where changes take each other back in a circle, which only a mistake can say, the circle counts for nothing.
    """
    waiting: dict[int, int] = {}
    for target in reverts.values():
        waiting[target] = waiting.get(target, 0) + 1
    ready = deque(one for one in reverts if one not in waiting)
    undone: set[int] = set()
    while ready:
        one = ready.popleft()
        if one not in reverts:
            continue
        target = reverts[one]
        if one not in undone:
            undone.add(target)
        waiting[target] -= 1
        if not waiting[target]:
            ready.append(target)
    return undone
