"""The API of the map: what is around items, and the pictures that are kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from helhet.estate.api.schemas import Word
from helhet.estate.impact import DEEPEST
from helhet.estate.models import Picture
from helhet.estate.permissions import EstatePermission
from helhet.estate.pictures import (
    MOST_PLACES,
    Place,
    change_picture,
    delete_picture,
    find_picture,
    mark,
    places_of,
    save_picture,
    unmark,
)
from helhet.estate.surroundings import as_data, items_named, surroundings
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example, example_of
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut
from helhet.kit.rights import Caller

map_router = Router(tags=["pictures"])
router = Router(tags=["pictures"])
Way = Literal["dependants", "needs"]
Grouping = Literal["group", "service", "criticality", "none"]


class MapAsked(Strict):
    """Where a map starts, what it shows besides, and whose neighbours come along."""

    start: str = Field(max_length=8_000, description="The items that it starts at: references, commas between")
    items: str = Field("", max_length=16_000, description="What it shows besides: references, commas between")
    open: str = Field("", max_length=8_000, description="Whose neighbours come along; the start's when nothing is said")
    direction: Literal["", "dependants", "needs"] = Field("", description="Which neighbours; both when left out")
    filter: str = Field("", max_length=2_000, description="Only neighbours that this filter finds")


class BadgeOut(Schema):
    """What goes on with an item, such as an open change."""

    model_config = example(label="CHG-3 pågår", url="/changes/CHG-3/", mark="due")

    label: str
    url: str
    mark: str


class MapItemOut(Schema):
    """An item in a map. `layer`: steps from the start, positive for what depends on it, negative for what it needs."""

    model_config = example(
        reference="SRV-3", name="Lönesystem", kind="business_service", icon="service", url="/items/SRV-3/", state="",
        criticality="kritisk", is_critical=True, group="GRP-2", group_name="Lön", service="SRV-3",
        service_name="Lönesystem", layer=1, is_start=False, needs=4, needed_by=0, more_needs=3, more_needed_by=0,
        badges=[],
    )  # fmt: skip

    reference: str
    name: str
    kind: str
    icon: str
    url: str
    state: str
    criticality: str
    is_critical: bool
    group: str | None
    group_name: str | None
    service: str | None
    service_name: str | None
    layer: int
    is_start: bool
    needs: int
    needed_by: int
    more_needs: int
    more_needed_by: int
    badges: list[BadgeOut]


LINK: dict[str, Any] = {
    "item": "SRV-3", "provider": "SRV-12", "type": "uses", "type_name": "använder", "criticality": "hard",
    "standing": "confirmed", "is_seen": True, "least": 0, "of": 0,
}  # fmt: skip


class MapLinkOut(Schema):
    """A dependency between two items of a map; of a set of providers, `least` of `of` must hold (0: no set). `standing`
    is what the other end says of it, `is_seen` whether its source still shows it.
    """

    model_config = example(**LINK)

    item: str
    provider: str
    type: str
    type_name: str
    criticality: str
    standing: str
    is_seen: bool
    least: int
    of: int


class MapOut(Schema):
    """A map: at most `most` items, the dependencies between them, and how many neighbours did not come along."""

    model_config = example(
        items=[example_of(MapItemOut)],
        links=[LINK],
        left_out=0, most=500,
    )  # fmt: skip

    items: list[MapItemOut]
    links: list[MapLinkOut]
    left_out: int
    most: int


@map_router.get("", response={200: MapOut, **ERRORS}, summary="What is around items")
@needs(ItemPermission.VIEW)
def the_map(request: HttpRequest, asked: Query[MapAsked]) -> Any:
    """The start and its neighbours, 40 more for each item that is opened, the most critical first."""
    only_known(request, *MapAsked.model_fields)
    caller = caller_of(request)
    start, opened = _named(asked.start, caller), _named(asked.open, caller)
    wanted = [one for word in asked.items.split(",") if (one := word.strip())]
    shown = items_named(wanted, caller)
    if len(shown) < len(set(wanted)):
        shown = _named(asked.items, caller)
    if not opened and not shown:
        opened = start
    return as_data(surroundings(caller, start, shown, opened=opened, direction=asked.direction, text=asked.filter))


class PlaceIn(Strict):
    """An item in a picture; without x and y the map finds a place for it."""

    model_config = example(item="SRV-12", x=120, y=40)

    item: Word
    x: float | None = None
    y: float | None = None


class PictureIn(Strict):
    """A picture that is to be kept: where it starts, what stands in it besides, and how it is looked at."""

    model_config = example(
        name="Kring lönen", start=["SRV-3"], places=[{"item": "SRV-12", "x": 240, "y": 0}], grouping="group",
        direction="needs", is_shared=True,
    )  # fmt: skip

    name: str
    start: list[Word] = Field(min_length=1, max_length=MOST_PLACES)
    places: list[PlaceIn] = Field([], max_length=MOST_PLACES)
    direction: Way = "dependants"
    depth: int | None = Field(None, ge=0, le=DEEPEST)
    with_parts: bool = False
    grouping: Grouping = "group"
    filter: str = ""
    closed: list[Word] = Field([], max_length=MOST_PLACES)
    is_shared: bool = False


class PictureChange(Strict):
    """What is to be altered of a picture. `start` and `places` are given together, and are then all that stands."""

    model_config = example(grouping="service")

    name: str | None = None
    start: list[Word] | None = Field(None, min_length=1, max_length=MOST_PLACES)
    places: list[PlaceIn] | None = Field(None, max_length=MOST_PLACES)
    direction: Way | None = None
    depth: int | None = Field(None, ge=0, le=DEEPEST)
    with_parts: bool | None = None
    grouping: Grouping | None = None
    filter: str | None = None
    closed: list[Word] | None = Field(None, max_length=MOST_PLACES)
    is_shared: bool | None = None


class PlaceOut(Schema):
    """An item in a picture, and where it stands."""

    model_config = example(item="SRV-12", is_start=False, x=240.0, y=0.0)

    item: str
    is_start: bool
    x: float | None
    y: float | None


class MarkIn(Strict):
    """What somebody knows better than the dependencies: the item is also hit, or is not, and why."""

    model_config = example(is_hit=False, reason="Har egen reservkraft sedan i våras")

    is_hit: bool
    reason: str


class MarkOut(Schema):
    """A mark in a picture."""

    model_config = example(item="SRV-12", is_hit=False, reason="Har egen reservkraft sedan i våras", by="Siv Ek")

    item: str
    is_hit: bool
    reason: str
    by: str


class PictureOut(Schema):
    """A picture that is kept, known by its slug."""

    model_config = example(
        slug="kring-lonen", name="Kring lönen", is_shared=True, direction="needs", depth=None, with_parts=False,
        grouping="group", filter="", closed=[], by="Siv Ek", version=1,
        places=[{"item": "SRV-3", "is_start": True, "x": 0.0, "y": 0.0}], marks=[],
    )  # fmt: skip

    slug: str
    name: str
    is_shared: bool
    direction: Way
    depth: int | None
    with_parts: bool
    grouping: Grouping
    filter: str
    closed: list[str]
    by: str
    version: int
    places: list[PlaceOut]
    marks: list[MarkOut]


FIELDS = ("slug", "name", "is_shared", "direction", "depth", "with_parts", "grouping", "filter", "closed", "version")


@router.get("", response={200: PageOut[PictureOut], **ERRORS}, summary="List pictures")
@needs(ItemPermission.VIEW)
def all_pictures(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """One's own and the shared, by name."""
    caller = caller_of(request)
    listing: Listing[Picture] = Listing(PictureOut, {"name": "name", "slug": "slug"}, lambda one: _as_data(one, caller))
    return listing.answer(request, asked, Picture.objects.visible_to(caller).select_related("user"))


