"""Pictures that a print shows: those that were put into the very text, small enough to be set."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from helhet.documents.models import Document
from helhet.handbook.printing.pdf import can_be_set
from helhet.handbook.printing.tree import Block, Run
from helhet.items.attachments import place_of
from helhet.items.models import Attachment
from helhet.rules.picture_sizes import size_of

LARGEST, MOST = 6 * 1024 * 1024, 24 * 1024 * 1024
"""Bytes of one picture, and of all of a text."""
PIXELS = 20_000_000
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
WIDEST, HIGHEST = 430, 560
"""Points on an A4 page, in a list too; a pixel is three quarters of a point."""
_NUMBER = re.compile(r"/items/([^/?#\s]{1,40})/attachments/(\d{1,18})/\Z")


def put_in(blocks: list[Block], document: Document) -> dict[str, bytes]:
    """Tell each run of a picture its file and its size in points; the files by name. Files of other texts have other
    readers: those stay words, as do pictures in tables and headings, and those that are too large or no longer there.
    """
    shown: dict[int, list[Run]] = {}
    for run in _pictures(blocks):
        found = _NUMBER.match(run["src"])
        if found and found[1].upper() == document.item.reference:
            shown.setdefault(int(found[2]), []).append(run)
    if not shown:
        return {}
    files: dict[str, bytes] = {}
    rows = Attachment.objects.filter(
        item=document.item, part=document.part, pk__in=shown, removed_at=None, size__lte=LARGEST,
        content_type__in=ENDINGS,
    )  # fmt: skip
    for one in rows.order_by("pk"):
        data = _content(one)
        size = size_of(data)
        if size is None or not 0 < size[0] * size[1] <= PIXELS or sum(map(len, files.values())) + len(data) > MOST:
            continue
        name = f"{one.pk}.{ENDINGS[one.content_type]}"
        if not can_be_set(name, data):
            continue
        files[name] = data
        share = min(0.75, WIDEST / size[0], HIGHEST / size[1])
        for run in shown[one.pk]:
            run.update(file=name, width=round(size[0] * share, 1), height=round(size[1] * share, 1))
    return files


def _content(one: Attachment) -> bytes:
    """Its file; nothing where that is missing or is not what was kept."""
    try:
        data = place_of(one).read_bytes()
    except OSError:
        return b""
    return data if hashlib.sha256(data).hexdigest() == one.sha256 else b""


def _pictures(within: Any) -> Iterator[Run]:
    if isinstance(within, list):
        for one in within:
            yield from _pictures(one)
    elif isinstance(within, dict) and within.get("t") == "image":
        yield within
    elif isinstance(within, dict) and within.get("t") not in {"table", "h"}:
        for value in within.values():
            yield from _pictures(value)
