"""The API of items: list, read, create, change, many at once, history and group."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from helhet.estate import bulk
from helhet.estate.answering import ground_text
from helhet.estate.api.schemas import (
    AnsweringIn,
    AnswerOut,
    BulkIn,
    BulkOut,
    EventOut,
    FileAsked,
    ItemIn,
    ItemOut,
    ItemsAsked,
    TakingIn,
    Text,
)
from helhet.estate.files import SPREADSHEET, file_of
from helhet.estate.rows import FIELDS, parts_for, rows_of
from helhet.estate.selection import Selection
from helhet.groups.actions import assign, release, take
from helhet.groups.finding import find_view
from helhet.groups.models import Answer, GroundSort
from helhet.groups.permissions import GroupPermission
from helhet.items.actions import create_item, undo_change
from helhet.items.bulk import Line, Preview
from helhet.items.finding import find_item
from helhet.items.listing import ItemList
from helhet.items.models import Item
from helhet.items.permissions import ItemPermission
from helhet.journal.actions import history
from helhet.journal.models import Batch, Event
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known
from helhet.kit.api_rights import needs
from helhet.kit.errors import Invalid
from helhet.kit.paging import ListAsked, Listing, PageOut
from helhet.kit.rights import Caller

router = Router(tags=["items"])

Filter = Annotated[Text, StringConstraints(max_length=4_000)]
Number = Annotated[int, Field(ge=1, le=2**62)]


def wanted_fields(fields: str) -> frozenset[str]:
    """The names in `fields`, all when empty. Raises Invalid for one that there is not."""
    names = frozenset(name.strip() for name in fields.split(",") if name.strip())
    if unknown := sorted(names - FIELDS.keys()):
        raise Invalid(
            _("There is no field %(name)s.") % {"name": unknown[0][:60]}, where="fields",
            todo=_("Known: %(names)s.") % {"names": ", ".join(FIELDS)}, field="fields",
        )  # fmt: skip
    return names


def item_data(item: Item) -> dict[str, Any]:
    """One item with all its fields."""
    return rows_of([item])[0].as_data()


@router.get("", response={200: PageOut[ItemOut], **ERRORS}, exclude_unset=True, summary="List items")
@needs(ItemPermission.VIEW)
def items(request: HttpRequest, asked: Query[ItemsAsked]) -> Any:
    """A page of the items that match, with how many there are."""
    return items_page(request, asked)


def items_page(request: HttpRequest, asked: ItemsAsked, within: str = "") -> HttpResponse:
    """The page that is asked for, of the items that meet the filter `within` too."""
    only_known(request, *ItemsAsked.model_fields)
    listed = _listed(asked, caller_of(request), within)
    names = wanted_fields(asked.fields)
    page = listed.page(cursor=asked.cursor, size=asked.limit)
    count = listed.count()
    rows = rows_of(page.items, parts_for(names or FIELDS))
    body = {
        "count": count.number, "more": count.more, "items": [row.as_data(names) for row in rows],
        "next": page.next, "previous": page.previous,
    }  # fmt: skip
    # Written at once: the rows have the shape of PageOut, and checking that again costs more than the page.
    return HttpResponse(orjson.dumps(body), content_type="application/json")


def _listed(asked: ItemsAsked | FileAsked, caller: Caller, within: str = "") -> ItemList:
    caller.require(ItemPermission.VIEW)
    text, sort = asked.filter, asked.sort
    if asked.view:
        kept = find_view(asked.view, caller)
        text = f"({kept.filter}) {text}" if text and kept.filter else text or kept.filter
        sort = sort or kept.sort
    if within:
        text = f"({text}) {within}" if text else within
    return ItemList(caller, text, sort=sort or "name")


@router.get(
    "/file/{str:form}", response={200: None, **ERRORS}, summary="Fetch items as a file",
    openapi_extra={"responses": {200: {"description": "The file", "content": {
        **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("text/csv", SPREADSHEET)},
        "application/json": {"schema": {"type": "object", "required": ["items"], "properties": {
            "items": {"type": "array", "items": {"type": "object"}}}}}}}}},
)  # fmt: skip
@needs(ItemPermission.VIEW)
def items_file(request: HttpRequest, asked: Query[FileAsked], form: Literal["csv", "json", "xlsx"]) -> HttpResponse:
    """All that match, with every attribute, in the plain layout that an import takes back."""
    only_known(request, *FileAsked.model_fields)
    return file_of(_listed(asked, caller_of(request)), form)


@router.post("", response={201: ItemOut, **ERRORS}, summary="Create an item")
@needs(ItemPermission.CREATE, any_group=True)
def new_item(request: HttpRequest, response: HttpResponse, body: ItemIn) -> Any:
    """A new item; its group is found by the rules at once."""
    given = body.dict()
    made = create_item(by=caller_of(request), part_of=given.pop("part_of") or "", **given)
    etag(response, made.version)
    return Status(201, item_data(made))


@router.patch("", response={200: BulkOut, 202: BulkOut, **WRITE_ERRORS}, summary="Change many items")
@needs(ItemPermission.CHANGE, GroupPermission.TAKE, GroupPermission.ASSIGN, any_group=True)
def many(request: HttpRequest, body: BulkIn) -> Any:
    """The same change to all that match the filter, or to those named. Above 500 items a job does it: 202."""
    caller = caller_of(request)
    if body.filter is None and not body.references:
        raise Invalid(
            _("Say which items: by filter or by references."),
            todo=_("An empty filter means all of them."),
            field="filter",
        )
    if body.filter is not None and body.references:
        raise Invalid(_("Say which items either by filter or by references."), field="references")
    selection = Selection(tuple(body.references), body.filter or "")
    given = body.change.dict(exclude_unset=True)
    fields = {name: value for name, value in given.items() if name != "group" and value not in (None, [], {})}
    wanted = bulk.Wanted(fields, given.get("group", ""))
    if body.dry_run:
        return Status(200, preview_data(bulk.look(selection, wanted, by=caller)))
    outcome = bulk.begin(selection, wanted, by=caller, reason=body.reason)
    return Status(200 if outcome.job is None else 202, batch_data(outcome.batch))


def preview_data(preview: Preview) -> dict[str, Any]:
    """A preview in the shape of BulkOut."""

    def told(values: dict[str, Any]) -> dict[str, Any]:
        return {name: value.key if name == "kind" else value for name, value in values.items()}

    def line(one: Line) -> dict[str, Any]:
        return {
            "reference": one.item.reference, "name": one.item.name, "before": told(one.before),
            "after": told(one.after), "refusal": one.refusal,
        }  # fmt: skip

    return {
        "id": None, "state": "preview", "title": "", "total": preview.total, "examined": preview.examined,
        "changed": preview.changed, "unchanged": preview.unchanged, "refused": preview.refused,
        "items": [line(one) for one in (*preview.lines, *preview.refusals)],
    }  # fmt: skip


def batch_data(batch: Batch) -> dict[str, Any]:
    """A bulk change in the shape of BulkOut."""
    seen, changed, refused = (int(batch.counts.get(name, 0)) for name in ("seen", "changed", "refused"))
    return {
        "id": batch.pk, "state": batch.state, "title": batch.title, "total": seen, "examined": seen, "changed": changed,
        "unchanged": max(0, seen - changed - refused), "refused": refused, "items": [],
    }  # fmt: skip


@router.get("/bulk/{int:batch_id}", response={200: BulkOut, **ERRORS}, summary="Read a bulk change")
@needs(ItemPermission.VIEW)
def bulk_change(request: HttpRequest, batch_id: Number) -> Any:
    """How far a bulk change has come, and what it did."""
    only_known(request)
    return batch_data(bulk.find_batch(batch_id, caller_of(request)))


@router.post("/bulk/{int:batch_id}/undo", response={200: BulkOut, **ERRORS}, summary="Undo a bulk change")
@needs(ItemPermission.CHANGE, any_group=True)
def bulk_undo(request: HttpRequest, batch_id: Number) -> Any:
    """Set back what it did, keeping what was changed later."""
    caller = caller_of(request)
    batch = bulk.find_batch(batch_id, caller)
    bulk.undo(batch, by=caller)
    return batch_data(bulk.find_batch(batch_id, caller))


def _event(one: Event) -> dict[str, Any]:
    return {
        "id": one.pk, "at": one.at, "who": one.actor, "verb": one.verb, "before": one.before, "after": one.after,
        "reason": one.reason, "batch": one.batch_id,
    }  # fmt: skip


EVENTS = Listing(EventOut, {"-id": "pk"}, _event)


@router.get("/{path:reference}/history", response={200: PageOut[EventOut], **ERRORS}, summary="List an item's history")
@needs(ItemPermission.VIEW)
def item_history(request: HttpRequest, asked: Query[ListAsked], reference: str) -> Any:
    """Who did what to it, newest first."""
    return EVENTS.answer(request, asked, history("item", find_item(reference, caller_of(request)).pk))


def answer_data(answer: Answer) -> dict[str, Any]:
    """An answer in the shape of AnswerOut."""
    group = answer.group
    return {
        "group": {"reference": group.reference, "name": group.name} if group else None,
        "from_on": answer.from_on.isoformat(), "to_on": answer.to_on.isoformat() if answer.to_on else None,
        "ground": GroundSort(answer.ground.sort).name.lower(), "because": ground_text(answer),
        "contested": answer.is_contested,
    }  # fmt: skip


@router.post(
    "/{path:reference}/history/{int:event_id}/undo",
    response={200: ItemOut, **ERRORS},
    summary="Undo one change of an item",
)
@needs(ItemPermission.CHANGE)
def event_undo(request: HttpRequest, response: HttpResponse, reference: str, event_id: Number) -> Any:
    """Set back what one event changed, keeping what was changed later."""
    only_known(request)
    caller = caller_of(request)
    found = find_item(undo_change(reference, event_id, by=caller).reference, caller)
    etag(response, found.version)
    return item_data(found)


ANSWERS = Listing(AnswerOut, {"-from_on": "from_on"}, answer_data)


@router.get(
    "/{path:reference}/answers",
    response={200: PageOut[AnswerOut], **ERRORS},
    summary="List who has answered for an item",
)
@needs(ItemPermission.VIEW)
def item_answers(request: HttpRequest, asked: Query[ListAsked], reference: str) -> Any:
    """Which group answered from which day on, newest first, and why."""
    rows = Answer.objects.filter(item=find_item(reference, caller_of(request)))
    return ANSWERS.answer(request, asked, rows.select_related("group__item", "ground"))


@router.get("/{path:reference}/group", response={200: AnswerOut, **ERRORS}, summary="Say who answers for an item")
@needs(ItemPermission.VIEW)
def group(request: HttpRequest, reference: str, on: dt.date | None = None) -> Any:
    """The group that answers, or answered at the end of the day `on`, and why."""
    only_known(request, "on")
    item = find_item(reference, caller_of(request))
    return _answer(item, on)


def _answer(item: Item, on: dt.date | None = None) -> dict[str, Any]:
    answers = Answer.objects.filter(item=item).select_related("group__item", "ground")
    found = (answers.on(on) if on else answers.open()).order_by("-from_on", "-id").first()
    if found is None:
        start = (on or item.created_on).isoformat()
        return {"group": None, "from_on": start, "to_on": None, "ground": "none", "because": "", "contested": False}
    return answer_data(found)


@router.put("/{path:reference}/group", response={200: AnswerOut, **ERRORS}, summary="Assign an item to a group by hand")
@needs(GroupPermission.TAKE, GroupPermission.ASSIGN, any_group=True)
def new_group(request: HttpRequest, reference: str, body: AnsweringIn) -> Any:
    """Above all rules, until it is released."""
    caller: Caller = caller_of(request)
    item = find_item(reference, caller)
    assign([item.pk], body.group, by=caller, reason=body.reason)
    return _answer(item)


@router.post(
    "/{path:reference}/take", response={200: AnswerOut, **ERRORS}, summary="Take an item that nobody answers for"
)
@needs(GroupPermission.TAKE, any_group=True)
def taken(request: HttpRequest, reference: str, body: TakingIn) -> Any:
    """To a group of one's own; `group` says which when one is in several."""
    caller = caller_of(request)
    item = find_item(reference, caller)
    take(item.reference, by=caller, group=body.group, reason=body.reason)
    return _answer(item)


@router.delete(
    "/{path:reference}/group", response={200: AnswerOut, **ERRORS}, summary="Let the rules decide an item again"
)
@needs(GroupPermission.TAKE, GroupPermission.ASSIGN, any_group=True)
def released(request: HttpRequest, reference: str) -> Any:
    """Where the group was assigned by hand; else nothing happens."""
    caller = caller_of(request)
    item = find_item(reference, caller)
    release([item.pk], by=caller)
    return _answer(item)
