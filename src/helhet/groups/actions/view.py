"""What people do with saved views: save, change, share, delete."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from helhet.groups.finding import find_view
from helhet.groups.models import SavedView
from helhet.groups.permissions import GroupPermission
from helhet.items.listing import ItemList
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Forbidden, Invalid
from helhet.kit.rights import Caller, Level
from helhet.kit.versions import check_version
from helhet.rules.text import fold

COLUMNS_LIMIT = 30
LISTINGS = ("items",)
_PLAIN = str.maketrans("åäö", "aao")


@transaction.atomic
def save_view(*, by: Caller, name: str, is_shared: bool = False, **fields: Any) -> SavedView:
    """Keep a list under a name. `fields`: filter, columns, sort, listing. The slug is made from the name, for good."""
    by.require(GroupPermission.VIEW_SAVE)
    if by.user_id is None:
        raise Clash(_("Only somebody who signs in can keep a view."))
    if is_shared:
        by.require(GroupPermission.VIEW_SHARE)
    wanted = _wanted({"name": name, **fields}, by)
    slug = free_slug(wanted["name"], SavedView.objects.all(), "view")
    view = SavedView.objects.create(slug=slug, user_id=by.user_id, is_shared=is_shared, **wanted)
    record("groups.view.saved", "view", view.pk, by=by, after=_told(view))
    return view


@transaction.atomic
def change_view(slug: str, *, by: Caller, version: int | None, **fields: Any) -> SavedView:
    """Set name, filter, columns, sort or is_shared of one's own view, or of a shared one as coordinator."""
    view = _own(slug, by, version)
    shared = fields.pop("is_shared", None)
    if shared and not view.is_shared:
        by.require(GroupPermission.VIEW_SHARE)
    before = _told(view)
    for name, value in _wanted(fields, by).items():
        setattr(view, name, value)
    if shared is not None:
        view.is_shared = bool(shared)
    after = _told(view)
    if before != after:
        view.version += 1
        view.save()
        changed = [name for name in after if before[name] != after[name]]
        record(
            "groups.view.changed", "view", view.pk, by=by,
            before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
        )  # fmt: skip
    return view


@transaction.atomic
def delete_view(slug: str, *, by: Caller, version: int | None) -> None:
    """The view is no more; the event keeps what it was."""
    view = _own(slug, by, version)
    record("groups.view.deleted", "view", view.pk, by=by, before=_told(view))
    view.delete()


def _own(slug: str, by: Caller, version: int | None) -> SavedView:
    by.require(GroupPermission.VIEW_SAVE)
    view = find_view(slug, by)
    if view.user_id != by.user_id and by.level < Level.COORDINATOR:
        raise Forbidden(_("This view is somebody else's."), todo=_("Save one of your own."))
    view = SavedView.objects.select_for_update(of=("self",)).select_related("user").get(pk=view.pk)
    check_version(view, version, _("The view"))
    return view


def _wanted(fields: dict[str, Any], by: Caller) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "name":
            wanted["name"] = " ".join(str(value).split())
            if not wanted["name"] or len(wanted["name"]) > 100:
                raise Invalid(_("A view's name has 1 to 100 characters."), field="name")
        elif name == "columns":
            if not isinstance(value, list) or len(value) > COLUMNS_LIMIT:
                raise Invalid(_("Columns are a list of at most 30 names."), field="columns")
            wanted["columns"] = [str(one)[:64] for one in value]
        elif name == "listing" and value not in LISTINGS:
            raise Invalid(_("There is no list %(name)s.") % {"name": value}, field="listing")
        elif name in {"filter", "sort", "listing"}:
            wanted[name] = str(value or "")
        else:
            raise Invalid(_("A view has no field %(name)s.") % {"name": name}, field=name)
    ItemList(by, wanted.get("filter", ""), sort=wanted.get("sort") or "name")
    return wanted


def free_slug(name: str, known: QuerySet[Any], otherwise: str) -> str:
    """A slug made of the name that none of `known` has; of `otherwise` where nothing of it can stand in an address."""
    base = slugify(fold(name).translate(_PLAIN))[:70] or otherwise
    taken = set(known.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _told(view: SavedView) -> dict[str, Any]:
    names = ("name", "filter", "columns", "sort", "is_shared")
    return {name: getattr(view, name) for name in names}