@router.post("", response={201: PictureOut, **ERRORS}, summary="Keep a picture")
@needs(EstatePermission.PICTURE_SAVE, EstatePermission.PICTURE_SHARE, any_group=True)
def add_picture(request: HttpRequest, response: HttpResponse, data: PictureIn) -> Status[dict[str, Any]]:
    """The slug is made from the name."""
    caller = caller_of(request)
    fields = data.dict(exclude={"start", "places"})
    made = save_picture(by=caller, places=_places(data.start, data.places, caller), **fields)
    return Status(201, _told(response, made, caller))


@router.get("/{slug}", response={200: PictureOut, **ERRORS}, summary="Read a picture")
@needs(ItemPermission.VIEW)
def picture(request: HttpRequest, response: HttpResponse, slug: str) -> dict[str, Any]:
    """By its slug."""
    only_known(request)
    caller = caller_of(request)
    return _told(response, find_picture(slug, caller), caller)


@router.patch("/{slug}", response={200: PictureOut, **WRITE_ERRORS}, summary="Change a picture")
@needs(EstatePermission.PICTURE_SAVE, EstatePermission.PICTURE_SHARE, any_group=True)
def patch_picture(request: HttpRequest, response: HttpResponse, slug: str, data: PictureChange) -> dict[str, Any]:
    """One's own, or a shared one as coordinator. Needs If-Match."""
    caller = caller_of(request)
    fields = data.dict(exclude_unset=True, exclude={"start", "places"})
    wanted = {name: value for name, value in fields.items() if value is not None or name == "depth"}
    if data.start is not None or data.places is not None:
        kept = [place.item.reference for place in places_of(find_picture(slug, caller), caller) if place.is_start]
        wanted["places"] = _places(data.start or kept, data.places or [], caller)
    return _told(response, change_picture(slug, by=caller, version=version_asked(request), **wanted), caller)


