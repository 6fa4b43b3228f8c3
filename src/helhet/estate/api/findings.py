"""The API of findings of dependencies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from helhet.estate.api.schemas_dependencies import EndOut
from helhet.estate.link_findings import Asked, finding_data, findings, group_asked, page_of, total
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, caller_of, only_known
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs

dependencies_router = Router(tags=["dependencies"])
OF_FINDINGS = ("sort", "source", "group", "first", "limit")


class LinkFindingOut(Schema):
    """A finding of a dependency: which, what is wrong, and the next step."""

    model_config = example(
        id="loop-17", sort="loop", type="körs på", source="cmdb", row="", group="GRP-2", url="/items/SRV-3/",
        message="Ändarna beror av varandra.", todo="Säg vad ett avbrott verkligen gör",
        **{"from": {"reference": "SRV-3", "name": "Lönesystem"}, "to": {"reference": None, "name": "okänd01"}},
    )  # fmt: skip

    id: str
    sort: str
    from_: EndOut = Field(alias="from")
    to: EndOut
    type: str
    source: str | None
    row: str
    group: str | None
    message: str
    todo: str
    url: str


class FindingsOut(Schema):
    """Findings from the place `first` on; `count` is how many match, `counts` how many of each sort there are."""

    model_config = example(count=1, counts={"loop": 1}, items=[])

    count: int
    counts: dict[str, int]
    items: list[LinkFindingOut]


class FindingsAsked(Schema):
    """Which of them, and the part of the list."""

    sort: str = Field("", max_length=40, description="`unknown_end`, `self_link`, `loop`, `pair`...; all when empty")
    source: str = Field("", max_length=60, description="Of one source, by name")
    group: str = Field("", max_length=100, description="Whose items: a group's reference, or `none`")
    first: int = Field(0, ge=0, le=10_000_000, description="The place of the first one")
    limit: int = Field(50, ge=1, le=200)


@dependencies_router.get(
    "/findings", response={200: FindingsOut, **ERRORS}, by_alias=True, summary="List findings of dependencies"
)
@needs(ItemPermission.VIEW)
def link_findings(request: HttpRequest, asked: Query[FindingsAsked]) -> Any:
    """What does not hold together, sort by sort."""
    only_known(request, *OF_FINDINGS)
    caller = caller_of(request)
    wanted = Asked(asked.sort, asked.source, group_asked(asked.group, caller))
    found = findings(wanted, caller)
    lines = page_of(found, wanted, asked.first, asked.limit)
    counts = {one.sort: one.count for one in found}
    return {"count": total(found, asked.sort), "counts": counts, "items": [finding_data(line) for line in lines]}
