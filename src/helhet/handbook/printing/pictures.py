"""Pictures that a print shows: those that were put into its very texts, small enough to be set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from helhet.documents.models import Document
from helhet.handbook.printing.pdf import can_be_set
from helhet.handbook.printing.tree import Block, Run
from helhet.items.attachments import content_of
from helhet.items.models import Attachment
from helhet.rules.picture_sizes import size_of

LARGEST, MOST = 6 * 1024 * 1024, 24 * 1024 * 1024
"""Bytes of one picture, and of all of a print."""
MILLION = 1_000_000
PIXELS, MOST_PIXELS = 20 * MILLION, 40 * MILLION
"""Pixels of one picture, and of all of a print: each is unpacked, at up to eight bytes a pixel, however small its file.
"""
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
WIDEST, HIGHEST = 430, 560
"""Points on an A4 page, in a list too; a pixel is three quarters of a point."""
_NUMBER = re.compile(r"/items/([^/?#\s]{1,40})/attachments/(\d{1,18})/\Z")


class Pictures:
    """Those of one print, of all its texts together: `files` by name."""

    def __init__(self) -> None:
        """They are taken as the texts that show them come."""
        self.files: dict[str, bytes] = {}
        self._bytes = self._pixels = 0

    def put_in(self, blocks: list[Block], document: Document) -> None:
        """Tell each run of a picture its file and its size in points; the words of one that is left out say why. Files
        of other texts have other readers: those stay words, as do pictures in tables and headings, and those that were
        removed.
        """
        shown: dict[int, list[Run]] = {}
        for run in _pictures(blocks):
            found = _NUMBER.match(run["src"])
            if found and found[1].upper() == document.item.reference:
                shown.setdefault(int(found[2]), []).append(run)
        if not shown:
            return
        kept = Attachment.objects.filter(item=document.item, part=document.part, removed_at=None).in_bulk(list(shown))
        for number, runs in shown.items():
            if number in kept:
                self._show(kept[number], runs)

    def _show(self, one: Attachment, runs: list[Run]) -> None:
        data = b"" if (why := self._why_unread(one)) else content_of(one)
        width, height = size_of(data) or (0, 0)
        why = why or self._why_unset(data, width * height)
        name = f"{one.pk}.{ENDINGS.get(one.content_type, '')}"
        if not why:
            # Counted also when it proves to be damaged: it was unpacked.
            self._bytes, self._pixels = self._bytes + len(data), self._pixels + width * height
            why = "" if can_be_set(name, data) else _("its file is damaged")
        if why:
            for run in runs:
                run["v"] = _("%(words)s (left out: %(why)s)") % {"words": run["v"], "why": why}
            return
        self.files[name] = data
        share = min(0.75, WIDEST / width, HIGHEST / height)
        for run in runs:
            run.update(file=name, width=round(width * share, 1), height=round(height * share, 1))

    def _why_unread(self, one: Attachment) -> str:
        if one.content_type not in ENDINGS:
            return _("it is no picture that can be printed")
        if one.size > LARGEST:
            return _("it is larger than %(most)d MiB") % {"most": LARGEST // 1024**2}
        if self._bytes + one.size > MOST:
            return _("the pictures of a print are %(most)d MiB at most") % {"most": MOST // 1024**2}
        return ""

    def _why_unset(self, data: bytes, pixels: int) -> str:
        """By its first bytes, before it is unpacked."""
        if not data:
            return _("its file is missing or altered on the server")
        if not pixels:
            return _("its file is damaged")
        if pixels > PIXELS:
            return _("it has more than %(most)d million pixels") % {"most": PIXELS // MILLION}
        if self._pixels + pixels > MOST_PIXELS:
            return _("the pictures of a print have %(most)d million pixels at most") % {"most": MOST_PIXELS // MILLION}
        return ""


def _pictures(within: Any) -> Iterator[Run]:
    if isinstance(within, list):
        for one in within:
            yield from _pictures(one)
    elif isinstance(within, dict) and within.get("t") == "image":
        yield within
    elif isinstance(within, dict) and within.get("t") not in {"table", "h"}:
        for value in within.values():
            yield from _pictures(value)
