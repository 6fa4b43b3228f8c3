"""Shapes of the API of documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from ninja import Schema

from helhet.documents.addressing import href_of
from helhet.documents.altered_values import altered_words
from helhet.documents.doubting import open_doubts
from helhet.documents.listing import standing_on
from helhet.documents.models import Document, Doubt, Draft, DraftText, Version
from helhet.documents.standing import draft_of
from helhet.documents.telling import aspect_word
from helhet.kit.api import Strict
from helhet.kit.api_examples import example


class DocumentRow(Schema):
    """A document in a list. `state` is in the asker's language; `due_on` is when it is to be reviewed next. `href` is
    where this API has it.
    """

    model_config = example(
        address="RUT-3", href="/api/v1/documents/RUT-3", title="Omstart av integrationsmotor",
        sort="routine", language="sv", state="gäller", edition="2", reviewed_on="2026-06-03",
        due_on="2027-06-03", edited_on="2026-06-03", is_doubtful=False,
    )  # fmt: skip

    address: str
    href: str
    title: str
    sort: str
    language: str
    state: str
    edition: str | None
    reviewed_on: dt.date | None
    due_on: dt.date | None
    edited_on: dt.date | None
    is_doubtful: bool


class DoubtOut(Schema):
    """A reason to check a document. `cause`: changed, reported, failed or hand; `aspect` says what was altered,
    `before` and `after` are its values as they are kept, `before_words` and `after_words` in the reader's language.
    """

    model_config = example(
        id=7, cause="changed", noun="item", noun_id=12, aspect="the state", before="live", after="retired",
        before_words="live", after_words="retired", text="", at="2026-11-12T08:00:00Z", by="helhet",
    )  # fmt: skip

    id: int
    cause: str
    noun: str
    noun_id: int | None
    aspect: str
    before: str
    after: str
    before_words: str
    after_words: str
    text: str
    at: dt.datetime
    by: str


class DocumentOut(DocumentRow):
    """A document with its published text. `draft` is the draft's version where there is one, else 0."""

    model_config = example(
        address="RUT-3", href="/api/v1/documents/RUT-3", title="Omstart av integrationsmotor",
        sort="routine", language="sv", state="gäller", edition="2", reviewed_on="2026-06-03",
        due_on="2027-06-03", edited_on="2026-06-03", is_doubtful=False,
        text="Stoppa inflödet.", structured={}, valid_from=None, valid_to=None, review_count=12, review_unit="month",
        audiences=["all"], about=["SRV-4"], approved_by="Karin Sjöström", draft=0, doubts=[], version=4,
    )  # fmt: skip

    text: str
    structured: dict[str, Any]
    valid_from: dt.date | None
    valid_to: dt.date | None
    review_count: int | None
    review_unit: str
    audiences: list[str]
    about: list[str]
    approved_by: str
    draft: int
    doubts: list[DoubtOut]
    version: int


class DocumentIn(Strict):
    """A new document. With `item` and `part` it is that part of the item's documentation. The same `key`, which the
    sender makes up, and title give the same document.
    """

    model_config = example(title="Omstart", sort="routine", text="Stoppa inflödet.", about=["SRV-4"], group="GRP-3")

    title: str
    sort: str = "other"
    language: str = "sv"
    item: str = ""
    part: str = ""
    text: str = ""
    structured: dict[str, Any] = {}
    about: list[str] = []
    audiences: list[str] = ["all"]
    group: str = ""
    note: str = ""
    key: str = ""


class DocumentPatch(Strict):
    """Facts to be set."""

    model_config = example(review_count=12, review_unit="month")

    sort: str = ""
    language: str = ""
    review_count: int | None = None
    review_unit: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    about: list[str] = []


class DraftIn(Strict):
    """What is to be saved in the draft; what is left out stays."""

    model_config = example(text="Stoppa inflödet först.", note="Ordningen")

    title: str = ""
    text: str = ""
    structured: dict[str, Any] = {}
    note: str = ""


class SavedIn(DraftIn):
    """The same, and with `base` the edition that a draft which is begun was written from; empty for none."""

    model_config = example(text="Stoppa inflödet först.", note="Ordningen", base="2")

    base: str = ""


class DraftOut(Schema):
    """The draft. `base` is the edition that it began from; `state`: writing, review or approved."""

    model_config = example(
        address="RUT-3", href="/api/v1/documents/RUT-3", state="writing", title="Omstart",
        text="Stoppa inflödet.", structured={}, base="2", note="", writers=["Elin Björk"],
        changed_at="2026-11-06T09:00:00Z", version=3,
    )  # fmt: skip

    address: str
    href: str
    state: str
    title: str
    text: str
    structured: dict[str, Any]
    base: str | None
    note: str
    writers: list[str]
    changed_at: dt.datetime
    version: int


