"""What people do with pictures that are kept: save, change, mark what they know better, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.estate.impact import DEEPEST, Direction
from helhet.estate.models import Picture, PictureItem, PictureMark
from helhet.estate.permissions import EstatePermission
from helhet.groups.actions.view import free_slug
from helhet.items.listing import ItemList
from helhet.items.models import Item, Presence
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Forbidden, Invalid, NotFound
from helhet.kit.rights import Caller, Level
from helhet.kit.versions import check_version
from helhet.rules.reach import Marks

GROUPINGS = ("group", "service", "criticality", "none")
MOST_PLACES = 500
FARTHEST = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Place:
    """An item in a picture, where it starts or merely stands; without x and y the map finds a place for it."""

    item: Item
    is_start: bool = False
    x: float | None = None
    y: float | None = None


def find_picture(slug: str, caller: Caller) -> Picture:
    """The picture with this slug. Raises NotFound also for one that the caller may not see."""
    found = Picture.objects.visible_to(caller).filter(slug=slug).select_related("user").first()
    if found is None:
        raise NotFound(_("There is no picture %(slug)s.") % {"slug": slug[:80]}, todo=_("It may have been deleted."))
    return found


@transaction.atomic
def save_picture(
    *, by: Caller, name: str, places: Sequence[Place], is_shared: bool = False, **fields: Any
) -> Picture:  # fmt: skip
    """Keep a picture under a name. `fields`: direction, depth, with_parts, grouping, filter, closed. The slug is made
    from the name, for good. Raises Invalid where no place is a start.
    """
    by.require(EstatePermission.PICTURE_SAVE)
    if by.user_id is None:
        raise Clash(_("Only somebody who signs in can keep a picture."))
    if is_shared:
        by.require(EstatePermission.PICTURE_SHARE)
    wanted = _wanted({"name": name, **fields}, by)
    slug = free_slug(wanted["name"], Picture.objects.all(), "picture")
    made = Picture.objects.create(slug=slug, user_id=by.user_id, is_shared=is_shared, **wanted)
    _place(made, places)
    record("estate.picture.saved", "picture", made.pk, by=by, after=_told(made))
    return made


@transaction.atomic
def change_picture(slug: str, *, by: Caller, version: int | None, **fields: Any) -> Picture:
    """Set the fields of `save_picture`, or where things stand (`places`, all of them), of one's own picture, or of a
    shared one as coordinator.
    """
    picture = _own(slug, by, version)
    shared, places = fields.pop("is_shared", None), fields.pop("places", None)
    if shared and not picture.is_shared:
        by.require(EstatePermission.PICTURE_SHARE)
    before = _told(picture)
    for name, value in _wanted(fields, by).items():
        setattr(picture, name, value)
    if shared is not None:
        picture.is_shared = bool(shared)
    if places is not None:
        _place(picture, places)
    after = _told(picture)
    picture.version += 1
    picture.save()
    changed = [name for name in after if before[name] != after[name]]
    record(
        "estate.picture.changed", "picture", picture.pk, by=by,
        before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
    )  # fmt: skip
    return picture


@transaction.atomic
def mark(slug: str, item: Item, *, by: Caller, version: int | None, is_hit: bool, reason: str) -> Picture:
    """Say that in this picture the item is hit too, or is not, and why; a new mark takes the place of an old one."""
    picture = _own(slug, by, version)
    reason = " ".join(reason.split())
    if not reason or len(reason) > 500:
        raise Invalid(_("A mark says why in 1 to 500 characters."), field="reason")
    if not is_hit and picture.places.filter(item=item, is_start=True).exists():
        raise Invalid(_("The picture starts at this item."), todo=_("Mark another, or start elsewhere."), field="item")
    PictureMark.objects.update_or_create(
        picture=picture, item=item, defaults={"is_hit": is_hit, "reason": reason, "user_id": by.user_id}
    )
    return _grown(picture, by, "marked", after={"item": item.reference, "is_hit": is_hit, "reason": reason})


@transaction.atomic
def unmark(slug: str, item: Item, *, by: Caller, version: int | None) -> Picture:
    """Take a mark away. Raises NotFound where there is none."""
    picture = _own(slug, by, version)
    found = PictureMark.objects.filter(picture=picture, item=item).first()
    if found is None:
        raise NotFound(_("%(item)s has no mark in this picture.") % {"item": item.reference})
    told = {"item": item.reference, "is_hit": found.is_hit, "reason": found.reason}
    found.delete()
    return _grown(picture, by, "unmarked", before=told)


@transaction.atomic
def delete_picture(slug: str, *, by: Caller, version: int | None) -> None:
    """The picture is no more; the event keeps what it was."""
    picture = _own(slug, by, version)
    record("estate.picture.deleted", "picture", picture.pk, by=by, before=_told(picture))
    picture.delete()


def places_of(picture: Picture, caller: Caller) -> list[Place]:
    """What stands in the picture and is still here, an item that was merged as what it became."""
    rows = list(picture.places.select_related("item__kind", "item__merged_into__kind").order_by("id"))
    kept: dict[int, Place] = {}
    for row in rows:
        item = row.item.merged_into if row.item.presence == Presence.MERGED and row.item.merged_into else row.item
        if item.pk not in kept or row.is_start:
            kept[item.pk] = Place(item, row.is_start, row.x, row.y)
    here = set(Item.objects.visible_to(caller).filter(pk__in=kept).values_list("pk", flat=True))
    return [place for place in kept.values() if place.item.pk in here]


def marks_of(picture: Picture) -> Marks:
    """The picture's marks, as the walk takes them."""
    rows = list(picture.marks.values_list("item_id", "is_hit"))
    return Marks(
        frozenset(item for item, is_hit in rows if is_hit), frozenset(item for item, is_hit in rows if not is_hit)
    )


