"""Changes as programs give and get them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce
from ninja import Field, Schema
from pydantic import AwareDatetime, StringConstraints

from helhet.changes.flow import positions_of, settled
from helhet.changes.listing import fields
from helhet.changes.models import Change, ChangeState, Order, Position, Risk
from helhet.changes.thresholds import Covered, covering
from helhet.groups.api.lists import Filtered
from helhet.items.models import Item
from helhet.kit.api import Strict
from helhet.kit.api_examples import example, example_of

FAR = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
"""Where changes without a time stand in an order of times."""
Word = Annotated[str, StringConstraints(max_length=300)]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Moment = AwareDatetime | None
Type = Literal["standard", "normal", "emergency"]
MOST = 500


class ChangeIn(Strict):
    """A change that is to be drafted. `group` and `items` are references; `owner` and `people` names or addresses."""

    model_config = example(
        title="Byte av lagringsnod Norr 2", group="GRP-3", items=["STO-2"], purpose="Garantin upphör.",
        way_back="Till Norr 1 inom 40 minuter.", starts_at="2026-11-24T17:00:00Z", ends_at="2026-11-25T01:00:00Z",
    )  # fmt: skip

    title: Word
    group: Word
    type: Type = "normal"
    owner: Word = ""
    purpose: Text = ""
    plan: Text = ""
    test: Text = ""
    way_back: Text = ""
    starts_at: Moment = None
    ends_at: Moment = None
    items: list[Word] = Field([], max_length=MOST)
    people: list[Word] = Field([], max_length=MOST)
    reason: Word = ""


class ChangeChange(Strict):
    """What is to be altered of a change. Type, group, items and time are altered so in a draft alone."""

    model_config = example(plan="Flytta skivorna en hylla i taget.")

    title: Word | None = None
    group: Word | None = None
    type: Type | None = None
    owner: Word | None = None
    purpose: Text | None = None
    plan: Text | None = None
    test: Text | None = None
    way_back: Text | None = None
    learnt: Text | None = None
    starts_at: Moment = None
    ends_at: Moment = None
    items: list[Word] | None = Field(None, max_length=MOST)
    people: list[Word] | None = Field(None, max_length=MOST)
    reason: Word = ""


class ConditionOut(Schema):
    """What must be done for a yes-if to be a yes, and its task."""

    text: str
    task: int
    is_done: bool


class PositionOut(Schema):
    """What a touched group says, and the way by which it is touched. `stance` is empty while it has not answered."""

    model_config = example(
        group="GRP-5", stance="yes_if", words="", asked_at="2026-11-13T08:00:00Z", due_at="2026-11-17T08:00:00Z",
        answered_at="2026-11-14T09:00:00Z", answered_by="Karin Sjöström", in_advance=False, escalated_at=None,
        path=["STO-2", "DB-4", "SRV-4"],
        conditions=[{"text": "Reservrutinen är utdelad", "task": 8, "is_done": False}], settlement=None, version=2,
    )  # fmt: skip

    group: str
    stance: Literal["", "yes", "yes_if", "no"]
    words: str
    asked_at: dt.datetime
    due_at: dt.datetime
    answered_at: dt.datetime | None
    answered_by: str
    in_advance: bool
    escalated_at: dt.datetime | None
    path: list[str]
    conditions: list[ConditionOut]
    settlement: dict[str, Any] | None
    version: int


class ChangeRow(Schema):
    """A change in a list."""

    model_config = example(
        reference="CHG-118", title="Byte av lagringsnod Norr 2", type="normal", state="asking", outcome="",
        group="GRP-3", owner="Jonas Ekblad", starts_at="2026-11-24T17:00:00Z", ends_at="2026-11-25T01:00:00Z",
        risk="medium", is_history=False, version=3,
    )  # fmt: skip

    reference: str
    title: str
    type: str
    state: str
    outcome: str
    group: str | None
    owner: str | None
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    risk: str
    is_history: bool
    version: int


class ChangeOut(ChangeRow):
    """A change with all that belongs to it. `after` must be finished before it begins; `before` waits for it.
    `covered` says of a draft what of it needs no change at all, and what covers that.
    """

    model_config = example(
        **example_of(ChangeRow),
        purpose="Garantin upphör.", plan="", test="", way_back="Till Norr 1.", learnt="", went_around=False,
        answer_by="2026-11-17T08:00:00Z", submitted_at="2026-11-13T08:00:00Z", asked_at="2026-11-13T08:00:00Z",
        approved_at=None, began_at=None, finished_at=None, closed_at=None, items=["STO-2"], people=["Oskar Wallin"],
        positions=[example_of(PositionOut)],
        marks=[], after=[], before=[], consequences=[], covered=[],
    )  # fmt: skip

    purpose: str
    plan: str
    test: str
    way_back: str
    learnt: str
    went_around: bool
    answer_by: dt.datetime | None
    submitted_at: dt.datetime
    asked_at: dt.datetime | None
    approved_at: dt.datetime | None
    began_at: dt.datetime | None
    finished_at: dt.datetime | None
    closed_at: dt.datetime | None
    items: list[str]
    people: list[str]
    positions: list[PositionOut]
    marks: list[dict[str, Any]]
    after: list[str]
    before: list[str]
    consequences: list[dict[str, Any]]
    covered: list[dict[str, Any]]


OF_ROW = ("type", "state", "outcome", "starts_at", "ends_at", "is_history", "version")
OF_CHANGE = (
    "purpose", "plan", "test", "way_back", "learnt", "went_around", "answer_by", "submitted_at", "asked_at",
    "approved_at", "began_at", "finished_at", "closed_at",
)  # fmt: skip


def row_data(change: Change) -> dict[str, Any]:
    """A change as lists give it."""
    return {name: getattr(change, name) for name in OF_ROW} | {
        "reference": change.reference, "title": change.name, "risk": Risk(change.risk).key,
        "group": change.group.reference if change.group else None,
        "owner": change.owner.name if change.owner else None,
    }  # fmt: skip


def change_data(change: Change) -> dict[str, Any]:
    """A change as it is read alone."""
    after = Order.objects.filter(after=change).select_related("before__item")
    before = Order.objects.filter(before=change).select_related("after__item")
    return row_data(change) | {name: getattr(change, name) for name in OF_CHANGE} | {
        "items": _references(change.affected.values_list("item_id", flat=True)),
        "people": [one.person.name for one in change.people.select_related("person")],
        "positions": positions_data(positions_of(change)),
        "marks": [
            {"item": one.item.reference, "is_hit": one.is_hit, "reason": one.reason, "by": one.made_by}
            for one in change.marks.select_related("item").order_by("pk")
        ],
        "after": [one.before.reference for one in after], "before": [one.after.reference for one in before],
        "covered": _covered(change),
        "consequences": [
            {"incident": one.reference, "text": one.text, "url": one.url, "minutes": one.minutes}
            for one in change.consequences.order_by("pk")
        ],
    }  # fmt: skip


def covered_data(found: list[Covered]) -> list[dict[str, Any]]:
    """What needs no change of which items, and what covers it."""
    return [
        {
            "id": one.threshold.pk, "text": one.threshold.text, "covered_by": one.threshold.covered_by,
            "items": [item.reference for item in one.items], "is_all": one.is_all,
        }
        for one in found
    ]  # fmt: skip


def _covered(change: Change) -> list[dict[str, Any]]:
    if change.state != ChangeState.DRAFT:
        return []
    return covered_data(covering(list(Item.objects.filter(changed_by__change=change)), change.type))


def positions_data(positions: list[Position]) -> list[dict[str, Any]]:
    """Positions with the names along their ways read once."""
    ways = {pk for one in positions for pk in one.reason.get("path", [])}
    names = {item.pk: item.reference for item in Item.objects.filter(pk__in=ways).only("pk", "prefix", "number")}
    return [position_data(one, names) for one in positions]


def position_data(one: Position, names: dict[int, str] | None = None) -> dict[str, Any]:
    """A position as the API gives it."""
    path = one.reason.get("path", [])
    if names is None:
        names = {item.pk: item.reference for item in Item.objects.filter(pk__in=path).only("pk", "prefix", "number")}
    decision = settled(one)
    simple = ("stance", "words", "asked_at", "due_at", "answered_at", "answered_by", "escalated_at", "version")
    return {name: getattr(one, name) for name in simple} | {
        "group": one.group.reference, "in_advance": one.advance_id is not None,
        "path": [names[pk] for pk in path if pk in names],
        "conditions": [
            {"text": each.text, "task": each.task_id, "is_done": each.task.state == "done"}
            for each in one.conditions.all()
        ],
        "settlement": {
            "goes_on": decision.goes_on, "words": decision.words, "by": decision.decided_by, "at": decision.at,
        } if decision else None,
    }  # fmt: skip


def _references(ids: Any) -> list[str]:
    return [item.reference for item in Item.objects.filter(pk__in=list(ids)).order_by("pk")]


STARTS = Coalesce("starts_at", Value(FAR), output_field=DateTimeField())
CHANGES = Filtered(
    ChangeRow, {"-number": "pk", "title": "item__name_key", "state": "state", "submitted": "submitted_at"},
    row_data, fields,
)  # fmt: skip
