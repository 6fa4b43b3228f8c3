"""The API of impact: what is hit when an item fails, or what it needs."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Schema

from helhet.estate.api.items import router
from helhet.estate.impact import DEEPEST, NAMED, impact
from helhet.estate.impact_parts import hits_of
from helhet.estate.impact_told import HitRows, beside, told
from helhet.estate.pictures import find_picture, marks_of, places_of
from helhet.items.finding import find_item
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, caller_of
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, PageOut, Table

OF_IMPACT = ("direction", "depth", "with_parts", "also", "filter", "type", "picture", "beside")


class ImpactAsked(ListAsked):
    """Which way and how far; the page of what is reached."""

    direction: Literal["dependants", "needs"] = Field(
        "dependants", description="`dependants`: what is hit; `needs`: what it needs"
    )
    depth: int | None = Field(None, ge=0, le=DEEPEST, description="The farthest layer; all the way when left out")
    with_parts: bool = Field(False, description="Whether parts share the fate of their whole")
    also: str = Field("", max_length=4_000, description="More items that fail at once: references, commas between")
    filter: str = Field("", max_length=2_000, description="Only what this filter finds, in `items`")
    type: str = Field(
        "", max_length=60, description="Only what a dependency of this type ties to the others, in `items`"
    )
    beside: bool = Field(
        True, description="Whether groups, services and loops are told too; no on further pages saves their time"
    )
    picture: str = Field("", max_length=80, description="The slug of a picture: its start fails too, its marks hold")


class HitOut(Schema):
    """An item that is reached: in which layer, through which item, and with what effect."""

    model_config = example(
        reference="SRV-3", name="Lönesystem", kind="business_service", distance=1, via="SRV-12", effect="failed",
        group="GRP-2",
    )  # fmt: skip

    reference: str
    name: str
    kind: str
    distance: int
    via: str | None
    effect: Literal["failed", "degraded"]
    group: str | None


class GroupHitOut(Schema):
    """A group among those of the items reached (null: without group), how many, and the way to the nearest of them."""

    group: str | None
    name: str | None
    count: int
    path: list[str]


class ImpactOut(PageOut[HitOut]):
    """A page of what is reached; `reached` counts all of it. Beside it the groups, the services and the loops."""

    model_config = example(
        count=1, more=False, next="", previous="", start=["SRV-12"], direction="dependants", reached=1,
        items=[{"reference": "SRV-3", "name": "Lönesystem", "kind": "business_service", "distance": 1, "via": "SRV-12",
                "effect": "failed", "group": "GRP-2"}],
        groups=[{"group": "GRP-2", "name": "Drift", "count": 1, "path": ["SRV-12", "SRV-3"]}],
        services=[], loops=[],
    )  # fmt: skip

    start: list[str]
    direction: Literal["dependants", "needs"]
    reached: int
    groups: list[GroupHitOut]
    services: list[HitOut]
    loops: list[list[str]]


HITS = Table(HitOut, "reference", {"distance": "distance", "reference": "reference", "name": "name"})


@router.get("/{path:reference}/impact", response={200: ImpactOut, **ERRORS}, summary="What is hit, or needed")
@needs(ItemPermission.VIEW)
def impact_of(request: HttpRequest, asked: Query[ImpactAsked], reference: str) -> Any:
    """What is hit when the item fails or changes, or with `direction=needs` what it needs, nearest first."""
    caller = caller_of(request)
    start = [find_item(one.strip(), caller) for one in (reference, *asked.also.split(",")) if one.strip()]
    kept = find_picture(asked.picture, caller) if asked.picture else None
    if kept is not None:
        start += [place.item for place in places_of(kept, caller) if place.is_start]
    found = impact(
        start, caller, direction=asked.direction, depth=asked.depth, with_parts=asked.with_parts,
        marks=marks_of(kept) if kept else None,
    )  # fmt: skip
    data = beside(found, whole=asked.beside)
    if asked.filter.strip() or asked.type:
        left = {row.item.pk for row, _one in hits_of(found, asked.filter, asked.type)}
        rows = told(found, [one for one in found.ordered() if one.item in left])
        return HITS.answer(request, asked, rows, *OF_IMPACT, **data)
    if found.reached <= NAMED:
        return HITS.answer(request, asked, told(found, found.ordered()), *OF_IMPACT, **data)
    return HITS.answer_made(request, asked, HitRows(found), *OF_IMPACT, **data)
