"""The API of coverage and rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from helhet.groups.finding import find_group
from helhet.groups.models import Group
from helhet.items.finding import find_item
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.job_api import JobOut, job_data
from helhet.kit.paging import ListAsked, PageOut, Table
from helhet.kit.rights import Caller
from helhet.responsibility.actions import Draft, as_data, place_of
from helhet.responsibility.coverage import as_data as coverage_data
from helhet.responsibility.coverage import count
from helhet.responsibility.explaining import explain
from helhet.responsibility.models import Reading, ReadingSort, Rule
from helhet.responsibility.permissions import ResponsibilityPermission
from helhet.responsibility.saving import Saved, save_rule, take_away
from helhet.responsibility.trying import Preview, preview

router = Router(tags=["responsibility"])
coverage_router = Router(tags=["coverage"])


class CountsOut(Schema):
    """Figures of coverage."""

    items: int
    owned: int
    unowned: int
    contested: int
    dead_owner: int


class GroupCountsOut(CountsOut):
    """Figures of one group."""

    name: str


class CoverageOut(CountsOut):
    """The proof for one day."""

    model_config = example(
        as_of="2026-05-04",
        items=100,
        owned=90,
        unowned=10,
        contested=2,
        dead_owner=5,
        living=85,
        by_kind={"server": {"items": 100, "owned": 90, "unowned": 10, "contested": 2, "dead_owner": 5}},
        by_group={"GRP-3": {"name": "Drift", "items": 90, "owned": 90, "unowned": 0, "contested": 2, "dead_owner": 5}},
        by_source={"cmdb": {"items": 100, "owned": 90, "unowned": 10, "contested": 2, "dead_owner": 5}},
    )

    as_of: dt.date
    living: int
    by_kind: dict[str, CountsOut]
    by_group: dict[str, GroupCountsOut]
    by_source: dict[str, CountsOut]


class ReadingOut(CountsOut):
    """The figures kept for one day."""

    on: dt.date


class RuleIn(Strict):
    """A rule as it is to be. `group` is a reference such as GRP-3, or source:key; `place` is from 1."""

    model_config = example(sort="named", filter="kind:server env:prod", group="GRP-3", note="Produktion", place=1)

    sort: str = "named"
    filter: str = Field("", max_length=2_000)
    group: str | None = None
    note: str = Field("", max_length=500)
    place: int | None = Field(None, ge=1, le=1_000_000)


class RuleOut(Schema):
    """A rule in the list."""

    model_config = example(
        number=4, place=1, sort="named", filter="kind:server env:prod", group="GRP-3", note="Produktion", version=2
    )

    number: int
    place: int
    sort: str
    filter: str
    group: str | None
    note: str
    version: int


class FlowOut(Schema):
    """So many items from one group to another; null is without group."""

    from_group: str | None
    to_group: str | None
    number: int


class MoveOut(Schema):
    """One item that would move."""

    item: str
    name: str
    from_group: str | None
    to_group: str | None


class PreviewOut(Schema):
    """What saving would do; `moves` holds the first of them."""

    model_config = example(
        selected=120,
        moved=2,
        flows=[{"from_group": None, "to_group": "GRP-3", "number": 2}],
        moves=[{"item": "SRV-12", "name": "arkiv01", "from_group": None, "to_group": "GRP-3"}],
    )

    selected: int
    moved: int
    flows: list[FlowOut]
    moves: list[MoveOut]


class StepOut(Schema):
    """What one rule said of an item."""

    rule: int | None
    words: str
    outcome: str
    group: str | None
    decided: bool


class ExplanationOut(Schema):
    """Who answers for an item, and why."""

    model_config = example(
        group="GRP-3",
        contested=False,
        claimants=["GRP-3"],
        trail=[
            {"rule": 4, "words": "kind:server env:prod → Drift", "outcome": "group", "group": "GRP-3", "decided": True}
        ],
    )

    group: str | None
    contested: bool
    claimants: list[str]
    trail: list[StepOut]


def _reference(group: Group | None) -> str | None:
    return group.reference if group else None


def _rule_out(rule: Rule) -> dict[str, Any]:
    data = as_data(rule)
    data.pop("position")
    return {**data, "place": place_of(rule), "version": rule.version}


def _preview_out(seen: Preview) -> dict[str, Any]:
    return {
        "selected": seen.selected,
        "moved": seen.moved,
        "flows": [
            {"from_group": _reference(one.from_group), "to_group": _reference(one.to_group), "number": one.number}
            for one in seen.flows
        ],
        "moves": [
            {
                "item": one.item.reference, "name": one.item.name,
                "from_group": _reference(one.from_group), "to_group": _reference(one.to_group),
            }
            for one in seen.moves
        ],
    }  # fmt: skip


def _draft(given: RuleIn, caller: Caller) -> Draft:
    group = find_group(given.group, caller) if given.group else None
    return Draft(given.sort, given.filter, group, given.note, given.place)


def _found(number: int, caller: Caller) -> Rule:
    rule = Rule.objects.visible_to(caller).select_related("group__item").filter(number=min(number, 2**31 - 1)).first()
    if rule is None:
        raise NotFound(_("There is no rule %(number)d.") % {"number": number})
    return rule


@coverage_router.get("", response={200: CoverageOut, **ERRORS}, summary="Give the proof for a day")
@needs(ResponsibilityPermission.COVERAGE_VIEW)
def read_coverage(request: HttpRequest, as_of: dt.date | None = None) -> Any:
    """Counts for today, or for the end of a past day as now known."""
    only_known(request, "as_of")
    return coverage_data(count(as_of, with_sources=True))


READINGS = Table(ReadingOut, "_day", {"on": "_day"})


@coverage_router.get("/readings", response={200: PageOut[ReadingOut], **ERRORS}, summary="List coverage day by day")
@needs(ResponsibilityPermission.COVERAGE_VIEW)
def readings(request: HttpRequest, asked: Query[ListAsked], since: dt.date | None = None) -> Any:
    """The reading of all on each day (the last of a day when there are several), the oldest first."""
    kept = Reading.objects.filter(sort=ReadingSort.ALL)
    if since is not None:
        kept = kept.filter(on__gte=since)
    by_day = {row["on"]: row for row in kept.order_by("on", "read_at").values(*ReadingOut.model_fields)}
    return READINGS.answer(request, asked, [{**row, "_day": on.isoformat()} for on, row in by_day.items()], "since")


RULES = Table(RuleOut, "number", {"place": "place", "number": "number"})


@router.get("", response={200: PageOut[RuleOut], **ERRORS}, summary="List the rules in their order")
@needs(ResponsibilityPermission.RULE_VIEW)
def rules(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """The first rule that yields a group decides."""
    caller = caller_of(request)
    listed = Rule.objects.visible_to(caller).select_related("group__item")
    rows = [{**as_data(rule), "place": place, "version": rule.version} for place, rule in enumerate(listed, start=1)]
    return RULES.answer(request, asked, rows)


def _saved(response: HttpResponse, saved: Saved, status: int) -> Any:
    """The rule with its version, or the job that carries it out."""
    if saved.job is not None or saved.rule is None:
        return Status(202, job_data(saved.job)) if saved.job else Status(204, None)
    rule = Rule.objects.select_related("group__item").get(pk=saved.rule.pk)
    etag(response, rule.version)
    return Status(status, _rule_out(rule))


@router.post("", response={201: RuleOut, 202: JobOut, **ERRORS}, summary="Add a rule")
@needs(ResponsibilityPermission.RULE_MANAGE)
def add(request: HttpRequest, response: HttpResponse, given: RuleIn) -> Any:
    """The answers follow in the same call; above 50,000 items that would move, a job does it: 202 with the job."""
    caller = caller_of(request)
    return _saved(response, save_rule(_draft(given, caller), by=caller), 201)


@router.post("/preview", response={200: PreviewOut, **ERRORS}, summary="Say what a rule would move")
@needs(ResponsibilityPermission.RULE_VIEW)
def try_out(request: HttpRequest, given: RuleIn, number: int | None = None) -> Any:
    """For a new rule, or with `number` for a change of that rule. Nothing is written."""
    only_known(request, "number")
    caller = caller_of(request)
    rule = _found(number, caller) if number is not None else None
    return _preview_out(preview(_draft(given, caller), rule, by=caller))


@router.get("/{int:number}", response={200: RuleOut, **ERRORS}, summary="Read a rule")
@needs(ResponsibilityPermission.RULE_VIEW)
def read(request: HttpRequest, response: HttpResponse, number: int) -> Any:
    """With its version as ETag."""
    only_known(request)
    caller = caller_of(request)
    rule = _found(number, caller)
    etag(response, rule.version)
    return _rule_out(rule)


@router.put("/{int:number}", response={200: RuleOut, 202: JobOut, **WRITE_ERRORS}, summary="Change a rule, or move it")
@needs(ResponsibilityPermission.RULE_MANAGE)
def change(request: HttpRequest, response: HttpResponse, number: int, given: RuleIn) -> Any:
    """The rule as it is to be, whole, with its place; needs If-Match. Above 50,000 items that move: 202."""
    caller = caller_of(request)
    rule = _found(number, caller)
    return _saved(response, save_rule(_draft(given, caller), rule, by=caller, version=version_asked(request)), 200)


@router.delete("/{int:number}", response={202: JobOut, 204: None, **WRITE_ERRORS}, summary="Remove a rule")
@needs(ResponsibilityPermission.RULE_MANAGE)
def remove(request: HttpRequest, response: HttpResponse, number: int) -> Any:
    """What it decided is decided by the rules that remain; needs If-Match. Above 50,000 items that move: 202."""
    caller = caller_of(request)
    return _saved(response, take_away(_found(number, caller), by=caller, version=version_asked(request)), 204)


@router.get(
    "/why/{path:reference}", response={200: ExplanationOut, **ERRORS}, summary="Say why a group answers for an item"
)
@needs(ResponsibilityPermission.RULE_VIEW)
def why(request: HttpRequest, reference: str) -> Any:
    """Every rule in the list, and what it said of this item."""
    only_known(request)
    caller = caller_of(request)
    if len(reference) > 400:
        raise Invalid(_("This is no reference."))
    told = explain(find_item(reference, caller))
    return {
        "group": _reference(told.group),
        "contested": told.contested,
        "claimants": [group.reference for group in told.claimants],
        "trail": [
            {
                "rule": step.rule.number if step.rule else None, "words": step.words, "outcome": step.outcome,
                "group": _reference(step.group), "decided": step.decided,
            }
            for step in told.trail
        ],
    }  # fmt: skip
