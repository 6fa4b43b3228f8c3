"""Services with their seven parts, completeness, gaps, readiness and weights for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status

from helhet.groups.permissions import GroupPermission
from helhet.handbook.actions import contradict, rule_out, set_weight, settle, take_back
from helhet.handbook.completeness import gap_data, handbook, of_items, service_data, weights, whole_data
from helhet.handbook.finding import find_contradiction, find_service
from helhet.handbook.models import Contradiction, NotApplicable, Weight
from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.ready import answer_of, reason_words
from helhet.handbook.service_page import part_data, parts_of
from helhet.handbook.views.listing import chosen
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.errors import Invalid
from helhet.kit.paging import ListAsked, PageOut, Table
from helhet.rules.service_parts import PartState

router = Router(tags=["service documentation"])
contradictions = Router(tags=["service documentation"])
PARTS = {"description": "valid", "tasks": "check", "levels": "valid", "orders": "draft", "changes": "missing",
         "support": "valid", "suppliers": "not_applicable"}  # fmt: skip


class ServicesAsked(ListAsked):
    """Which of them: `filter` as for items; those with `part`, or any part, in `state`."""

    filter: str = ""
    part: str = ""
    state: str = ""


class DocumentedOut(Schema):
    """A service or product. `parts` has the state of each part: missing, draft, valid, check or not_applicable;
    `completeness` is between 0 and 1, null where no part counts.
    """

    model_config = example(
        reference="SRV-4", name="Vårdjournal", kind="business_service", group="GRP-3", criticality="high",
        completeness=0.57, parts=PARTS, drafts=["orders"], contradictions=0,
    )  # fmt: skip

    reference: str
    name: str
    kind: str
    group: str | None
    criticality: str
    completeness: float | None
    parts: dict[str, str]
    drafts: list[str]
    contradictions: int


class GapOut(Schema):
    """A part that is not done. `size` is the part's weight times what the service's criticality counts."""

    model_config = example(
        id="SRV-4/changes", reference="SRV-4", name="Vårdjournal", part="changes", label="Standardändringar",
        state="missing", weight=10, factor=3, size=30, group="GRP-3",
    )  # fmt: skip

    id: str
    reference: str
    name: str
    part: str
    label: str
    state: str
    weight: int
    factor: int
    size: int
    group: str | None


class GroupShareOut(Schema):
    """How complete the documentation of a group's services is; null for those without a group."""

    group: str | None
    name: str | None
    services: int
    completeness: float | None


class CompletenessOut(Schema):
    """Completeness of the whole, of each part and of each group, between 0 and 1."""

    model_config = example(
        services=1, completeness=0.57, parts={"description": 1.0}, states={"valid": 3}, weights={"description": 10},
        groups=[{"group": "GRP-3", "name": "Vård", "services": 1, "completeness": 0.57}], gaps=3,
    )  # fmt: skip

    services: int
    completeness: float | None
    parts: dict[str, float | None]
    states: dict[str, int]
    groups: list[GroupShareOut]
    weights: dict[str, int]
    gaps: int


class PartDoubtOut(Schema):
    """Why a part must be checked."""

    id: int
    cause: str
    thing: str
    aspect: str
    before: str
    after: str
    text: str
    at: dt.datetime


class ServicePartOut(Schema):
    """One part. Its text and fields are empty where the caller is not among its readers, and while it is a draft."""

    part: str
    state: str
    address: str | None
    version: str | None
    has_draft: bool
    title: str
    text: str
    fields: dict[str, Any]
    reviewed_on: dt.date | None
    due_on: dt.date | None
    reason: str
    by: str
    doubts: list[PartDoubtOut]
    version_of_not_applicable: int | None


class ContradictionOut(Schema):
    """What operations says is wrong or missing; `settled_at` is null until the group has settled it."""

    model_config = example(
        id=2, service="SRV-4", part="support", text="Numret går inte fram.", by="Elin Björk",
        at="2026-11-01T08:00:00Z", settled_at=None, settled_by="", settled_text="", version=1,
    )  # fmt: skip

    id: int
    service: str
    part: str
    text: str
    by: str
    at: dt.datetime
    settled_at: dt.datetime | None
    settled_by: str
    settled_text: str
    version: int


