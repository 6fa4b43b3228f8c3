"""The API of how changes went."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from helhet.changes.outcomes import as_data, outcomes
from helhet.changes.permissions import ChangePermission
from helhet.groups.finding import group_named
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs

router = Router(tags=["changes"])
MOST = 1_000
FIGURES: dict[str, Any] = {
    "count": 40, "good": 33, "faults": 3, "failed": 2, "undone": 2, "reverts": 3, "success": 0.825,
    "revert_share": 0.075, "undone_share": 0.05, "lead_median": 26.5, "lead_p90": 170.0, "working_median": 9.0,
    "working_p90": 44.5, "contradictory": 0,
}  # fmt: skip


class FiguresOut(Schema):
    """Figures of some changes. Shares are from 0 to 1, lead times in hours from submission to end (`working`: of them
    those of working time), null when nothing tells them. `reverts` take another change back, `undone` were taken back
    by one that stands itself; `contradictory` end before they were submitted, and count in no lead time.
    """

    count: int
    good: int
    faults: int
    failed: int
    undone: int
    reverts: int
    success: float | None
    revert_share: float | None
    undone_share: float | None
    lead_median: float | None
    lead_p90: float | None
    working_median: float | None
    working_p90: float | None
    contradictory: int


class PartOut(FiguresOut):
    """The figures of one group, kind, item, type or month; the key is its reference or word, empty for no group."""

    key: str
    name: str


class OutcomesOut(FiguresOut):
    """How the changes of a time went. At most 1,000 items are given, those with the most changes."""

    model_config = example(
        since="2026-01-01", until=None, **FIGURES, item_count=1, kinds=[], types=[], months=[],
        groups=[{"key": "GRP-3", "name": "Drift", **FIGURES}], items=[{"key": "SRV-12", "name": "vm-12", **FIGURES}],
    )  # fmt: skip

    since: dt.date | None
    until: dt.date | None
    item_count: int
    groups: list[PartOut]
    kinds: list[PartOut]
    types: list[PartOut]
    months: list[PartOut]
    items: list[PartOut]


@router.get("", response={200: OutcomesOut, **ERRORS}, summary="How changes went, by group, kind, item, type and month")
@needs(ChangePermission.VIEW)
def read_outcomes(
    request: HttpRequest, since: dt.date | None = None, until: dt.date | None = None, group: str = ""
) -> dict[str, Any]:
    """Changes that were closed and not cancelled, and ended from `since` to `until`, both days counted."""
    only_known(request, "since", "until", "group")
    caller = caller_of(request)
    of = group_named(group, caller) if group.strip() else None
    return as_data(outcomes(caller, since=since, until=until, group=of), MOST)
