"""The API of what was seen: the lists beside what is declared, taking over, taking in, and what names mean."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Schema, UploadedFile

from helhet.estate.api.findings import dependencies_router
from helhet.estate.api.items import Number
from helhet.estate.api.schemas import Word
from helhet.estate.api.schemas_dependencies import EndOut
from helhet.estate.models import SeenName
from helhet.estate.observing import find_name, name_seen, take_observations
from helhet.estate.permissions import EstatePermission
from helhet.estate.seen import counts, pair_data, pairs, take_over, unknown_names
from helhet.items.finding import find_item
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut

OF_SEEN = ("show", "item", "first", "limit")


class SeenPairOut(Schema):
    """Two items of which one needs, or was seen to call, the other; `dependency` is its number where it is declared."""

    model_config = example(
        count=812, first_at="2026-05-01T05:00:00Z", last_at="2026-05-04T05:00:00Z", dependency=None,
        **{"from": {"reference": "SW-3", "name": "Portal"}, "to": {"reference": "SW-9", "name": "Katalog"}},
    )  # fmt: skip

    from_: EndOut = Field(alias="from")
    to: EndOut
    count: int
    first_at: dt.datetime | None
    last_at: dt.datetime | None
    dependency: int | None


class SeenPairsOut(Schema):
    """Pairs from the place `first` on; `count` is how many match, `counts` how many there are of each."""

    model_config = example(count=1, counts={"seen_only": 1, "declared_only": 0, "both": 4}, items=[])

    count: int
    counts: dict[str, int]
    items: list[SeenPairOut]


class SeenAsked(Schema):
    """Which of them, and the part of the list."""

    show: Literal["seen_only", "declared_only", "both"] = "seen_only"
    item: str = Field("", max_length=400, description="Of one item: a reference, or source:key")
    first: int = Field(0, ge=0, le=10_000_000, description="The place of the first one")
    limit: int = Field(50, ge=1, le=200)


class SeenPairIn(Strict):
    """A pair that was seen."""

    model_config = example(**{"from": "SW-3", "to": "SW-9"})

    from_: Word = Field(alias="from")
    to: Word


class TakenOverOut(Schema):
    """How many were declared."""

    model_config = example(declared=2)

    declared: int


class SeenFileIn(Schema):
    """Where the file comes from."""

    source: str = Field(max_length=60)


class ObservedOut(Schema):
    """What came of a file: edges read, new ones among them, names that are unknown."""

    model_config = example(edges=40, new=3, unknown=2)

    edges: int
    new: int
    unknown: int


class SeenNameOut(Schema):
    """A name that was seen; `item` is null as long as nobody knows it, or where it is none of ours (`outside`)."""

    model_config = example(id=4, source="tempo", name="user", item=None, outside=False, version=1)

    id: int
    source: str
    name: str
    item: str | None
    outside: bool
    version: int


class SeenNameIn(Strict):
    """The item that a name means; empty: it is none of ours."""

    model_config = example(item="SW-9")

    item: Word = ""


def _name(one: SeenName) -> dict[str, Any]:
    return {
        "id": one.pk, "source": one.source.name, "name": one.name, "outside": one.is_outside, "version": one.version,
        "item": one.item.reference if one.item else None,
    }  # fmt: skip


NAMES = Listing(SeenNameOut, {"id": "pk", "name": "name"}, _name)


@dependencies_router.get(
    "/seen", response={200: SeenPairsOut, **ERRORS}, by_alias=True, summary="List what was seen beside what is declared"
)
@needs(ItemPermission.VIEW)
def seen(request: HttpRequest, asked: Query[SeenAsked]) -> Any:
    """Seen only, declared only (between two that were both seen), or both."""
    only_known(request, *OF_SEEN)
    caller = caller_of(request)
    item = find_item(asked.item, caller) if asked.item else None
    found = pairs(asked.show, caller, first=asked.first, limit=asked.limit, item=item)
    numbers = counts(caller, item)
    return {"count": numbers[asked.show], "counts": numbers, "items": [pair_data(one) for one in found]}


@dependencies_router.post(
    "/seen", response={200: ObservedOut, **ERRORS}, summary="Take in what was seen",
    openapi_extra={"requestBody": {"content": {"multipart/form-data": {"example": {
        "source": "tempo", "file": "graph.json"}}}}},
)  # fmt: skip
@needs(EstatePermission.OBSERVE)
def observations(request: HttpRequest, given: Form[SeenFileIn], file: File[UploadedFile]) -> Any:
    """A Prometheus answer for `traces_service_graph_request_total`, the metric as text, or CSV of flows."""
    taken = take_observations(file.read(), given.source, by=caller_of(request))
    return {"edges": taken.edges, "new": taken.new, "unknown": taken.unknown}


@dependencies_router.post(
    "/seen/declare", response={200: TakenOverOut, **ERRORS}, summary="Declare what was only seen"
)  # fmt: skip
@needs(EstatePermission.DEPENDENCY_MANAGE)
def taking_over(request: HttpRequest, body: list[SeenPairIn]) -> Any:
    """Pairs of which the caller's groups have neither end, or that are declared already, are left; at most 1,000."""
    caller = caller_of(request)
    wanted = [(find_item(one.from_, caller), find_item(one.to, caller)) for one in body[:1_001]]
    return {"declared": take_over(wanted, by=caller)}


@dependencies_router.get(
    "/seen/names", response={200: PageOut[SeenNameOut], **ERRORS}, summary="List names that nobody knows"
)
@needs(ItemPermission.VIEW)
def names(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """Names in traces and flows that mean no item yet."""
    return NAMES.answer(request, asked, unknown_names(caller_of(request)).order_by())


@dependencies_router.get(
    "/seen/names/{int:name_id}", response={200: SeenNameOut, **ERRORS}, summary="Read a name that was seen"
)
@needs(ItemPermission.VIEW)
def seen_name(request: HttpRequest, response: HttpResponse, name_id: Number) -> Any:
    """With its version as ETag."""
    only_known(request)
    found = find_name(name_id, caller_of(request))
    etag(response, found.version)
    return _name(found)


@dependencies_router.put(
    "/seen/names/{int:name_id}", response={200: SeenNameOut, **WRITE_ERRORS}, summary="Say what a seen name means"
)
@needs(EstatePermission.OBSERVE)
def seen_name_said(request: HttpRequest, response: HttpResponse, name_id: Number, body: SeenNameIn) -> Any:
    """Once, and for all that comes from the source. Needs If-Match."""
    said = name_seen(name_id, body.item, by=caller_of(request), version=version_asked(request))
    etag(response, said.version)
    return _name(said)
