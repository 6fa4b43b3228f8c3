"""`helhet document`: one document with its state, why it is doubted and its editions, or two editions compared."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.api.shapes import document_data, version_data
from helhet.documents.comparing import compared_data, pair_of
from helhet.documents.document_page import draft_says
from helhet.documents.doubting import open_doubts
from helhet.documents.finding import find_document
from helhet.documents.listing import standing_on
from helhet.documents.models import Document
from helhet.documents.reading import remarks_of
from helhet.documents.standing import draft_of, standing_of
from helhet.documents.telling import review_sum, told_change, told_doubts
from helhet.kit import spoken
from helhet.kit.command import DONE, Output
from helhet.kit.rights import Caller, the_system

SIGNS = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
"""How a terminal shows what was taken away and put in, as `git diff --word-diff` does."""


class DocumentCommand:
    """`helhet document ADDRESS [--compare FROM TO]`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which one, and what of it."""
        parser.add_argument("address", help="such as DOC-5, or a part such as SRV-12/orders")
        parser.add_argument(
            "--compare", nargs=2, metavar=("FROM", "TO"), help="two editions word by word, such as 1 2.1, or 2 draft"
        )

    def run(self, args: argparse.Namespace, out: Output) -> int:
        """Tell it."""
        caller = the_system(_("command line"))
        document = find_document(args.address, caller)
        if args.compare:
            _compare(document, caller, args.compare, out)
            return DONE
        if out.as_json:
            editions = [version_data(one) for one in document.versions.order_by("-pk")]
            out.json(document_data(document, timezone.localdate()) | {"editions": editions})
            return DONE
        for line in _lines(document, caller):
            out.line(line)
        return DONE


def _compare(document: Document, caller: Caller, asked: Sequence[str], out: Output) -> None:
    before, after, first, second = pair_of(document, caller, *asked)
    told = compared_data(first, second)
    if out.as_json:
        out.json({"before": before, "after": after} | told)
        return
    altered = [pieces for pieces in told.values() if any(piece["kind"] != "same" for piece in pieces)]
    for pieces in altered:
        out.line("".join(SIGNS[piece["kind"]].format(piece["text"]) for piece in pieces))
    if not altered:
        out.note(_("Both say the same."))


def _lines(document: Document, caller: Caller) -> Iterator[str]:
    day = timezone.localdate()
    title = document.published.title if document.published else document.item.name
    yield f"{document.address}  {title}"
    yield "  " + standing_on(document, day).words
    if document.published is not None:
        yield "  " + review_sum(document)
    for doubt in told_doubts(open_doubts(document)):
        yield f"  ! {told_change(doubt)}"
    draft = draft_of(document)
    if draft is not None:
        yield "  " + draft_says(document, draft, standing_of(document, caller, draft))
    open_remarks = [one for one in remarks_of(document) if one.remark.settled_at is None]
    for seen in open_remarks:
        yield f"  ? {seen.remark.by}: {seen.remark.text}"
    for one in document.versions.order_by("-pk"):
        approved = _("approved by %(name)s") % {"name": one.approved_by} if one.approved_by else ""
        parts = (one.number, spoken.day(one.published_at), one.written_by, approved, one.note)
        yield "  " + "  ".join(part for part in parts if part)
