"""Assigning, further roles, saved views and this house's words, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status

from helhet.groups.actions import (
    add_role,
    assign,
    change_view,
    delete_view,
    end_role,
    release,
    reset_noun,
    save_view,
    set_words,
)
from helhet.groups.actions.assigning import Done
from helhet.groups.actions.words import local_names
from helhet.groups.api.shapes_groups import ReasonIn
from helhet.groups.api.shapes_tasks import VIEWS, ViewChange, ViewIn, ViewOut, view_data
from helhet.groups.finding import find_view
from helhet.groups.models import ItemRole, SavedView
from helhet.groups.permissions import GroupPermission
from helhet.items.finding import find_item
from helhet.items.listing import ItemList
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.errors import Invalid
from helhet.kit.paging import PAGE_LIMIT, ListAsked, Listing, PageOut, Table
from helhet.kit.rights import Caller
from helhet.kit.words import every_form, noun

assignments = Router(tags=["responsibility"])
roles = Router(tags=["responsibility"])
views = Router(tags=["views"])
words = Router(tags=["words"])


class AssignIn(Strict):
    """Which items (references or source:key, or a filter) are to be under which group, by hand. Without a group they go
    back to the rules.
    """

    model_config = example(items=["SRV-12", "cmdb:ci-80"], group="GRP-3", reason="Överenskommet")

    items: list[str] | None = None
    filter: str | None = None
    group: str | None = None
    reason: str = ""


class AssignOut(Schema):
    """How many were asked for, how many got another group, and the batch that they were done in."""

    model_config = example(asked=2, moved=2, batch=None)

    asked: int
    moved: int
    batch: int | None


@assignments.post("", response={200: AssignOut, **ERRORS}, summary="Assign items by hand")
@needs(GroupPermission.TAKE, GroupPermission.ASSIGN, any_group=True)
def assign_items(request: HttpRequest, data: AssignIn) -> dict[str, Any]:
    """A hand-made assignment stands above all rules until it is taken back."""
    caller = caller_of(request)
    caller.require(GroupPermission.TAKE)
    chosen = _chosen(data, caller)
    if data.group:
        done: Done = assign(chosen, data.group, by=caller, reason=data.reason)
    else:
        done = release(chosen, by=caller, reason=data.reason)
    return {"asked": done.asked, "moved": done.moved.groups, "batch": done.batch.pk if done.batch else None}


def _chosen(data: AssignIn, caller: Caller) -> ItemList | list[int]:
    if (data.items is None) == (data.filter is None):
        raise Invalid(_("Name the items, or give a filter."), field="items")
    if data.filter is not None:
        return ItemList(caller, data.filter)
    return [find_item(text, caller).pk for text in data.items or []]


class RoleIn(Strict):
    """A further role of a group for an item, such as supports."""

    model_config = example(item="SRV-12", group="GRP-5", role="supports")

    item: str
    group: str
    role: str
    reason: str = ""


class RoleOut(Schema):
    """A further role. `to_on` is empty while it holds."""

    model_config = example(id=4, item="SRV-12", group="GRP-5", role="supports", from_on="2026-01-01", to_on=None)

    id: int
    item: str
    group: str
    role: str
    from_on: dt.date
    to_on: dt.date | None


@roles.get("", response={200: PageOut[RoleOut], **ERRORS}, summary="List an item's further roles")
@needs(ItemPermission.VIEW)
def item_roles(request: HttpRequest, asked: Query[ListAsked], item: str) -> Any:
    """Of one item: those that hold, and those that did."""
    caller = caller_of(request)
    rows = ItemRole.objects.filter(item=find_item(item, caller)).select_related("group__item", "item")
    return ROLES.answer(request, asked, rows, "item")


@roles.post("", response={201: RoleOut, **ERRORS}, summary="Give a group a further role for an item")
@needs(GroupPermission.ROLE_MANAGE)
def give_role(request: HttpRequest, data: RoleIn) -> Status[dict[str, Any]]:
    """From today on."""
    return Status(
        201, _role_data(add_role(data.item, data.group, data.role, by=caller_of(request), reason=data.reason))
    )


@roles.post("/{int:role_id}/end", response={204: None, **ERRORS}, summary="End a further role of a group")
@needs(GroupPermission.ROLE_MANAGE)
def stop_role(request: HttpRequest, role_id: int, data: ReasonIn) -> Status[None]:
    """Today."""
    end_role(role_id, by=caller_of(request), reason=data.reason)
    return Status(204, None)


def _role_data(row: ItemRole) -> dict[str, Any]:
    return {
        "id": row.pk, "item": row.item.reference, "group": row.group.reference, "role": row.role,
        "from_on": row.from_on, "to_on": row.to_on,
    }  # fmt: skip


ROLES = Listing(RoleOut, {"-from_on": "from_on", "role": "role"}, _role_data)


# ---- views -----------------------------------------------------------------------------------------------------


@views.get("", response={200: PageOut[ViewOut], **ERRORS}, summary="List saved views")
@needs(ItemPermission.VIEW)
def all_views(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """One's own and the shared, by name."""
    caller = caller_of(request)
    return VIEWS.answer(request, asked, SavedView.objects.visible_to(caller).select_related("user"))


