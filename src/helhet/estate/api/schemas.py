"""What the API of items takes and gives."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import AfterValidator, StringConstraints

from helhet.items.listing import PAGE, PAGE_LIMIT
from helhet.kit.api import Strict
from helhet.kit.api_examples import example


def without_nul(value: Any) -> Any:
    """The value, when a database can keep all its text. Raises ValueError."""
    if _has_nul(value):
        raise ValueError("the character U+0000 cannot be kept")
    return value


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, list):
        return any(_has_nul(one) for one in value)
    if isinstance(value, dict):
        return any(_has_nul(name) or _has_nul(one) for name, one in value.items())
    return False


Text = Annotated[str, AfterValidator(without_nul)]
Word = Annotated[Text, StringConstraints(max_length=400)]
Tag = Annotated[Text, StringConstraints(max_length=100)]
AttributeName = Annotated[Text, StringConstraints(min_length=1, max_length=100)]
Attributes = Annotated[dict[AttributeName, Any], Field(max_length=1_000), AfterValidator(without_nul)]
State = Literal["planned", "live", "retiring", "retired"]
Criticality = Literal["", "low", "medium", "high", "critical"]


class FileAsked(Schema):
    """Which items, in what order."""

    filter: Annotated[Text, StringConstraints(max_length=4_000)] = Field(
        "", description="As in the page: kind:server env:prod -group:none"
    )
    sort: Word = Field(
        "", description="name, id, kind, state, criticality, updated, group, part_of or attr.NAME; - before it turns it"
    )
    view: Word = Field("", description="The slug of a saved view, which gives filter and sort")


class ItemsAsked(FileAsked):
    """What a list of items is asked for."""

    fields: Annotated[Text, StringConstraints(max_length=4_000)] = Field(
        "", description="Names with commas between; all when empty"
    )
    cursor: Annotated[Text, StringConstraints(max_length=4_000)] = Field(
        "", description="`next` or `previous` of another page"
    )
    limit: int = Field(PAGE, ge=1, le=PAGE_LIMIT)


class NamedOut(Schema):
    """Another thing, by reference and name."""

    reference: str
    name: str


class ItemOut(Schema):
    """An item. With `fields` only those asked for are there."""

    model_config = example(
        reference="SRV-12",
        kind="server",
        name="arkiv01",
        state="live",
        criticality="high",
        group={"reference": "GRP-3", "name": "Drift"},
        attributes={"env": "prod"},
        tags=["arkiv"],
        part_of="BSV-4",
        keys=["cmdb:ci-77"],
        updated="2026-05-04T08:30:00Z",
        created="2026-01-01",
        description="",
        version=3,
    )

    reference: str | None = None
    kind: str | None = None
    name: str | None = None
    state: State | None = None
    criticality: Criticality | None = None
    group: NamedOut | None = None
    attributes: dict[str, Any] | None = None
    tags: list[str] | None = None
    part_of: str | None = None
    keys: list[str] | None = None
    updated: str | None = None
    created: str | None = None
    description: str | None = None
    version: int | None = None


class ItemIn(Strict):
    """A new item. `part_of` is a reference such as SRV-12, or source:key."""

    model_config = example(
        kind="server",
        name="arkiv01",
        state="live",
        criticality="high",
        attributes={"env": "prod"},
        tags=["arkiv"],
        part_of="BSV-4",
        reason="Ny server",
    )

    kind: Word
    name: Annotated[Text, StringConstraints(max_length=1_000)]
    state: State = "live"
    criticality: Criticality = ""
    description: Annotated[Text, StringConstraints(max_length=100_000)] = ""
    attributes: Attributes = {}
    tags: list[Tag] = Field([], max_length=200)
    part_of: Word | None = None
    reason: Word = ""


class ItemChange(Strict):
    """What is to be changed; what is left out stays. An attribute that is null is taken away, others stay."""

    model_config = example(state="retiring", attributes={"env": "test", "rack": None}, reason="Byts i vår")

    kind: Word | None = None
    name: Annotated[Text, StringConstraints(max_length=1_000)] | None = None
    state: State | None = None
    criticality: Criticality | None = None
    description: Annotated[Text, StringConstraints(max_length=100_000)] | None = None
    attributes: Attributes | None = None
    tags: list[Tag] | None = Field(None, max_length=200)
    part_of: Word | None = None
    reason: Word = ""


class BulkFields(Strict):
    """The same change to every item; what is left out stays. An empty `part_of` or `criticality` takes it away.

    `group` is a reference or name, or `rules` to let the rules decide again.
    """

    state: State | None = None
    criticality: Criticality | None = None
    kind: Word | None = None
    part_of: Word | None = None
    add_tags: list[Tag] = Field([], max_length=200)
    remove_tags: list[Tag] = Field([], max_length=200)
    attributes: Attributes = {}
    group: Word = ""


class BulkIn(Strict):
    """Which items, by filter or by name, and what. With `dry_run` nothing is written."""

    model_config = example(
        filter="kind:server env:test",
        change={"state": "retiring", "add_tags": ["avveckling"], "group": "GRP-3"},
        reason="Testmiljön läggs ned",
        dry_run=True,
    )

    filter: Annotated[Text, StringConstraints(max_length=4_000)] | None = None
    references: list[Word] = Field([], max_length=1_000)
    change: BulkFields
    reason: Word = ""
    dry_run: bool = False


class BulkLine(Schema):
    """One item of a preview; `refusal` says why it is left as it is."""

    reference: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    refusal: str


class BulkOut(Schema):
    """What a bulk change would do or did. Counts of a dry run hold for the first `examined` items.

    `state` is `preview`, `planned` (a job does it), `running`, `done` or `undone`.
    """

    model_config = example(
        id=7,
        state="done",
        title="kind:server env:test",
        total=12,
        examined=12,
        changed=11,
        unchanged=1,
        refused=0,
        items=[],
    )

    id: int | None
    state: str
    title: str
    total: int
    examined: int
    changed: int
    unchanged: int
    refused: int
    items: list[BulkLine]


class EventOut(Schema):
    """One event of an item's history."""

    model_config = example(
        id=4711,
        at="2026-05-04T08:30:00Z",
        who="Siv Ek",
        verb="items.item.changed",
        before={"state": "live"},
        after={"state": "retiring"},
        reason="Byts i vår",
        batch=None,
    )

    id: int
    at: dt.datetime
    who: str
    verb: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    batch: int | None


class AnswerOut(Schema):
    """Which group answered from a day on (half-open), and on what ground."""

    model_config = example(
        group={"reference": "GRP-3", "name": "Drift"},
        from_on="2026-01-01",
        to_on=None,
        ground="rule",
        because="kind:server → Drift",
        contested=False,
    )

    group: NamedOut | None
    from_on: str
    to_on: str | None
    ground: Literal["none", "hand", "rule", "source", "part_of"]
    because: str
    contested: bool


class AnsweringIn(Strict):
    """The group that is to answer, by reference or name."""

    model_config = example(group="GRP-3", reason="Överenskommet i ledningsgruppen")

    group: Word
    reason: Word = ""


class TakingIn(Strict):
    """The own group that takes the item, by reference or name; it may be left out by who is in a single one."""

    model_config = example(group="GRP-3", reason="Vi driver den redan")

    group: Word = ""
    reason: Word = ""
