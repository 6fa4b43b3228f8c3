"""Shapes of the API of service documentation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Schema

from helhet.kit.api import Strict
from helhet.kit.api_examples import example
from helhet.kit.paging import ListAsked

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
    """Why a part must be checked. `before` and `after` are the values of `aspect` as they are kept, `before_words` and
    `after_words` the same in the reader's language.
    """

    id: int
    cause: str
    thing: str
    aspect: str
    before: str
    after: str
    before_words: str
    after_words: str
    text: str
    at: dt.datetime


class DrawnThingOut(Schema):
    """Something that is drawn from the register."""

    reference: str
    name: str


class DrawnFactOut(Schema):
    """Where the service is in its life: a label in the asker's language, and what stands."""

    label: str
    value: str


class DrawnOut(Schema):
    """What the register says of the service: of what it consists, what it needs, who delivers and answers for it. At
    most 30 of each are given; the item has them all.
    """

    parts: list[DrawnThingOut]
    needs: list[DrawnThingOut]
    suppliers: list[DrawnThingOut]
    group: str | None
    facts: list[DrawnFactOut]


class ServicePartOut(Schema):
    """One part. Its text and fields are empty while it is a draft. Where the caller is not among its readers it
    `is_closed`, and its state is all that is told. `href` is where this API has it as a document. `drawn` is of the
    description alone.
    """

    part: str
    state: str
    is_closed: bool
    address: str | None
    href: str | None
    version: str | None
    has_draft: bool
    title: str
    text: str
    fields: dict[str, Any]
    drawn: DrawnOut | None
    reviewed_on: dt.date | None
    due_on: dt.date | None
    valid_to: dt.date | None
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


class GapsAsked(ListAsked):
    """Of which services: `filter` as for items."""

    filter: str = ""


class BegunOut(Schema):
    """The document of a part, to be written on under `/documents`."""

    model_config = example(address="SRV-4/orders", href="/api/v1/documents/SRV-4~orders", part="orders", version=1)

    address: str
    href: str
    part: str
    version: int


class PartStillTrueIn(Strict):
    """The doubts (their numbers) that were looked at; none where only the day of review has passed."""

    model_config = example(doubts=[14], text="Numret i texten är rätt.")

    doubts: list[int] = []
    text: str = ""