@views.post("", response={201: ViewOut, **ERRORS}, summary="Save a view")
@needs(GroupPermission.VIEW_SAVE, GroupPermission.VIEW_SHARE, any_group=True)
def add_view(request: HttpRequest, response: HttpResponse, data: ViewIn) -> Status[dict[str, Any]]:
    """The slug is made from the name."""
    return Status(201, _view(response, save_view(by=caller_of(request), **data.dict())))


@views.get("/{slug}", response={200: ViewOut, **ERRORS}, summary="Read a saved view")
@needs(ItemPermission.VIEW)
def view(request: HttpRequest, response: HttpResponse, slug: str) -> dict[str, Any]:
    """By its slug."""
    only_known(request)
    return _view(response, find_view(slug, caller_of(request)))


@views.patch("/{slug}", response={200: ViewOut, **WRITE_ERRORS}, summary="Change a saved view")
@needs(GroupPermission.VIEW_SAVE, GroupPermission.VIEW_SHARE, any_group=True)
def patch_view(request: HttpRequest, response: HttpResponse, slug: str, data: ViewChange) -> dict[str, Any]:
    """One's own, or a shared one as coordinator. Needs If-Match."""
    wanted = data.dict(exclude_none=True)
    return _view(response, change_view(slug, by=caller_of(request), version=version_asked(request), **wanted))


@views.delete("/{slug}", response={204: None, **WRITE_ERRORS}, summary="Delete a saved view")
@needs(GroupPermission.VIEW_SAVE)
def drop_view(request: HttpRequest, slug: str) -> Status[None]:
    """One's own, or a shared one as coordinator. Needs If-Match."""
    only_known(request)
    delete_view(slug, by=caller_of(request), version=version_asked(request))
    return Status(204, None)


def _view(response: HttpResponse, found: SavedView) -> dict[str, Any]:
    etag(response, found.version)
    return view_data(found)


# ---- words -----------------------------------------------------------------------------------------------------


class WordOut(Schema):
    """A word that the product prints, in one language and form. `is_own`: this house has set it.

    `id` is the three with points between.
    """

    model_config = example(
        id="sv.group.singular", language="sv", noun="group", form="singular", text="objektgrupp", is_own=True
    )

    id: str
    language: str
    noun: str
    form: str
    text: str
    is_own: bool


class WordIn(Strict):
    """A word that is to be printed; an empty text resets it."""

    model_config = example(language="sv", noun="group", form="singular", text="objektgrupp")

    language: str
    noun: str
    form: str
    text: str


def _words() -> list[dict[str, Any]]:
    own = local_names()
    return [
        {
            "id": ".".join(key), "language": key[0], "noun": key[1], "form": key[2],
            "text": own.get(key) or noun(key[1], key[2], key[0]), "is_own": key in own,
        }
        for key in every_form()
    ]  # fmt: skip


WORDS = Table(WordOut, "id", {"id": "id", "noun": "noun", "text": "text"})


@words.get("", response={200: PageOut[WordOut], **ERRORS}, summary="List the words in use")
@needs(ItemPermission.VIEW)
def all_words(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """For each noun of the glossary, each language and each form."""
    return WORDS.answer(request, asked, _words())


@words.put("", response={200: PageOut[WordOut], **ERRORS}, summary="Set this house's words")
@needs(GroupPermission.WORDS_MANAGE)
def put_words(request: HttpRequest, data: list[WordIn]) -> Any:
    """Words that are not named stay. The answer is the words that were named."""
    only_known(request)
    named = {(one.language, one.noun, one.form): one.text for one in data}
    set_words(named, by=caller_of(request))
    ids = {".".join(key) for key in named}
    asked = ListAsked(sort="", fields="", cursor="", limit=PAGE_LIMIT)
    return WORDS.answer(request, asked, [row for row in _words() if row["id"] in ids])


@words.delete("/{name}", response={204: None, **ERRORS}, summary="Reset the words for a noun")
@needs(GroupPermission.WORDS_MANAGE)
def reset_word(request: HttpRequest, name: str) -> Status[None]:
    """To what the product calls it, in both languages."""
    only_known(request)
    reset_noun(name, by=caller_of(request))
    return Status(204, None)
