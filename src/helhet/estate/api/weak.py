"""The API of weak points: what would hurt most."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from helhet.estate.permissions import EstatePermission
from helhet.estate.weak import as_data, lines, look_later, points
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, PageOut, Table

router = Router(tags=["Impact"])


class WeakAsked(ListAsked):
    """Of which sort."""

    sort_of: Literal["", "single", "cut", "understated"] = Field("", description="Only those of one sort")


class WeakOut(Schema):
    """What the failure of an item alone does. `stops` and `degrades` count services; `worst` is the highest
    criticality stated of what it stops.
    """

    model_config = example(
        reference="DB-7", name="Ekonomidatabas", kind="database", group="GRP-2", criticality="low",
        sorts=["single", "understated"], stops=3, degrades=1, reached=41, worst="high", past_redundancy=False,
    )  # fmt: skip

    reference: str
    name: str
    kind: str
    group: str | None
    criticality: str
    sorts: list[str]
    stops: int
    degrades: int
    reached: int
    worst: str
    past_redundancy: bool


class LookOut(Schema):
    """The job that looks for weak points."""

    model_config = example(job=88)

    job: int


POINTS = Table(WeakOut, "reference", {"-stops": "stops", "reached": "reached", "reference": "reference"})


@router.get("", response={200: PageOut[WeakOut], **ERRORS}, summary="List what would hurt most")
@needs(ItemPermission.VIEW)
def list_weak_points(request: HttpRequest, asked: Query[WeakAsked]) -> Any:
    """Weak points as last looked for, those that stop most services first."""
    found = lines(list(points(caller_of(request), asked.sort_of)))
    return POINTS.answer(request, asked, [as_data(line) for line in found], "sort_of")


@router.post("", response={202: LookOut, **ERRORS}, summary="Look for what would hurt most")
@needs(EstatePermission.DEPENDENCY_MANAGE, any_group=True)
def look_for_weak_points(request: HttpRequest) -> Status[dict[str, int]]:
    """Asks for a job; where nothing has happened since the last look, it finds what is known already."""
    only_known(request)
    return Status(202, {"job": look_later(by=caller_of(request)).pk})
