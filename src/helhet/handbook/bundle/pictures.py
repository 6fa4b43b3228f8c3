"""Pictures that texts show: those that the audience may see are put beside the pages, small ones and so many."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from helhet.documents.models import Document
from helhet.handbook.bundle.holding import DocumentLine, Holding, hidden_among, readable_by
from helhet.handbook.bundle.placing import Writing
from helhet.items.attachments import content_of
from helhet.items.models import Attachment, Presence

LARGEST = 2 * 1024 * 1024
MOST = 200 * 1024 * 1024
"""Bytes of one picture, and of all pictures of a copy: it must fit on a stick, and be made every quarter of an hour."""
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_SHOWN = re.compile(r"/items/([^/?#\s]{1,40})/attachments/(\d{1,18})/")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A picture that a document shows and this copy does not, and why."""

    line: DocumentLine
    name: str
    why: str


class Pictures:
    """`files` is the file by the number of the attachment, `left_out` what is not among them."""

    def __init__(self, holding: Holding, writing: Writing) -> None:
        """They are written as the texts that show them come."""
        self.files: dict[int, str] = {}
        self.left_out: list[LeftOut] = []
        self._holding, self._writing, self._size = holding, writing, 0

    def take(self, texts: Iterable[tuple[DocumentLine, str]]) -> None:
        """Put in what these texts show."""
        wanted: dict[int, list[tuple[DocumentLine, str]]] = {}
        for line, text in texts:
            for reference, number in _SHOWN.findall(text):
                wanted.setdefault(int(number), []).append((line, reference.upper()))
        if not wanted:
            return
        rows = Attachment.objects.filter(pk__in=wanted, removed_at__isnull=True, item__presence=Presence.HERE)
        kept = {one.pk: one for one in self._of_the_audience(list(rows.select_related("item")))}
        for number, shown_by in wanted.items():
            one = kept.get(number)
            for line, reference in shown_by:
                # What is gone or another's is told by its words alone, as a name would tell of it.
                if one is None or one.item.reference != reference:
                    continue
                why = "" if number in self.files else self._put(one)
                if why:
                    self.left_out.append(LeftOut(line, one.name, why))

    def _of_the_audience(self, rows: list[Attachment]) -> list[Attachment]:
        """Files of a document are its readers'; those of an item that is no document are the register's."""
        items = {one.item_id for one in rows}
        theirs = readable_by(self._holding.audience).filter(item__in=items)
        readable = set(theirs.values_list("item_id", "part"))
        written = set(Document.objects.filter(Q(part=""), item__in=items).values_list("item_id", flat=True))
        hidden = hidden_among(self._holding, items)
        return [
            one for one in rows
            if (one.item_id, one.part) in readable
            or not (one.part or one.item_id in written or one.item_id in hidden)
        ]  # fmt: skip

    def _put(self, one: Attachment) -> str:
        """Write it; why not, in words, where it is left out."""
        if one.content_type not in ENDINGS:
            return _("it is no picture that every browser shows")
        if one.size > LARGEST:
            return _("it is larger than %(most)d MiB") % {"most": LARGEST // 1024**2}
        if self._size + one.size > MOST:
            told = _("the pictures before it fill the %(most)d MiB that a copy has for them")
            return told % {"most": MOST // 1024**2}
        data = content_of(one)
        if not data:
            return _("its file is missing or altered on the server")
        name = f"pictures/{one.pk}.{ENDINGS[one.content_type]}"
        self._writing.add(name, data)
        self.files[one.pk], self._size = name, self._size + len(data)
        return ""
