"""What the API takes and gives of what is added to an item: comments, files, links."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Schema
from pydantic import StringConstraints

from helhet.estate.api.schemas import NamedOut, Text, Word
from helhet.kit.api import Strict
from helhet.kit.api_examples import example


class CommentIn(Strict):
    """What somebody says."""

    model_config = example(text="Flyttas till nya hallen i maj.")

    text: Annotated[Text, StringConstraints(max_length=100_000)]


class CommentOut(Schema):
    """What somebody said."""

    model_config = example(id=9, author="Siv Ek", text="Flyttas till nya hallen i maj.", at="2026-05-04T08:30:00Z")

    id: int
    author: str
    text: str
    at: dt.datetime


class AttachmentOut(Schema):
    """A file kept with an item."""

    model_config = example(
        id=5,
        name="avtal.pdf",
        content_type="application/pdf",
        size=48213,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        author="Siv Ek",
        at="2026-05-04T08:30:00Z",
    )

    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    author: str
    at: dt.datetime


class LinkIn(Strict):
    """A link from this item to another."""

    model_config = example(to="DOC-8", type="documented_by")

    to: Word
    type: Word


class LinkOut(Schema):
    """A link; `direction` is `out` where it starts here."""

    model_config = example(
        id=3, type="documented_by", direction="out", item={"reference": "DOC-8", "name": "Driftplan"}
    )

    id: int
    type: str
    direction: Literal["out", "in"]
    item: NamedOut
