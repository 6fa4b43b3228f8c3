"""Standard changes for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status

from helhet.changes.actions.standards import (
    approved_of,
    decide_version,
    find_standard,
    propose_standard,
    propose_version,
    raise_standard,
    retire_standard,
    visible_standards,
)
from helhet.changes.models import Risk, StandardChange
from helhet.changes.permissions import ChangePermission
from helhet.changes.standards import use_of
from helhet.groups.api.shapes_groups import ReasonIn
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut

router = Router(tags=["standard changes"])
WORDING: dict[str, Any] = {
    "conditions": "Klustret är friskt", "routine": "Töm noden, starta om, vänta på grönt", "way_back": "Starta om igen",
    "minutes": 30, "risk": "low",
}  # fmt: skip


class WordingIn(Strict):
    """What is to be worded anew; what is left out stays as in the newest version."""

    model_config = example(minutes=45)

    conditions: str = ""
    routine: str = ""
    way_back: str = ""
    minutes: int = 60
    risk: str = "low"


class StandardIn(WordingIn):
    """A standard change to be approved: of one item (reference) or one kind (key). `minutes` is how long it takes."""

    model_config = example(name="Starta om en nod", group="GRP-3", kind="server", **WORDING)

    name: str
    group: str
    item: str = ""
    kind: str = ""
    routine: str


class DecisionIn(Strict):
    """The management team's word on what is proposed; a refusal says why."""

    model_config = example(approve=True, words="")

    approve: bool
    words: str = ""


class RaiseIn(Strict):
    """On which item, where it is of a kind, and when; without an end it takes as long as the version says. With
    `at_first_free` and no time it has the first time that is free.
    """

    model_config = example(item="SRV-12", starts_at="2026-12-01T17:00:00Z")

    item: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    at_first_free: bool = False


class VersionOut(Schema):
    """One wording. `state` is proposed, approved, refused, replaced or retired."""

    number: int
    state: str
    conditions: str
    routine: str
    way_back: str
    minutes: int
    risk: str
    proposed_by: str
    proposed_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    words: str


class StandardOut(Schema):
    """A standard change with its versions, the newest first. `raised` is how often it was, `went_well` how many of the
    `ended` ones were done without faults; it may be raised while `approved` is a number.
    """

    model_config = example(
        id=2, name="Starta om en nod", group="GRP-3", item=None, kind="server", approved=1, raised=14, ended=13,
        went_well=13, version=2,
        versions=[{
            "number": 1, "state": "approved", **WORDING, "proposed_by": "Eva Ek", "words": "",
            "proposed_at": "2026-10-01T08:00:00Z", "decided_by": "Nils Ny", "decided_at": "2026-10-05T08:00:00Z",
        }],
    )  # fmt: skip

    id: int
    name: str
    group: str
    item: str | None
    kind: str | None
    approved: int | None
    raised: int
    ended: int
    went_well: int
    versions: list[VersionOut]
    version: int


class RaisedOut(Schema):
    """The change that was made. Its state is draft while its time is to be chosen or a clash stands in the way."""

    model_config = example(reference="CHG-12", title="Starta om en nod: vm-12", state="scheduled")

    reference: str
    title: str
    state: str


def _data(row: StandardChange) -> dict[str, Any]:
    approved, use = approved_of(row), use_of(row)
    names = VersionOut.model_fields
    return {
        "id": row.pk, "name": row.name, "group": row.group.reference, "version": row.version,
        "item": row.item.reference if row.item else None, "kind": row.kind.key if row.kind else None,
        "approved": approved.number if approved else None, **use,
        "versions": [
            {**{name: getattr(one, name) for name in names}, "risk": Risk(one.risk).key} for one in row.versions.all()
        ],
    }  # fmt: skip


STANDARDS = Listing(StandardOut, {"name": "name"}, _data)


@router.get("", response={200: PageOut[StandardOut], **ERRORS}, summary="List standard changes")
@needs(ChangePermission.VIEW)
def all_standards(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """All of them, those not approved too."""
    return STANDARDS.answer(request, asked, visible_standards(caller_of(request)))


@router.post("", response={201: StandardOut, **ERRORS}, summary="Propose a standard change")
@needs(ChangePermission.STANDARD_PROPOSE)
def add_standard(request: HttpRequest, response: HttpResponse, data: StandardIn) -> Status[dict[str, Any]]:
    """It may be raised once the management team approves it."""
    return Status(201, _out(response, propose_standard(by=caller_of(request), **data.dict())))


@router.get("/{int:standard_id}", response={200: StandardOut, **ERRORS}, summary="Read a standard change")
@needs(ChangePermission.VIEW)
def standard(request: HttpRequest, response: HttpResponse, standard_id: int) -> dict[str, Any]:
    """By its number."""
    only_known(request)
    return _out(response, find_standard(standard_id, caller_of(request)))


@router.post("/{int:standard_id}/versions", response={200: StandardOut, **WRITE_ERRORS}, summary="Word it anew")
@needs(ChangePermission.STANDARD_PROPOSE)
def add_version(request: HttpRequest, response: HttpResponse, standard_id: int, data: WordingIn) -> dict[str, Any]:
    """Proposed to the management team; the approved version holds until then. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    return _out(response, propose_version(standard_id, by=caller_of(request), version=version_asked(request), **wanted))


@router.post("/{int:standard_id}/decision", response={200: StandardOut, **WRITE_ERRORS}, summary="Approve or refuse it")
@needs(ChangePermission.STANDARD_DECIDE)
def decide(request: HttpRequest, response: HttpResponse, standard_id: int, data: DecisionIn) -> dict[str, Any]:
    """About the version that is proposed. Needs If-Match."""
    done = decide_version(standard_id, by=caller_of(request), version=version_asked(request), **data.dict())
    return _out(response, done)


@router.post("/{int:standard_id}/retire", response={200: StandardOut, **WRITE_ERRORS}, summary="Retire it")
@needs(ChangePermission.STANDARD_PROPOSE)
def retire(request: HttpRequest, response: HttpResponse, standard_id: int, data: ReasonIn) -> dict[str, Any]:
    """It is raised no longer; the reason must be said. Needs If-Match."""
    done = retire_standard(standard_id, by=caller_of(request), version=version_asked(request), reason=data.reason)
    return _out(response, done)


@router.post("/{int:standard_id}/changes", response={201: RaisedOut, **ERRORS}, summary="Raise a change by it")
@needs(ChangePermission.DRAFT)
def raise_change(request: HttpRequest, standard_id: int, data: RaiseIn) -> Status[dict[str, Any]]:
    """It asks nobody, stands in the calendar and is checked for clashes."""
    made = raise_standard(standard_id, by=caller_of(request), **data.dict())
    return Status(201, {"reference": made.reference, "title": made.name, "state": made.state})


def _out(response: HttpResponse, found: StandardChange) -> dict[str, Any]:
    etag(response, found.version)
    return _data(found)
