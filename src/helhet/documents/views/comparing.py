"""Any two versions of a document side by side in one text, the draft too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helhet.documents.document_page import address_of, crumbs_of
from helhet.documents.finding import find_document
from helhet.documents.models import Document
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import Written, plain_fields
from helhet.documents.standing import draft_for
from helhet.kit.errors import NotFound
from helhet.kit.rights import Caller
from helhet.kit.web import Request, page
from helhet.rules.comparing import Piece, compare

DRAFT = "draft"
AROUND = 4
"""Lines that are shown before and after what was altered."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces to show; or, with `folded`, that many lines that stand in both and are shown when asked for."""

    pieces: list[Piece]
    folded: int = 0


@page(DocumentPermission.VIEW)
def comparing(request: Request, address: str) -> HttpResponse:
    """`?from=1&to=2.1`; with nothing said, the draft against what is published, or the last two editions."""
    found = find_document(address, request.caller)
    choices = choices_of(found, request.caller)
    before, after = _chosen(choices, request.GET.get("from", ""), 1), _chosen(choices, request.GET.get("to", ""), 0)
    first, second = choices.get(before), choices.get(after)
    context = {
        "document": found, "crumbs": crumbs_of(found), "choices": [(key, _name(key)) for key in choices],
        "before": before, "after": after, "before_name": _name(before), "after_name": _name(after),
        "titles": told(first.title, second.title) if first and second else [],
        "lines": told(first.text, second.text) if first and second else [],
        "fields": told(plain_fields(first), plain_fields(second)) if first and second else [],
        "back_url": address_of("document", found),
    }  # fmt: skip
    return render(request, "documents/compare.html", context)


def choices_of(found: Document, caller: Caller) -> dict[str, Written]:
    """What the caller can compare, the newest first: `draft`, then each version by its number."""
    draft = draft_for(found, caller)
    versions = {one.number: one for one in found.versions.all()}
    return {DRAFT: draft, **versions} if draft is not None else {**versions}


def pair_of(found: Document, caller: Caller, before: str, after: str) -> tuple[str, str, Written, Written]:
    """The two that are asked for, with what they are called. Raises NotFound where nothing is written yet."""
    choices = choices_of(found, caller)
    keys = _chosen(choices, before, 1), _chosen(choices, after, 0)
    if not choices:
        raise NotFound(_("There is nothing yet to compare with."), where=found.address)
    return *keys, choices[keys[0]], choices[keys[1]]


def _chosen(choices: dict[str, Written], asked: str, otherwise: int) -> str:
    if asked:
        if asked not in choices:
            raise NotFound(_("There is no edition %(number)s.") % {"number": asked[:20]}, where=asked[:20])
        return asked
    keys = list(choices)
    return keys[min(otherwise, len(keys) - 1)] if keys else ""


def _name(key: str) -> str:
    return _("the draft") if key == DRAFT else _("edition %(number)s") % {"number": key}


def told(before: str, after: str) -> list[Stretch]:
    """What was altered, with a few lines around it; long stretches that stand in both are folded."""
    pieces = compare(before, after)
    if all(piece.kind == "same" for piece in pieces):
        return []
    return list(_folded(pieces))


def _folded(pieces: list[Piece]) -> Iterator[Stretch]:
    shown: list[Piece] = []
    for place, piece in enumerate(pieces):
        lines = piece.text.split("\n")
        first, last = place == 0, place == len(pieces) - 1
        head, tail = (0 if first else AROUND), (0 if last else AROUND)
        if piece.kind != "same" or len(lines) <= head + tail + AROUND:
            shown.append(piece)
            continue
        if head:
            shown.append(Piece("same", "\n".join(lines[:head]) + "\n"))
        if shown:
            yield Stretch(shown)
        middle = lines[head : len(lines) - tail]
        yield Stretch([Piece("same", "\n".join(middle) + ("\n" if tail else ""))], folded=len(middle))
        shown = [Piece("same", "\n".join(lines[len(lines) - tail :]))] if tail else []
    if shown:
        yield Stretch(shown)
