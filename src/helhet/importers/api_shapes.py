"""What the API of importing takes and gives."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Field, Schema

from helhet.kit.api import Strict
from helhet.kit.api_examples import example


class RunOut(Schema):
    """One import."""

    model_config = example(
        id=12,
        source="cmdb",
        title="items.csv",
        mapping="plain",
        state="tried",
        on="2026-05-04",
        partial=False,
        encoding="",
        size=48213,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        by="Siv Ek",
        counts={"items": {"created": 40, "changed": 3}},
        totals={"created": 40, "changed": 3},
        findings=1,
        message="",
        todo="",
        sentence="40 nya, 3 ändrade",
        created_at="2026-05-04T08:30:00Z",
        finished_at="2026-05-04T08:30:02Z",
    )

    id: int
    source: str
    title: str
    mapping: str
    state: str
    on: dt.date
    partial: bool
    encoding: str
    size: int
    sha256: str
    by: str
    counts: dict[str, dict[str, int]]
    totals: dict[str, int]
    findings: int
    message: str
    todo: str
    sentence: str
    created_at: dt.datetime
    finished_at: dt.datetime | None


class RowOut(Schema):
    """One row of an import's report."""

    model_config = example(
        id=301,
        verdict="changed",
        noun="items",
        row="17",
        key="ci-77",
        name="arkiv01",
        item_id=512,
        changes={"state": ["live", "retiring"]},
        reason="",
    )

    id: int
    verdict: str
    noun: str
    row: str
    key: str
    name: str
    item_id: int | None
    changes: dict[str, list[Any]] | None
    reason: str


class FindingOut(Schema):
    """Something in a source that does not hold together."""

    model_config = example(
        id=6,
        source="cmdb",
        sort="unknown_group",
        noun="items",
        key="ci-77",
        field="group",
        value="Drft",
        row="17",
        item="SRV-12",
        message="Gruppen Drft finns inte.",
        opened_at="2026-05-04T08:30:00Z",
    )

    id: int
    source: str
    sort: str
    noun: str
    key: str
    field: str
    value: str
    row: str
    item: str | None
    message: str
    opened_at: dt.datetime


class SourceOut(Schema):
    """A source, when it was last imported, and how many open findings it has.

    `owns` are the fields that its imports overwrite, none for all that it gives; `stated_by_mapping` those that its
    last mapping names itself, which go before.
    """

    model_config = example(
        id=2,
        name="cmdb",
        mapping="plain",
        owns=["name", "state"],
        stated_by_mapping=[],
        last_on="2026-05-04",
        last_at="2026-05-04T08:30:02Z",
        findings=1,
        version=3,
    )

    id: int
    name: str
    mapping: str
    owns: list[str]
    stated_by_mapping: list[str]
    last_on: dt.date | None
    last_at: dt.datetime | None
    findings: int
    version: int


class SourceChange(Strict):
    """What is to be altered of a source. `owns` without a field: all that it gives."""

    model_config = example(owns=["name", "state"])

    owns: list[Annotated[str, Field(max_length=60)]] = Field(max_length=50)


class AskedOut(Schema):
    """The job that was asked for."""

    model_config = example(job=88, state="waiting", run=12)

    job: int
    state: str
    run: int


class NewImport(Schema):
    """What comes with the file."""

    source: str
    mapping: str = "plain"
    mapping_text: str = ""
    on: dt.date | None = None
    partial: bool = False
    encoding: str = Field("", description="Of text files that are no UTF-8, such as windows-1252.")


class MappingOut(Schema):
    """A mapping that comes with the product: what it is for, the nouns it speaks of, and the text of its file."""

    model_config = example(
        name="plain",
        title="Den enkla uppställningen",
        about="Filerna items, groups, members, dependencies och links.",
        nouns=["items", "groups"],
        text="name: plain\nitems:\n  key: key\n  kind: kind\n  name: name\n",
    )

    name: str
    title: str
    about: str
    nouns: list[str]
    text: str


class Meaning(Strict):
    """What an unknown value means: a group's or an item's reference; or that the group is to be made."""

    model_config = example(thing="GRP-3")

    thing: str = ""
    make: bool = False


class TiedOut(Schema):
    """How many findings were tied up."""

    tied: int
