"""What the API of items and kinds takes and gives."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import AfterValidator, StringConstraints

from helhet.items.listing import PAGE, PAGE_LIMIT
from helhet.kit.api import Strict
from helhet.kit.paging import PageOut


def _without_nul(value: Any) -> Any:
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


Text = Annotated[str, AfterValidator(_without_nul)]
Word = Annotated[Text, StringConstraints(max_length=400)]
Tag = Annotated[Text, StringConstraints(max_length=100)]
AttributeName = Annotated[Text, StringConstraints(min_length=1, max_length=100)]
Attributes = Annotated[dict[AttributeName, Any], Field(max_length=1_000), AfterValidator(_without_nul)]
State = Literal["planned", "live", "retiring", "retired"]
Criticality = Literal["", "low", "medium", "high", "critical"]


class ItemsAsked(Schema):
    """What a list of items is asked for."""

    filter: Annotated[Text, StringConstraints(max_length=4_000)] = Field(
        "", description="As in the page: kind:server env:prod -group:none"
    )
    sort: Word = Field(
        "", description="name, id, kind, state, criticality, updated, group, part_of or attr.NAME; - before it turns it"
    )
    fields: Annotated[Text, StringConstraints(max_length=4_000)] = Field(
        "", description="Names with commas between; all when empty"
    )
    cursor: Annotated[Text, StringConstraints(max_length=4_000)] = Field(
        "", description="`next` or `previous` of another page"
    )
    limit: int = Field(PAGE, ge=1, le=PAGE_LIMIT)
    view: Word = Field("", description="The slug of a saved view, which gives filter and sort")


class NamedOut(Schema):
    """Another thing, by reference and name."""

    reference: str
    name: str


class ItemOut(Schema):
    """An item. With `fields` only those asked for are there."""

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

    group: NamedOut | None
    from_on: str
    to_on: str | None
    ground: Literal["none", "hand", "rule", "source", "part_of"]
    because: str
    contested: bool


class AnsweringIn(Strict):
    """The group that is to answer, by reference or name."""

    group: Word
    reason: Word = ""


class CommentIn(Strict):
    """What somebody says."""

    text: Annotated[Text, StringConstraints(max_length=100_000)]


class CommentOut(Schema):
    """What somebody said."""

    id: int
    author: str
    text: str
    at: dt.datetime


class AttachmentOut(Schema):
    """A file kept with an item."""

    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    author: str
    at: dt.datetime


class LinkIn(Strict):
    """A link from this item to another."""

    to: Word
    type: Word


class LinkOut(Schema):
    """A link; `direction` is `out` where it starts here."""

    id: int
    type: str
    direction: Literal["out", "in"]
    item: NamedOut


class DependencyIn(Strict):
    """What this item needs."""

    to: Word
    type: Word = "uses"
    criticality: Literal["hard", "degrades", "none"] = "hard"
    note: Word = ""


class DependencyOut(Schema):
    """A dependency; `direction` is `needs` where this item depends on the other."""

    id: int
    type: str
    criticality: Literal["hard", "degrades", "none"]
    note: str
    direction: Literal["needs", "needed_by"]
    item: NamedOut
    source: str | None
    not_seen_since: str | None


class KindOut(Schema):
    """A kind of items. `schema` is the JSON Schema of its attributes."""

    key: str
    family: str
    name_sv: str
    name_en: str
    plural_sv: str
    plural_en: str
    prefix: str
    icon: str
    must_be_owned: bool
    is_builtin: bool
    attributes: dict[str, Any]
    position: int
    items: int
    version: int


class KindIn(Strict):
    """A new kind. `attributes` is a JSON Schema of an object."""

    key: Word
    family: Word = "other"
    name_sv: Word
    name_en: Word
    plural_sv: Word = ""
    plural_en: Word = ""
    prefix: Word
    icon: Word = "product"
    must_be_owned: bool = True
    attributes: Annotated[dict[str, Any], AfterValidator(_without_nul)] = {}


class KindChange(Strict):
    """What is to be changed of a kind; what is left out stays."""

    family: Word | None = None
    name_sv: Word | None = None
    name_en: Word | None = None
    plural_sv: Word | None = None
    plural_en: Word | None = None
    prefix: Word | None = None
    icon: Word | None = None
    must_be_owned: bool | None = None
    attributes: Annotated[dict[str, Any], AfterValidator(_without_nul)] | None = None
    position: int | None = Field(None, ge=0, le=1_000_000)


class MisfitOut(Schema):
    """An item whose attributes do not fit its kind."""

    item: NamedOut
    reason: str


class MisfitsOut(PageOut[MisfitOut]):
    """Those found among the first `examined` items of the kind; `more` says that the kind has more items than that."""

    examined: int