class DocumentationOut(DocumentedOut):
    """The seven parts of a service. `can_be_run` is yes, doubtful or no, with the reasons in words."""

    model_config = example(
        reference="SRV-4", name="Vårdjournal", kind="business_service", group="GRP-3", criticality="high",
        completeness=0.57, parts=PARTS, drafts=["orders"], contradictions=0, documentation=[], can_be_run="no",
        reasons=["Standardändringar: saknas"], contradicted=[],
    )  # fmt: skip

    documentation: list[ServicePartOut]
    can_be_run: str
    reasons: list[str]
    contradicted: list[ContradictionOut]


class NotApplicableIn(Strict):
    """Why the part does not apply."""

    model_config = example(reason="Inget kan beställas av tjänsten.")

    reason: str


class NotApplicableOut(Schema):
    """That a part does not apply, by whom and why."""

    model_config = example(part="orders", reason="Inget kan beställas.", by="Eva Ek", at="2026-11-01T08:00:00Z",
                           version=1)  # fmt: skip

    part: str
    reason: str
    by: str
    at: dt.datetime
    version: int


class ContradictionIn(Strict):
    """What is wrong or missing, of a part or of the whole."""

    model_config = example(text="Numret går inte fram.", part="support")

    text: str
    part: str = ""


class SettlementIn(Strict):
    """What was done."""

    model_config = example(text="Numret är rättat.")

    text: str


class WeightIn(Strict):
    """What a part counts, 0 to 100."""

    model_config = example(weight=5)

    weight: int


class WeightOut(Schema):
    """What a part counts."""

    model_config = example(part="orders", weight=5, version=2)

    part: str
    weight: int
    version: int


SERVICES = Table(DocumentedOut, "reference", {"name": "name", "reference": "reference"})
GAPS = Table(GapOut, "id", {"-size": "size", "name": "name"})
WEIGHTS = Table(WeightOut, "part")


def _contradiction(one: Contradiction) -> dict[str, Any]:
    names = [name for name in ContradictionOut.model_fields if name not in {"id", "service"}]
    return {"id": one.pk, "service": one.item.reference, **{name: getattr(one, name) for name in names}}


def _state(text: str) -> str:
    if text and text not in {one.value for one in PartState}:
        raise Invalid(
            _("There is no state %(state)s.") % {"state": text[:40]},
            field="state",
            where="state",
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(PartState)},
        )
    return text


@router.get("", response={200: PageOut[DocumentedOut], **ERRORS}, summary="List services with their documentation")
@needs(HandbookPermission.VIEW)
def services(request: HttpRequest, asked: Query[ServicesAsked]) -> Any:
    """Services and products that are not retired."""
    found = handbook(caller_of(request), asked.filter)
    rows = [service_data(one) for one in chosen(found, asked.part, _state(asked.state))]
    return SERVICES.answer(request, asked, rows, "filter", "part", "state")


@router.get("/completeness", response={200: CompletenessOut, **ERRORS}, summary="Completeness of service documentation")
@needs(HandbookPermission.VIEW)
def completeness(request: HttpRequest, filter: str = "") -> dict[str, Any]:  # noqa: A002 - the parameter's name
    """Of the services that a filter names, as for items; all when empty."""
    only_known(request, "filter")
    return whole_data(handbook(caller_of(request), filter))


class GapsAsked(ListAsked):
    """Of which services: `filter` as for items."""

    filter: str = ""


@router.get("/gaps", response={200: PageOut[GapOut], **ERRORS}, summary="List the gaps in service documentation")
@needs(HandbookPermission.VIEW)
def gaps(request: HttpRequest, asked: Query[GapsAsked]) -> Any:
    """What is missing, drafted only or in doubt, heaviest first."""
    found = handbook(caller_of(request), asked.filter)
    return GAPS.answer(request, asked, [gap_data(one) for one in found.gaps], "filter")