def may_change(picture: Picture, caller: Caller) -> bool:
    """Whether it is the caller's own, or he may change everybody's."""
    return picture.user_id == caller.user_id or caller.level >= Level.COORDINATOR


def _own(slug: str, by: Caller, version: int | None) -> Picture:
    by.require(EstatePermission.PICTURE_SAVE)
    picture = find_picture(slug, by)
    if not may_change(picture, by):
        raise Forbidden(_("This picture is somebody else's."), todo=_("Save one of your own."))
    picture = Picture.objects.select_for_update(of=("self",)).select_related("user").get(pk=picture.pk)
    check_version(picture, version, _("The picture"))
    return picture


def _grown(picture: Picture, by: Caller, verb: str, **told: dict[str, Any]) -> Picture:
    picture.version += 1
    picture.save(update_fields=["version"])
    record(f"estate.picture.{verb}", "picture", picture.pk, by=by, before=told.get("before"), after=told.get("after"))
    return picture


def _place(picture: Picture, places: Sequence[Place]) -> None:
    once = {place.item.pk: place for place in places}
    if len(once) > MOST_PLACES:
        raise Invalid(_("A picture holds at most %(most)d items.") % {"most": MOST_PLACES}, field="places")
    if not any(place.is_start for place in once.values()):
        raise Invalid(_("A picture starts somewhere."), todo=_("Name at least one item to start at."), field="start")
    for place in once.values():
        if any(at is not None and not -FARTHEST <= at <= FARTHEST for at in (place.x, place.y)):
            raise Invalid(_("A place is outside the map."), field="places")
    PictureItem.objects.filter(picture=picture).delete()
    PictureItem.objects.bulk_create(
        PictureItem(picture=picture, item=place.item, is_start=place.is_start, x=place.x, y=place.y)
        for place in once.values()
    )


def _wanted(fields: Mapping[str, Any], by: Caller) -> dict[str, Any]:
    wanted: dict[str, Any] = dict(fields)
    if "name" in wanted:
        wanted["name"] = " ".join(str(wanted["name"]).split())
        if not 1 <= len(wanted["name"]) <= 100:
            raise Invalid(_("A picture's name has 1 to 100 characters."), field="name")
    if "direction" in wanted and wanted["direction"] not in Direction.values:
        raise Invalid(_("There is no direction %(word)s.") % {"word": wanted["direction"]}, field="direction")
    if "grouping" in wanted and wanted["grouping"] not in GROUPINGS:
        raise Invalid(_("A picture is grouped by: %(keys)s.") % {"keys": ", ".join(GROUPINGS)}, field="grouping")
    if wanted.get("depth") is not None and not 0 <= wanted["depth"] <= DEEPEST:
        raise Invalid(_("The depth is outside 0 to %(most)d.") % {"most": DEEPEST}, field="depth")
    if len(wanted.get("filter", "")) > 2_000:
        raise Invalid(_("A filter has at most 2,000 characters."), field="filter")
    ItemList(by, wanted.get("filter", ""))
    if "closed" in wanted:
        wanted["closed"] = [str(one)[:40] for one in wanted["closed"]][:MOST_PLACES]
    return wanted


def _told(picture: Picture) -> dict[str, Any]:
    names = ("name", "is_shared", "direction", "depth", "with_parts", "grouping", "filter")
    starts = picture.places.filter(is_start=True).order_by("item__prefix", "item__number").select_related("item")
    return {
        **{name: getattr(picture, name) for name in names},
        "start": [place.item.reference for place in starts], "items": picture.places.count(),
    }  # fmt: skip