class DraftTextOut(Schema):
    """A text that was saved in a draft, under the version that the draft had then."""

    model_config = example(
        version=3, title="Omstart", text="Stoppa inflödet.", structured={}, by="Elin Björk", at="2026-11-06T09:00:00Z"
    )

    version: int
    title: str
    text: str
    structured: dict[str, Any]
    by: str
    at: dt.datetime


class EditionOut(Schema):
    """A published edition."""

    model_config = example(
        number="2", title="Omstart", text="Stoppa inflödet.", structured={}, note="", written_by="Elin Björk",
        reviewed_by="", approved_by="Karin Sjöström", published_at="2026-06-03T09:00:00Z",
    )  # fmt: skip

    number: str
    title: str
    text: str
    structured: dict[str, Any]
    note: str
    written_by: str
    reviewed_by: str
    approved_by: str
    published_at: dt.datetime


class VerdictIn(Strict):
    """A yes or no in `review` or `approval`; a no has words."""

    model_config = example(step="approval", is_yes=True, text="")

    step: str
    is_yes: bool
    text: str = ""


class DraftNoteIn(Strict):
    """What has been altered."""

    model_config = example(note="Ny ordning")

    note: str = ""


class DocumentWhyIn(Strict):
    """Why."""

    model_config = example(reason="Ersatt av RUT-9")

    reason: str = ""


class ReadersIn(Strict):
    """Keys of audiences."""

    model_config = example(audiences=["operations"])

    audiences: list[str]


class ReviewedIn(Strict):
    """The day of the review; today when left out."""

    model_config = example(on="2026-11-28")

    on: dt.date | None = None
    text: str = ""


class DoubtIn(Strict):
    """What is to be checked."""

    model_config = example(text="Kommandot heter något annat nu")

    text: str


class StillTrueIn(Strict):
    """The doubts that were looked into: their numbers."""

    model_config = example(doubts=[7], text="Läst mot handboken")

    doubts: list[int]
    text: str = ""


def row_data(document: Document, day: dt.date) -> dict[str, Any]:
    """A row of the list."""
    published = document.published
    return {
        "address": document.address, "href": href_of(document.address),
        "title": published.title if published else document.item.name,
        "sort": document.sort, "language": document.language, "state": standing_on(document, day).words,
        "edition": published.number if published else None, "reviewed_on": document.reviewed_on,
        "due_on": document.due_on, "edited_on": document.edited_on, "is_doubtful": document.is_doubtful,
    }  # fmt: skip


def document_data(document: Document, day: dt.date) -> dict[str, Any]:
    """One document."""
    published, draft = document.published, draft_of(document)
    return {
        **row_data(document, day), "text": published.text if published else "",
        "structured": published.fields if published else {}, "valid_from": document.valid_from,
        "valid_to": document.valid_to, "review_count": document.review_count, "review_unit": document.review_unit,
        "audiences": [one.key for one in document.audiences.all()],
        "about": [row.item.reference for row in document.about.select_related("item").order_by("item__name_key")],
        "approved_by": published.approved_by if published else "", "draft": draft.version if draft else 0,
        "doubts": doubts_data(open_doubts(document)), "version": document.version,
    }  # fmt: skip


def doubts_data(doubts: Sequence[Doubt]) -> list[dict[str, Any]]:
    """Doubts."""
    words = altered_words(doubts)
    return [
        {"id": one.pk, "cause": one.cause, "noun": one.noun, "noun_id": one.noun_id,
         "aspect": aspect_word(one.aspect) if one.aspect else "", "before": one.before, "after": one.after,
         "before_words": words[one.pk][0], "after_words": words[one.pk][1],
         "text": one.text, "at": one.at, "by": one.by}
        for one in doubts
    ]  # fmt: skip


def draft_data(draft: Draft) -> dict[str, Any]:
    """The draft."""
    return {
        "address": draft.document.address, "href": href_of(draft.document.address),
        "state": draft.state, "title": draft.title, "text": draft.text,
        "structured": draft.fields, "base": draft.base.number if draft.base else None, "note": draft.note,
        "writers": draft.writers, "changed_at": draft.changed_at, "version": draft.version,
    }  # fmt: skip


def version_data(one: Version) -> dict[str, Any]:
    """An edition."""
    names = ("number", "title", "text", "note", "written_by", "reviewed_by", "approved_by", "published_at")
    return {name: getattr(one, name) for name in names} | {"structured": one.fields}


def draft_text_data(one: DraftText) -> dict[str, Any]:
    """A saved text."""
    names = ("version", "title", "text", "by", "at")
    return {name: getattr(one, name) for name in names} | {"structured": one.fields}
