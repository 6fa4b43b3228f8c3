"""Alterations that no change told of, for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from helhet.changes.actions.explaining import explain, find_unregistered
from helhet.changes.models import Lasting, Unregistered
from helhet.changes.permissions import ChangePermission
from helhet.changes.unregistered import of_item, visible_unregistered
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.errors import Invalid
from helhet.kit.paging import ListAsked, Listing, PageOut

router = Router(tags=["unregistered changes"])


class UnregisteredOut(Schema):
    """An import altered the item while no change of it was planned or under way. `fields` are [before, after] by name;
    `state` is open, tied, covered or dismissed.
    """

    model_config = example(
        id=7, item="SRV-12", name="vm-12", fields={"attributes.cpu": [4, 8]}, at="2026-11-20T02:00:00Z", state="open",
        change=None, words="", explained_by="", explained_at=None, version=1,
    )  # fmt: skip

    id: int
    item: str
    name: str
    fields: dict[str, list[Any]]
    at: dt.datetime
    state: str
    change: str | None
    words: str
    explained_by: str
    explained_at: dt.datetime | None
    version: int


class ExplanationIn(Strict):
    """`how`: `tie` to a change (reference), `make` one afterwards, `cover` by the task or order that `words` name, or
    `dismiss` for the reason in `words`.
    """

    model_config = example(how="tie", change="CHG-12", words="")

    how: str
    change: str = ""
    words: str = ""


def _data(row: Unregistered) -> dict[str, Any]:
    return {
        "id": row.pk, "item": row.item.reference, "name": row.item.name, "fields": row.fields, "at": row.at,
        "state": row.state, "change": row.change.reference if row.change else None, "words": row.words,
        "explained_by": row.explained_by, "explained_at": row.explained_at, "version": row.version,
    }  # fmt: skip


ALTERATIONS = Listing(UnregisteredOut, {"at": "at"}, _data)


@router.get("", response={200: PageOut[UnregisteredOut], **ERRORS}, summary="List alterations that no change told of")
@needs(ChangePermission.VIEW)
def alterations(request: HttpRequest, asked: Query[ListAsked], state: str = "", item: str = "") -> Any:
    """All, or those of one state or of one item (reference)."""
    caller = caller_of(request)
    rows = of_item(visible_unregistered(caller), item, caller)
    if state:
        if state not in Lasting.values:
            known = ", ".join(Lasting.values)
            raise Invalid(f"There is no state {state[:40]}.", where="state", todo=f"Known: {known}.")
        rows = rows.filter(state=state)
    return ALTERATIONS.answer(request, asked, rows, "state", "item")


@router.get("/{int:alteration_id}", response={200: UnregisteredOut, **ERRORS}, summary="Read an alteration")
@needs(ChangePermission.VIEW)
def alteration(request: HttpRequest, response: HttpResponse, alteration_id: int) -> dict[str, Any]:
    """By its number."""
    only_known(request)
    return _out(response, find_unregistered(alteration_id, caller_of(request)))


@router.post("/{int:alteration_id}/explanation", response={200: UnregisteredOut, **WRITE_ERRORS}, summary="Explain it")
@needs(ChangePermission.UNREGISTERED_EXPLAIN, ChangePermission.THRESHOLD_MANAGE)
def explain_alteration(
    request: HttpRequest, response: HttpResponse, alteration_id: int, data: ExplanationIn
) -> dict[str, Any]:
    """To `cover` asks for the right to manage thresholds. Needs If-Match."""
    done = explain(alteration_id, by=caller_of(request), version=version_asked(request), **data.dict())
    return _out(response, done)


def _out(response: HttpResponse, found: Unregistered) -> dict[str, Any]:
    etag(response, found.version)
    return _data(found)