@router.delete("/{slug}", response={204: None, **WRITE_ERRORS}, summary="Delete a picture")
@needs(EstatePermission.PICTURE_SAVE)
def drop_picture(request: HttpRequest, slug: str) -> Status[None]:
    """One's own, or a shared one as coordinator. Needs If-Match."""
    only_known(request)
    delete_picture(slug, by=caller_of(request), version=version_asked(request))
    return Status(204, None)


@router.put("/{slug}/marks/{path:reference}", response={200: PictureOut, **WRITE_ERRORS}, summary="Mark an item")
@needs(EstatePermission.PICTURE_SAVE)
def put_mark(
    request: HttpRequest, response: HttpResponse, slug: str, reference: str, data: MarkIn
) -> dict[str, Any]:  # fmt: skip
    """The item is also hit, or is not, in the impact that this picture shows. Needs If-Match."""
    caller = caller_of(request)
    item = find_item(reference, caller)
    marked = mark(slug, item, by=caller, version=version_asked(request), is_hit=data.is_hit, reason=data.reason)
    return _told(response, marked, caller)


@router.delete("/{slug}/marks/{path:reference}", response={200: PictureOut, **WRITE_ERRORS}, summary="Take a mark away")
@needs(EstatePermission.PICTURE_SAVE)
def drop_mark(request: HttpRequest, response: HttpResponse, slug: str, reference: str) -> dict[str, Any]:
    """What the dependencies say counts again. Needs If-Match."""
    only_known(request)
    caller = caller_of(request)
    return _told(
        response, unmark(slug, find_item(reference, caller), by=caller, version=version_asked(request)), caller
    )


def _named(text: str, caller: Caller) -> list[Item]:
    return [find_item(one, caller) for word in text.split(",") if (one := word.strip())]


def _places(start: Sequence[str], places: Sequence[PlaceIn], caller: Caller) -> list[Place]:
    found = {item.pk: Place(item, is_start=True) for one in start for item in [find_item(one, caller)]}
    for place in places:
        item = find_item(place.item, caller)
        found[item.pk] = Place(item, item.pk in found and found[item.pk].is_start, place.x, place.y)
    return list(found.values())


def _told(response: HttpResponse, found: Picture, caller: Caller) -> dict[str, Any]:
    etag(response, found.version)
    return _as_data(found, caller)


def _as_data(found: Picture, caller: Caller) -> dict[str, Any]:
    marks = found.marks.select_related("item", "user").order_by("id")
    return {
        **{name: getattr(found, name) for name in FIELDS},
        "by": str(found.user),
        "places": [
            {"item": place.item.reference, "is_start": place.is_start, "x": place.x, "y": place.y}
            for place in places_of(found, caller)
        ],
        "marks": [
            {"item": one.item.reference, "is_hit": one.is_hit, "reason": one.reason, "by": str(one.user or "")}
            for one in marks
        ],
    }  # fmt: skip