@router.get("/weights", response={200: PageOut[WeightOut], **ERRORS}, summary="List what each part counts")
@needs(HandbookPermission.VIEW)
def all_weights(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """In completeness and gaps."""
    versions = dict(Weight.objects.values_list("part", "version"))
    rows = [{"part": part, "weight": weight, "version": versions.get(part, 1)} for part, weight in weights().items()]
    return WEIGHTS.answer(request, asked, rows)


@router.patch("/weights/{part}", response={200: WeightOut, **WRITE_ERRORS}, summary="Weigh a part")
@needs(HandbookPermission.WEIGHT_MANAGE)
def patch_weight(request: HttpRequest, response: HttpResponse, part: str, data: WeightIn) -> dict[str, Any]:
    """Needs If-Match; a part that nobody has weighed has version 1."""
    done = set_weight(part, by=caller_of(request), version=version_asked(request), weight=data.weight)
    etag(response, done.version)
    return {"part": done.part, "weight": done.weight, "version": done.version}


@router.get("/{reference}", response={200: DocumentationOut, **ERRORS}, summary="Read the documentation of a service")
@needs(HandbookPermission.VIEW)
def service(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Its seven parts with their states and reasons, and whether it can be run from that."""
    only_known(request)
    item = find_service(reference, caller_of(request))
    (one,) = of_items([item]).services
    ready = answer_of(item)
    return {
        **service_data(one), "documentation": [part_data(part) for part in parts_of(item, caller_of(request))],
        "can_be_run": str(ready.ready), "reasons": [reason_words(reason) for reason in ready.reasons],
        "contradicted": [_contradiction(open_one) for open_one in ready.contradictions],
    }  # fmt: skip


RULED_OUT = "/{reference}/{part}/not-applicable"


@router.put(RULED_OUT, response={200: NotApplicableOut, **ERRORS}, summary="Say that a part does not apply")
@needs(HandbookPermission.RULE_OUT)
def ruled_out(
    request: HttpRequest, response: HttpResponse, reference: str, part: str, data: NotApplicableIn
) -> dict[str, Any]:
    """It then counts as done."""
    made: NotApplicable = rule_out(reference, part, by=caller_of(request), reason=data.reason)
    etag(response, made.version)
    return {"part": made.part, "reason": made.reason, "by": made.by, "at": made.at, "version": made.version}


@router.delete(RULED_OUT, response={204: None, **WRITE_ERRORS}, summary="Say that a part applies after all")
@needs(HandbookPermission.RULE_OUT)
def applies(request: HttpRequest, reference: str, part: str) -> Status[None]:
    """Needs If-Match."""
    take_back(reference, part, by=caller_of(request), version=version_asked(request))
    return Status(204, None)


@router.post(
    "/{reference}/contradictions", response={201: ContradictionOut, **ERRORS}, summary="Contradict that it can be run"
)
@needs(HandbookPermission.CONTRADICT, GroupPermission.TASK_CREATE)
def contradiction_new(
    request: HttpRequest, response: HttpResponse, reference: str, data: ContradictionIn
) -> Status[dict[str, Any]]:
    """It becomes a task of the group that answers."""
    made = contradict(reference, by=caller_of(request), **data.dict())
    etag(response, made.version)
    return Status(201, _contradiction(made))


@contradictions.get("/{int:number}", response={200: ContradictionOut, **ERRORS}, summary="Read a contradiction")
@needs(HandbookPermission.VIEW)
def contradiction(request: HttpRequest, response: HttpResponse, number: int) -> dict[str, Any]:
    """By its number."""
    only_known(request)
    found = find_contradiction(number, caller_of(request))
    etag(response, found.version)
    return _contradiction(found)


@contradictions.post(
    "/{int:number}/settle", response={200: ContradictionOut, **WRITE_ERRORS}, summary="Settle a contradiction"
)
@needs(HandbookPermission.SETTLE, GroupPermission.TASK_CHANGE)
def settlement(request: HttpRequest, response: HttpResponse, number: int, data: SettlementIn) -> dict[str, Any]:
    """Its task is done with that. Needs If-Match."""
    done = settle(number, by=caller_of(request), version=version_asked(request), text=data.text)
    etag(response, done.version)
    return _contradiction(done)
